// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/pastedrequest.h"

#include "interop/headervalue.h"
#include "ui/widgets/excerpt.h"

namespace mooring::ui {

using connections::TypedHeader;

QList<TypedHeader> completeHeaders(const interop::PastedServer &server)
{
    QList<TypedHeader> headers;
    for (const interop::PastedHeader &header : server.headers) {
        if (header.value.isComplete() && !header.value.isEmpty()) {
            headers.append({header.name, interop::readHeaderValue(header.name, header.value.text()).value,
                            header.isSecret});
        }
    }
    return headers;
}

QStringList missingIn(const interop::PastedServer &server)
{
    QStringList names;
    const QList<interop::Blank> blanks = server.blanks();
    for (const interop::Blank &blank : blanks) {
        names.append(shownText(blank.name, 60));
    }
    return names;
}

oauth::SignInSettings settingsOf(const interop::PastedServer &server)
{
    oauth::SignInSettings settings;
    settings.redirectPort = server.callbackPort;
    settings.extraScopes = server.scopes;
    return settings;
}

} // namespace mooring::ui
