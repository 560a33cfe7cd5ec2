// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/authorizer.h"

#include <memory>

namespace mooring::connections {

class Connection;

/// Puts a connection's credential on requests to its server, and to nobody else: the stamp of the
/// credential is compared with the address of each request.
class Credentials final : public mcp::Authorizer {
public:
    /// How much of what a connection has goes along.
    enum class Extent {
        All,
        BesideSignIn, ///< headers and a key in the address: to look at a server without spending a token
    };

    Credentials(std::weak_ptr<Connection> connection, Extent extent)
        : m_connection(std::move(connection))
        , m_extent(extent)
    {
    }

    Key key() const override;
    base::Task<base::Result<http::Request>> authorize(http::Request request, std::stop_token stop) override;
    base::Task<base::Result<void>> onChallenge(http::Request sent, http::ResponseHead refusal,
                                               QList<oauth::Challenge> challenges,
                                               std::stop_token stop) override;
    base::Task<base::Result<bool>> onDoubt(http::Request sent, std::stop_token stop) override;
    void onStillRefused(const http::Request &sent) override;
    void onAccepted(const http::Request &sent, const http::ResponseHead &head) override;

private:
    /// The server wants more rights: whether, and what, to ask the person.
    static base::Error onMissingScope(const std::shared_ptr<Connection> &self,
                                      const oauth::ChallengeInfo &info, const QString &host);
    /// Other processes must know too that a token which followed a refusal is good.
    static base::Task<void> noteAccepted(std::shared_ptr<Connection> self, qint64 generation);
    /// The same for one that has brought nothing.
    static base::Task<void> noteVain(std::shared_ptr<Connection> self, qint64 generation);

    /// With the headers and the key in the address.
    static base::Task<base::Result<http::Request>> withFurther(std::shared_ptr<Connection> self,
                                                               http::Request request, bool withSecretHeaders,
                                                               std::stop_token stop);
    static base::Task<base::Result<http::Request>> withKey(std::shared_ptr<Connection> self,
                                                           http::Request request, std::stop_token stop);
    static base::Task<base::Result<http::Request>> withToken(std::shared_ptr<Connection> self,
                                                             http::Request request, std::stop_token stop);

    std::weak_ptr<Connection> m_connection;
    Extent m_extent;
};

} // namespace mooring::connections
