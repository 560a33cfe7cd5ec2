// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace mooring::mcp {

/// What there is at a URL.
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

/// Its stable name: "open", "needs-sign-in", …
QString verdictName(Verdict verdict);
/// Nothing for a name that this version doesn't know.
std::optional<Verdict> verdictFromName(const QString &name);

} // namespace mooring::mcp
