// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Connection that looks at the server without using it.
#include "base/displaytext.h"
#include "connections/connection_p.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using Verdict = mcp::ProbeReport::Verdict;

namespace {

/// Somebody has met an MCP server at this address.
bool isKnownServer(const ConnectionRecord &record)
{
    static const QStringList others = {
        QString(), mcp::verdictName(Verdict::NotMcp), mcp::verdictName(Verdict::Unreachable),
        mcp::verdictName(Verdict::Refused), mcp::verdictName(Verdict::Blocked)};
    return record.hasSecret || !others.contains(record.verdict);
}

/// A reason that the person has to see. What a probe without the token meets says nothing about a sign-in
/// that is there.
bool isTrouble(Verdict verdict, const ConnectionRecord &record)
{
    const bool isInTheWay = verdict == Verdict::SignInUnusable || verdict == Verdict::Blocked;
    return verdict == Verdict::Unreachable || verdict == Verdict::Refused
           || (isInTheWay && !record.hasSecret);
}

/// A page where the server was: what hotels, trains and offices show until somebody has logged in.
base::Error hiddenByPage(const QUrl &url)
{
    const QString host = base::displayAuthority(url);
    return makeError(ErrorKind::Network,
                     translated("A web page answers in place of %1. Maybe this network wants you to log in "
                                "first.")
                         .arg(host),
                     u"HTML where an MCP server used to be"_s, host);
}

} // namespace

void Connection::adoptProbe(const mcp::ProbeReport &report)
{
    d->report = report;
}

Task<mcp::ProbeReport> Connection::check(http::StepSink sink, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    d->live.checking = true;
    Q_EMIT changed();
    const bool withKey = d->record.kind == AuthorizationKind::Header && d->record.hasSecret;
    mcp::ProbeReport report =
        co_await mcp::probe(d->services.http, d->services.deadlines, d->record.url,
                            withKey ? d->credentials.get() : nullptr, d->record.settings, sink, stop);
    d->live.checking = false;
    if (report.error && report.error->kind == ErrorKind::Cancelled) {
        Q_EMIT changed();
        co_return report;
    }
    if (report.isPage && isKnownServer(d->record)) {
        report.verdict = Verdict::Unreachable;
        report.error = hiddenByPage(d->record.url);
    }
    d->report = report;
    d->clearTrouble();
    if (isTrouble(report.verdict, d->record) && report.error) {
        d->setTrouble(*report.error);
    }
    d->diary = Diary::append(d->services.records.diaryPath(id()), std::nullopt, report);
    const QString verdict = mcp::verdictName(report.verdict);
    const bool wantsOAuth =
        report.verdict == Verdict::NeedsSignIn && d->record.kind == AuthorizationKind::None;
    const bool isNews = verdict != d->record.verdict || wantsOAuth;
    // An outage says nothing about what the server is.
    if (isNews && (report.verdict != Verdict::Unreachable || d->record.verdict.isEmpty())) {
        const RecordChange change = [verdict, wantsOAuth, era = report.era](ConnectionRecord &record) {
            record.verdict = verdict;
            record.kind = wantsOAuth ? AuthorizationKind::OAuth : record.kind;
            record.era = era != mcp::Era::Unknown ? era : record.era;
        };
        Result<void> updated = co_await Private::updateRecord(self, change, stop);
        if (!updated) {
            d->setTrouble(updated.error());
        }
    }
    Q_EMIT changed();
    co_return report;
}

} // namespace mooring::connections
