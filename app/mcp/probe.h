// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/task.h"
#include "http/client.h"
#include "mcp/authorizer.h"
#include "mcp/probereport.h"

namespace mooring::mcp {

/// Finds out what is at `url`: first as a client of today (server/discover), then as one of
/// yesterday (initialize); a 401 or 403 leads to oauth::discover(), and so does a server that lets
/// us in, because many want a token only for some calls. The questions are those of Handshake. `key` adds
/// headers and keys; null for none. Never opens a browser, never spends a token. `sink` hears of each step
/// when it ends.
base::Task<ProbeReport> probe(http::Client &client, base::Deadlines deadlines, QUrl url, Authorizer *key,
                              oauth::SignInSettings settings, http::StepSink sink, std::stop_token stop);

} // namespace mooring::mcp
