// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/call.h"
#include "mcp/exchange.h"

namespace mooring::mcp {

/// Servers are to say with 401 that a token has ended. Many say it otherwise: with another status and a word
/// about it, as a JSON-RPC error, with a sign-in page in place of the answer. These functions read that; what
/// they say counts only of requests that carried credentials.

/// The text says that a token, or whoever sent it, isn't accepted.
bool namesBadToken(const QString &text);

/// An answer that isn't 401 speaks of the token. `isKnown`: there was an MCP server here before, so that a
/// web page can't be the rule.
bool speaksOfToken(const Answer &answer, bool isKnown);

/// Whether nothing can have been done when this answer was given, so that the same may be sent again. For all
/// but tools/call that is always so: they only read. A tool hasn't run if something that isn't JSON-RPC
/// refuses the request (a gateway, a sign-in page), if the request itself is refused (400, 403), or if the
/// error has a code for requests that aren't let in. Any other error may be the tool's own, about a token
/// that it uses.
bool wasRefusedBeforehand(const Answer &answer, const Call &call);

} // namespace mooring::mcp
