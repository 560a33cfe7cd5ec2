// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/otheraddresses.h"

namespace mooring::interop {

using namespace Qt::StringLiterals;

QList<QUrl> otherAddresses(const QUrl &url)
{
    QString path = url.path(QUrl::FullyEncoded);
    while (path.endsWith(u'/')) {
        path.chop(1);
    }
    const QString last = path.section(u'/', -1).toLower();
    if (last == "mcp"_L1 || last == "sse"_L1) {
        return {};
    }
    const QStringList endings = path.isEmpty() ? QStringList{u"/mcp"_s, u"/sse"_s} : QStringList{u"/mcp"_s};
    QList<QUrl> others;
    for (const QString &ending : endings) {
        QUrl other = url;
        other.setPath(path + ending, QUrl::StrictMode);
        others.append(other);
    }
    return others;
}

} // namespace mooring::interop
