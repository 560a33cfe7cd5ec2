// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "http/steps.h"
#include "mcp/protocol.h"
#include "oauth/discovery.h"

#include <QDateTime>

#include <optional>

namespace mooring::mcp {

/// What there is at a URL.
struct ProbeReport {
    enum class Verdict {
        Open, ///< an MCP server that lets us in; with `discovery`, some of its tools may want a sign-in
        NeedsSignIn, ///< wants a token, and `discovery` says where to get one
        NeedsKey, ///< wants some authorization that isn't OAuth, or says nothing about where
        KeyRefused, ///< the header key that was sent is not accepted
        NotMcp, ///< answers, but is no MCP server
        Unreachable, ///< `error` says why; says nothing about the server itself
        Refused, ///< stopped for safety; `error` says what and why
        SignInUnusable, ///< there is a sign-in, and `error` says why it can't be used
        Blocked, ///< something in front of the server refuses Mooring; `error` says what
        UnknownVersions, ///< an MCP server, but Mooring knows none of the versions that it speaks
    };

    Verdict verdict = Verdict::Unreachable;
    Era era = Era::Unknown;
    /// Only of servers that answer without a token.
    std::optional<ServerInfo> server;
    std::optional<oauth::Discovery> discovery;
    /// Where only the remedy of `error` is in the way: the sign-in that there is with it.
    std::optional<oauth::Discovery> ahead;
    std::optional<base::Error> error;
    QList<http::Step> steps;
    QDateTime at;
    /// What answers is a page for people. Where a server used to be, that is more likely a network's login.
    bool isPage = false;

    /// For state files and --json; no secret is ever in it. The discoveries are not part of it.
    QJsonObject toJson() const;
    static ProbeReport fromJson(const QJsonObject &json);
};

/// The stable name of a verdict: "open", "needs-sign-in", …
QString verdictName(ProbeReport::Verdict verdict);

} // namespace mooring::mcp
