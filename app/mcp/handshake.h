// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "mcp/initializeresult.h"
#include "mcp/negotiatedprotocol.h"
#include "mcp/serverstream.h"

namespace mooring::mcp {

/// What to do with a 401 that a request with credentials gets.
enum class Refusals {
    Settle, ///< the Authorizer decides whether it is sent once more
    GiveBack, ///< it is the answer
};

/// How the requests of a handshake are sent. In this a link and a probe differ, see Handshake.
class HandshakeTransport {
public:
    /// What a handshake goes on to, after an answer that has not settled it.
    enum class Turn {
        SameVersion, ///< the version is refused and offered at once
        Initialize, ///< no server of 2026-07-28
        OlderVersion, ///< initialize, with another version than the one that was refused
        HttpSse, ///< no answer to initialize that a server with sessions gives
        Endpoint, ///< HTTP+SSE: the stream is there, and has told where POSTs go
    };

    HandshakeTransport() = default;
    virtual ~HandshakeTransport() = default;
    Q_DISABLE_COPY_MOVE(HandshakeTransport)

    /// Where the server is; redirects move it.
    virtual QUrl url() const = 0;
    virtual http::Client &client() = 0;
    /// One request and its answer of any status. Errors end the handshake.
    virtual base::Task<base::Result<Answer>> send(NegotiatedProtocol protocol, Call call, Refusals refusals,
                                                  std::stop_token stop) = 0;
    /// The stream of HTTP+SSE, within `patience`. Errors end the handshake.
    virtual base::Task<base::Result<ServerStream::Opening>>
    openStream(NegotiatedProtocol protocol, std::chrono::milliseconds patience, std::stop_token stop) = 0;
    /// A 401 or 403 to server/discover: whether initialize may get another answer. Gateways exist that refuse
    /// a method that they don't know, although the credentials are good.
    virtual bool mayRefuseOnlyTheMethod(const Answer &answer) const = 0;
    /// For a report. `offered` is the version that comes next, with OlderVersion.
    virtual void onTurn(Turn turn, const Answer &answer, const QString &asked, const QString &offered)
    {
        Q_UNUSED(turn)
        Q_UNUSED(answer)
        Q_UNUSED(asked)
        Q_UNUSED(offered)
    }
};

/// Finds out which protocol a server speaks, and agrees on a version: server/discover (2026-07-28), else
/// initialize (2025-11-25 and older), else the stream of HTTP+SSE (2024-11-05); MCP 2026-07-28, Streamable
/// HTTP, "Backward Compatibility". A link and a probe ask the same questions in the same order and read the
/// answers in the same way. They differ in these points, each of which is an option here or in
/// HandshakeTransport:
///
/// - What is known. A link begins with the era and the version of last time, a probe is there to find out.
/// - Refusals. A link has credentials and settles a 401 with its Authorizer, once initialize has told that it
/// is
///   not only the method that is refused; a probe spends no token, and to it the refusal is the finding.
/// - Answers that speak of the token without a 401 (hiddenrefusal.h), and pages of firewalls (blockage.h): a
/// link
///   looks for the former, because it has sent a token, a probe for the latter, because it has to say who is
///   in the way.
/// - Repetition. A probe asks again when a server is out of order, since nothing that it sends does anything;
/// a
///   link leaves that to whoever uses it.
/// - Trouble with the stream of HTTP+SSE is an error to a link, which has been told that there is one or has
///   nothing left to try. To a probe there is no such server then, and initialize has told what there is.
/// - The end. A link completes the handshake (complete()); a probe ends at once the session that it has
/// begun.
/// - The verdict on an answer that settles nothing: see Link and probe(). A link may know that there has been
/// a
///   server before.
class Handshake final {
public:
    struct Options {
        base::Deadlines deadlines = {};
        /// What is known from last time.
        Era known = Era::Unknown;
        /// ServerInfo::offered of last time; empty for the newest version.
        QString offered = {};
        QJsonObject clientInfo = ownClientInfo();
        QJsonObject capabilities = {};
        /// Whether a refusal is settled (Refusals::Settle) or ends it.
        bool settlesRefusals = false;
    };

    /// How it ended, if not with an error.
    struct Outcome {
        /// What the last answer says; InitializeResult::Fit::Agreed with what was agreed in `protocol`.
        InitializeResult result = {};
        NegotiatedProtocol protocol = {};
        /// The last answer. Of HTTP+SSE without a stream or an endpoint only the head of the GET.
        Answer answer = {};
        /// The server wants to know who we are, or takes offence at the token.
        bool isRefused = false;
        /// HTTP+SSE was tried, and there is no such stream.
        bool hasNoStream = false;
        /// The answer to initialize, as far as it was asked.
        Answer toInitialize = {};
        /// What the server has said of versions, but for those that Mooring knows.
        bool hasSpokenOfVersions = false;
        QStringList versions = {};

        bool isAgreed() const { return result.fit == InitializeResult::Fit::Agreed; }
        /// No other request could tell more.
        bool isSettled() const;
    };

    /// The transport outlives the handshake.
    Handshake(HandshakeTransport &transport, Options options);

    /// Once. Errors: those of the transport; RefusedByPolicy for an endpoint of another origin.
    base::Task<base::Result<Outcome>> run(std::stop_token stop);
    /// Completes an agreement by initialize with notifications/initialized (MCP 2025-11-25, "Lifecycle").
    /// Errors: Protocol for a session id that can't be sent back, Cancelled.
    base::Task<base::Result<void>> complete(NegotiatedProtocol protocol, std::stop_token stop);

    /// For every request of a handshake, and for what nobody waits for.
    static http::Limits limits(const base::Deadlines &deadlines);

private:
    base::Task<base::Result<Outcome>> tryUnknown(QList<Era> *left, std::stop_token stop);
    base::Task<base::Result<Outcome>> tryEra(Era era, Refusals refusals, std::stop_token stop);
    base::Task<base::Result<Outcome>> tryDiscover(Refusals refusals, std::stop_token stop);
    base::Task<base::Result<Outcome>> tryHttpSse(std::stop_token stop);
    base::Task<base::Result<Outcome>> tryInitialize(NegotiatedProtocol protocol, Refusals refusals,
                                                    std::stop_token stop);
    bool isHopeless(Era era) const;
    void announce(Era next, const Outcome &last);
    void noteVersions(const InitializeResult &result);
    NegotiatedProtocol newProtocol(Era era) const;
    Outcome finished(Outcome outcome) const;

    HandshakeTransport &m_transport;
    Options m_options;
    QString m_offered;
    Answer m_toInitialize;
    bool m_hasSpokenOfVersions = false;
    QStringList m_versions;
};

} // namespace mooring::mcp
