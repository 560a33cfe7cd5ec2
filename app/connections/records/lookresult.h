// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/connectionrecord.h"
#include "mcp/probe.h"

namespace mooring::connections {

/// Nobody has signed in there or set a key: what a look says is all there is to say.
bool isBeforeSignIn(const ConnectionRecord &record);

/// What a look has found out: the verdict, who signs people in, and, before a sign-in, why it can't go on.
void applyReport(ConnectionRecord *record, const mcp::ProbeReport &report);

} // namespace mooring::connections
