// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/metadatafetch.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/retries.h"

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using http::Step;

namespace {

constexpr qint64 maximumBody = 256 * 1024;
/// Dropped from the specification after 2025-03-26, but the SDKs send it still and servers may look at it.
constexpr auto protocolVersion = "2026-07-28";

/// Of an answer that is a success. A page may have any media type, and JSON that of a page.
Result<QJsonObject> documentIn(const http::Response &response)
{
    Result<QJsonObject> json = readJsonObject(response);
    const QByteArray body = response.body.trimmed();
    if (json || !(body.isEmpty() || body.startsWith('<'))) {
        return json;
    }
    const QString host = base::displayAuthority(response.url);
    base::Error error = makeError(ErrorKind::NotFound, Words::tr("%1 describes no sign-in there.").arg(host),
                                  body.isEmpty() ? u"an empty answer"_s : u"a web page"_s, host);
    error.httpStatus = response.status;
    return base::failed(error);
}

} // namespace

bool isAbsence(const base::Error &error)
{
    return error.kind == ErrorKind::NotFound || (error.kind == ErrorKind::HttpStatus && !error.isTransient());
}

DiscoveryBudget::DiscoveryBudget(const base::Deadlines &all)
    : deadlines(all)
{
    timer.start();
}

std::chrono::milliseconds DiscoveryBudget::left() const
{
    return std::min(deadlines.discoveryStep,
                    deadlines.discovery - std::chrono::milliseconds(timer.elapsed()));
}

void MostTelling::add(const base::Error &error)
{
    if (!m_error || rank(error) > rank(*m_error)) {
        m_error = error;
    }
}

bool MostTelling::isNotThere() const
{
    return !m_error || isAbsence(*m_error);
}

int MostTelling::rank(const base::Error &error)
{
    if (error.kind == ErrorKind::RefusedByPolicy) {
        return 3;
    }
    if (error.isTransient()) {
        return 2;
    }
    return error.kind == ErrorKind::Protocol ? 1 : 0;
}

bool endsSearch(const base::Error &error)
{
    return error.kind != ErrorKind::Protocol && error.kind != ErrorKind::HttpStatus
           && error.kind != ErrorKind::NotFound;
}

void reportFailure(const http::StepSink &sink, Step step, const base::Error &error)
{
    step.outcome = isAbsence(error) ? Step::Outcome::NotThere : Step::Outcome::Failed;
    step.learnt = isAbsence(error) ? Words::tr("No sign-in description at this place.") : error.sentence;
    step.detail = error.detail;
    if (sink) {
        sink(step);
    }
}

void reportFound(const http::StepSink &sink, Step step, const QString &learnt, const QString &detail)
{
    step.learnt = learnt;
    step.detail = detail;
    if (sink) {
        sink(step);
    }
}

void reportNote(const http::StepSink &sink, const QString &learnt, const QString &detail)
{
    reportFound(sink, Step(), learnt, detail);
}

Task<Result<MetadataDocument>> fetchMetadata(http::Client &client, DiscoveryBudget budget, QUrl url,
                                             QUrl namedBy, http::StepSink sink, std::stop_token stop)
{
    MetadataDocument document;
    document.step.verb = "GET";
    document.step.url = url;
    const QString host = base::displayAuthority(url);
    if (budget.left().count() <= 0) {
        co_return base::failed(
            makeError(ErrorKind::Timeout,
                      Words::tr("Finding out about the sign-in at %1 took too long.").arg(host), {}, host));
    }
    http::Request request;
    request.url = url;
    request.namedBy = namedBy;
    request.headers.set("MCP-Protocol-Version", protocolVersion);
    request.limits = {budget.left(), budget.deadlines.idle, maximumBody};
    request.redirects = http::Redirects::FollowGet;
    const qint64 before = budget.timer.elapsed();
    const http::Retries retries(http::Retries::Of::AnyRequest, budget.deadlines);
    const Result<http::Response> response =
        co_await http::sendPatiently(client, std::move(request), retries, std::move(stop));
    document.step.took = std::chrono::milliseconds(budget.timer.elapsed() - before);
    Result<QJsonObject> json = base::failed(response ? base::Error() : response.error());
    if (response) {
        document.step.status = response->status;
        json = response->isSuccess() ? documentIn(*response)
                                     : base::failed(statusError(*response, client.clock()()));
    }
    if (!json) {
        reportFailure(sink, document.step, json.error());
        co_return base::failed(json.error());
    }
    document.json = *json;
    co_return document;
}

} // namespace mooring::oauth
