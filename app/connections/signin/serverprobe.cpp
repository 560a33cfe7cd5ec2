// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/signin/serverprobe.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "connections/records/keptdiscovery.h"
#include "connections/records/lookresult.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using Extent = ConnectionAuthorizer::Extent;
using Verdict = mcp::ProbeReport::Verdict;

namespace {

/// Somebody has met an MCP server at this address.
bool isKnownServer(const ConnectionRecord &record)
{
    switch (record.verdict.value_or(Verdict::Unreachable)) {
    case Verdict::NotMcp:
    case Verdict::Unreachable:
    case Verdict::Refused:
    case Verdict::Blocked:
        return record.hasSecret;
    default:
        return true;
    }
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
    return makeError(
        ErrorKind::Network,
        Words::tr("A web page answers in place of %1. Maybe this network wants you to log in first.")
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

/// A look at a server that is known, when there is something else in its place.
void takeForOutage(mcp::ProbeReport *report, const ConnectionRecord &record)
{
    if (!isKnownServer(record)) {
        return;
    }
    if (report->isPage) {
        report->verdict = Verdict::Unreachable;
        report->error = hiddenByPage(record.url);
    } else if (report->verdict == Verdict::NotMcp && report->error) {
        report->verdict = Verdict::Unreachable;
        report->error = noLongerThere(record.url, *report->error, record.hasSecret);
    }
}

} // namespace

ServerProbe::ServerProbe(EntryPointer entry, Services services, std::shared_ptr<CredentialSources> sources)
    : m_entry(std::move(entry))
    , m_services(std::move(services))
    , m_withKey(sources, Extent::All)
    , m_beside(sources, Extent::BesideSignIn)
{
}

void ServerProbe::keep(const mcp::ProbeReport &report)
{
    m_report = std::make_unique<mcp::ProbeReport>(report);
    const bool isOutage = report.verdict == Verdict::Unreachable && report.error;
    m_entry->updateLog([&](ActivityLog &log) {
        log.lastProbe = report;
        log.trouble = isOutage ? std::optional(RecordedError{*report.error, report.at}) : std::nullopt;
        log.found = report.discovery ? keepDiscovery(*report.discovery, m_entry->serverUrl(),
                                                     m_entry->record().settings, report.at)
                                     : QJsonObject();
    });
}

void ServerProbe::forgetDiscovery()
{
    m_report.reset();
    m_entry->updateLog([](ActivityLog &log) { log.found = {}; });
}

Task<Result<void>> ServerProbe::record(mcp::ProbeReport report, std::stop_token stop)
{
    const RecordChange change = [report](ConnectionRecord &record) { applyReport(&record, report); };
    const ConnectionRecord now = m_entry->record();
    ConnectionRecord changed = now;
    change(changed);
    if (changed.lastError && now.lastError) {
        // The time alone is no news.
        changed.lastError->at = now.lastError->at;
    }
    Result<void> updated;
    if (changed != now) {
        updated = co_await m_entry->update(change, stop);
    }
    co_return updated;
}

Task<mcp::ProbeReport> ServerProbe::check(http::StepSink sink, std::stop_token stop)
{
    const std::shared_ptr<ServerProbe> self = shared_from_this();
    m_entry->live().checking = true;
    m_entry->tellChanged();
    const bool hasKey = m_entry->record().kind == AuthorizationKind::Header && m_entry->record().hasSecret;
    mcp::Authorizer *const authorizer = hasKey ? &m_withKey : &m_beside;
    mcp::ProbeReport report = co_await mcp::probe(m_services.http, m_services.deadlines, m_entry->serverUrl(),
                                                  authorizer, m_entry->record().settings, sink, stop);
    m_entry->live().checking = false;
    if (report.error && report.error->kind == ErrorKind::Cancelled) {
        m_entry->tellChanged();
        co_return report;
    }
    takeForOutage(&report, m_entry->record());
    m_entry->clearTrouble();
    if (isTrouble(report.verdict, m_entry->record()) && report.error) {
        m_entry->setTrouble(*report.error);
    }
    keep(report);
    // An outage says nothing about what the server is.
    if (report.verdict != Verdict::Unreachable || !m_entry->record().verdict) {
        Result<void> updated = co_await record(report, stop);
        if (!updated) {
            m_entry->setTrouble(updated.error());
        }
    }
    m_entry->tellChanged();
    co_return report;
}

Task<void> ServerProbe::lookForSignIn(std::stop_token stop)
{
    const std::shared_ptr<ServerProbe> self = shared_from_this();
    const mcp::ProbeReport report =
        co_await mcp::probe(m_services.http, m_services.deadlines, m_entry->serverUrl(), &m_beside,
                            m_entry->record().settings, {}, stop);
    keep(report);
}

} // namespace mooring::connections
