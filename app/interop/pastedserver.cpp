// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/pastedserver.h"

#include <algorithm>

namespace mooring::interop {

QList<Blank> PastedServer::blanks() const
{
    QList<Blank> all = url.blanks();
    for (const PastedHeader &header : headers) {
        all += header.value.blanks();
    }
    QList<Blank> each;
    for (const Blank &blank : all) {
        const auto isSame = [&blank](const Blank &other) { return other.name == blank.name; };
        if (std::none_of(each.cbegin(), each.cend(), isSame)) {
            each.append(blank);
        }
    }
    return each;
}

PastedServer PastedServer::filled(const QHash<QString, QString> &values) const
{
    PastedServer server = *this;
    server.url = url.filled(values);
    for (PastedHeader &header : server.headers) {
        header.value = header.value.filled(values);
    }
    return server;
}

} // namespace mooring::interop
