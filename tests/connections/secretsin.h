// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/fakeserver.h"

#include <cstdio>

namespace mooring::test {

/// What secretsIn() has looked at and found so far.
struct WrongParty {
    qsizetype requests = 0;
    qsizetype bytes = 0;
    qsizetype secrets = 0;

    static WrongParty &total()
    {
        static WrongParty all;
        return all;
    }
    void print() const
    {
        std::printf("figure: wrong party: %lld requests, %lld bytes, secrets in them %lld\n",
                    static_cast<long long>(requests), static_cast<long long>(bytes),
                    static_cast<long long>(secrets));
        std::fflush(stdout);
    }
};

/// The requests that carry something that was issued, or belongs to a sign-in.
inline QStringList secretsIn(const support::FakeServer &server)
{
    QStringList found;
    WrongParty &total = WrongParty::total();
    for (const support::FakeRequest &request : server.requests()) {
        QByteArray all = request.target + request.body;
        for (const auto &[name, value] : request.headers.fields()) {
            all += name + value;
        }
        ++total.requests;
        total.bytes += all.size();
        for (const char *secret : {"canary-", "code_verifier", "client_secret", "refresh_token="}) {
            if (all.contains(secret)) {
                found.append(QString::fromLatin1(request.method + ' ' + request.path() + ' ' + secret));
            }
        }
    }
    total.secrets += found.size();
    return found;
}

} // namespace mooring::test
