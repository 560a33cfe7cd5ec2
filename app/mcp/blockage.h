// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Firewalls, gateways and networks answer in the place of a server. What they say has no standard, so it is
// known by its look: a wrong "yes" would hide that a key is wanted, a wrong "no" asks for a key that nobody
// has.
#pragma once

#include "mcp/exchange.h"

namespace mooring::mcp {

/// That something in front of the server has turned Mooring away, in a sentence that says who can help;
/// nothing if the answer may be the server's own. HttpStatus, with the host.
std::optional<base::Error> blockageOf(const Answer &answer);

/// A refusal that speaks of a key, a token or a sign-in.
bool speaksOfKey(const Answer &answer);

} // namespace mooring::mcp
