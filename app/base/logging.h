// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLoggingCategory>

namespace mooring::base {

// All categories of the project. What is logged: verbs, hosts, paths, states. Never a token, code,
// verifier, secret, header value, query or body; there is no redaction because nothing needs it.
Q_DECLARE_LOGGING_CATEGORY(lcHttp)
Q_DECLARE_LOGGING_CATEGORY(lcOauth)
Q_DECLARE_LOGGING_CATEGORY(lcMcp)
Q_DECLARE_LOGGING_CATEGORY(lcStorage)
Q_DECLARE_LOGGING_CATEGORY(lcConnections)

/// Switches off the categories of Qt that print URLs with codes and states in them, whatever
/// QT_LOGGING_RULES says. The first thing that main() does.
void silenceLeakyCategories();

} // namespace mooring::base
