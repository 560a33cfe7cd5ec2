// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Connection that looks at the server without using it.
#include "base/displaytext.h"
#include "base/words.h"
#include "connections/connection_p.h"
#include "connections/keptdiscovery.h"
#include "connections/lookresult.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
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
    const bool isInTheWay = verdict == Verdict::SignInUnusable || verdict == Verdict::Blocked
                            || verdict == Verdict::UnknownVersions;
    return verdict == Verdict::Unreachable || verdict == Verdict::Refused
           || (isInTheWay && !record.hasSecret);
}

/// A page where the server was: what hotels, trains and offices show until somebody has logged in.
base::Error hiddenByPage(const QUrl &url)
{
    const QString host = base::displayAuthority(url);
    return makeError(ErrorKind::Network,
                     Words::tr("A web page answers in place of %1. Maybe this network wants you to log in "
                               "first.")
                         .arg(host),
                     u"HTML where an MCP server used to be"_s, host);
}

/// Who has answered once is not told to be none: it may be out of order, or moved. Without a sign-in there is
/// nothing to show but that; one that is kept stays what it is.
base::Error noLongerThere(const QUrl &url, const base::Error &error, bool hasSignIn)
{
    const QString host = base::displayAuthority(url);
    const bool isGone = error.httpStatus == 404 || error.httpStatus == 410;
    const QString sentence =
        isGone ? Words::tr("%1 has nothing at this address any more. Maybe the server has moved.")
               : Words::tr("%1 doesn't answer as an MCP server at the moment.");
    base::Error changed = makeError(hasSignIn ? ErrorKind::Protocol : ErrorKind::Network, sentence.arg(host),
                                    error.detail, host);
    changed.httpStatus = error.httpStatus;
    return changed;
}

} // namespace

void Connection::Private::keepReport(const mcp::ProbeReport &fresh)
{
    report = fresh;
    const bool isOutage = fresh.verdict == Verdict::Unreachable && fresh.error;
    diary = Diary::update(services.records.diaryPath(record.id), [&](Diary &kept) {
        kept.lastProbe = fresh;
        kept.trouble = isOutage ? std::optional(RecordedError{*fresh.error, fresh.at}) : std::nullopt;
        kept.found = fresh.discovery ? keepDiscovery(*fresh.discovery, serverUrl(), record.settings, fresh.at)
                                     : QJsonObject();
    });
}

void Connection::Private::forgetDiscovery()
{
    report.reset();
    diary = Diary::update(services.records.diaryPath(record.id), [](Diary &kept) { kept.found = {}; });
}

void Connection::adoptProbe(const mcp::ProbeReport &report)
{
    d->keepReport(report);
    Q_EMIT changed();
}

Task<Result<void>> Connection::Private::recordReport(SelfPointer self, mcp::ProbeReport report,
                                                     std::stop_token stop)
{
    const RecordChange change = [report](ConnectionRecord &record) { takeIn(&record, report); };
    const ConnectionRecord &now = self->d->record;
    ConnectionRecord changed = now;
    change(changed);
    if (changed.lastError && now.lastError) {
        // The time alone is no news.
        changed.lastError->at = now.lastError->at;
    }
    Result<void> updated;
    if (changed != now) {
        updated = co_await updateRecord(self, change, stop);
    }
    co_return updated;
}

Task<mcp::ProbeReport> Connection::check(http::StepSink sink, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    d->live.checking = true;
    Q_EMIT changed();
    const bool withKey = d->record.kind == AuthorizationKind::Header && d->record.hasSecret;
    mcp::ProbeReport report = co_await mcp::probe(d->services.http, d->services.deadlines, d->serverUrl(),
                                                  (withKey ? d->credentials : d->besideCredentials).get(),
                                                  d->record.settings, sink, stop);
    d->live.checking = false;
    if (report.error && report.error->kind == ErrorKind::Cancelled) {
        Q_EMIT changed();
        co_return report;
    }
    if (report.isPage && isKnownServer(d->record)) {
        report.verdict = Verdict::Unreachable;
        report.error = hiddenByPage(d->record.url);
    } else if (report.verdict == Verdict::NotMcp && report.error && isKnownServer(d->record)) {
        report.verdict = Verdict::Unreachable;
        report.error = noLongerThere(d->record.url, *report.error, d->record.hasSecret);
    }
    d->clearTrouble();
    if (isTrouble(report.verdict, d->record) && report.error) {
        d->setTrouble(*report.error);
    }
    d->keepReport(report);
    // An outage says nothing about what the server is.
    if (report.verdict != Verdict::Unreachable || d->record.verdict.isEmpty()) {
        Result<void> updated = co_await Private::recordReport(self, report, stop);
        if (!updated) {
            d->setTrouble(updated.error());
        }
    }
    Q_EMIT changed();
    co_return report;
}

} // namespace mooring::connections
