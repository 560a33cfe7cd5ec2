// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/lookresult.h"

namespace mooring::connections {

using Verdict = mcp::ProbeReport::Verdict;

bool isBeforeSignIn(const ConnectionRecord &record)
{
    return !record.hasSecret && record.issuer.isEmpty();
}

void applyReport(ConnectionRecord *record, const mcp::ProbeReport &report)
{
    record->verdict = report.verdict;
    record->era = report.era != mcp::Era::Unknown ? report.era : record->era;
    if (report.server) {
        record->offeredVersion = report.server->offered;
    }
    if (report.verdict == Verdict::NeedsSignIn && record->kind == AuthorizationKind::None) {
        record->kind = AuthorizationKind::OAuth;
    }
    if (isBeforeSignIn(*record)) {
        record->lastError =
            report.error ? std::optional(RecordedError{*report.error, report.at}) : std::nullopt;
    }
}

} // namespace mooring::connections
