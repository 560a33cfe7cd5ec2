// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/records.h"
#include "mcp/probe.h"

namespace mooring::text {

// A probe report in words. Everything that a server said has passed base::displayText().

/// What was found out, in one sentence; what to do about trouble, if there was any.
QString verdictSentence(const mcp::ProbeReport &report);

/// "Asked mcp.linear.app whether it is an MCP server"; empty for a step without a request.
QString askedText(const http::Step &step);

/// "POST mcp.linear.app/mcp · 401 · 84 ms", without query; empty for a step without a request.
QString requestText(const http::Step &step);

/// "newest kind, no sessions", "with sessions (2025-11-25)", "old kind (HTTP+SSE, 2024)"; empty if unknown.
QString eraText(mcp::Era era, const QString &protocolVersion = {});

/// The whole report in Markdown, to be pasted into a question or a bug report: version and date, the
/// server, each step, and which rules are bent. No secret, and nothing about the account, is in it.
QString reportText(const QUrl &server, const mcp::ProbeReport &report,
                   const oauth::SignInSettings &settings = {});

} // namespace mooring::text
