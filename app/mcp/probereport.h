// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "http/steps.h"
#include "mcp/protocol.h"
#include "mcp/verdict.h"
#include "oauth/discovery.h"

#include <QDateTime>

#include <optional>

namespace mooring::mcp {

/// What there is at a URL.
struct ProbeReport {
    using Verdict = mcp::Verdict;

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

} // namespace mooring::mcp
