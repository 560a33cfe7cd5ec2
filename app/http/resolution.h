// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"
#include "http/urlpolicy.h"

#include <QHash>
#include <QList>

#include <functional>

namespace mooring::http {

using Addresses = QList<QHostAddress>;

/// The addresses of a host name, never none, in the order in which to try them. Errors: Network (there is no
/// such host), Timeout, Cancelled.
using Resolver = std::function<base::Task<base::Result<Addresses>>(
    QString host, std::chrono::milliseconds deadline, std::stop_token stop)>;

/// The Resolver of the system.
base::Task<base::Result<Addresses>> lookUp(QString host, std::chrono::milliseconds deadline,
                                           std::stop_token stop);

/// The rule of AddressClass where it counts: not for what a URL looks like, which UrlPolicy judges, but for
/// where its name leads. A name is the word of whoever owns it, and may lead to our router or to us.
///
/// How near a server is itself is also only known from where its name leads: a company's server may name
/// others of the company's network. But once a name has led into the internet it counts as far away for the
/// life of the process, or it could lead somewhere near just for as long as it takes.
class Resolution final {
public:
    explicit Resolution(Resolver resolver)
        : m_resolver(std::move(resolver))
    {
    }

    /// The addresses to connect to for `url`, all judged; nobody else may resolve the name again, for the
    /// next answer may be another. None where there is nothing to judge: `namedBy` (the address that the
    /// person typed, whose server has named `url`) is empty, of the same origin or on this computer; or a
    /// proxy does the connecting, and then `url` is only judged if its name is known here too. Errors:
    /// RefusedByPolicy if any of the addresses is nearer than the server; those of Resolver.
    ///
    /// What would go without encryption is always judged, whoever named it, and goes to no proxy: each of the
    /// addresses has to be on this network, or it is refused.
    base::Task<base::Result<Addresses>>
    addressesFor(QUrl url, QUrl namedBy, std::chrono::milliseconds deadline, std::stop_token stop);

    /// Qt has one word for a name that isn't there and for names that nobody can look up now; this tells them
    /// apart. For nothing else: nothing is judged.
    base::Task<base::Result<Addresses>> lookUpAgain(QUrl url, std::chrono::milliseconds deadline,
                                                    std::stop_token stop);

private:
    base::Task<base::Result<Addresses>> plainAddressesFor(QUrl url, std::chrono::milliseconds deadline,
                                                          std::stop_token stop);
    base::Task<AddressClass> classOfServer(QUrl typed, std::chrono::milliseconds deadline,
                                           std::stop_token stop);

    Resolver m_resolver;
    /// Of each typed server's host, the farthest that it has been seen.
    QHash<QString, AddressClass> m_farthest;
};

} // namespace mooring::http
