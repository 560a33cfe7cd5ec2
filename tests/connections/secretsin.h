// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/fakeserver.h"

namespace mooring::test {

/// The requests that carry something that was issued, or belongs to a sign-in.
inline QStringList secretsIn(const support::FakeServer &server)
{
    QStringList found;
    for (const support::FakeRequest &request : server.requests()) {
        QByteArray all = request.target + request.body;
        for (const auto &[name, value] : request.headers.fields()) {
            all += name + value;
        }
        for (const char *secret : {"canary-", "code_verifier", "client_secret", "refresh_token="}) {
            if (all.contains(secret)) {
                found.append(QString::fromLatin1(request.method + ' ' + request.path() + ' ' + secret));
            }
        }
    }
    return found;
}

} // namespace mooring::test
