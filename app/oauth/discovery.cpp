// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/discovery.h"

#include "base/displaytext.h"
#include "oauth/wellknown.h"

#include <QCoreApplication>
#include <QElapsedTimer>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using http::Step;

namespace {

constexpr qint64 maximumBody = 256 * 1024;
/// Dropped from the specification after 2025-03-26, but the SDKs send it still and servers may look at it.
constexpr auto protocolVersion = "2026-07-28";

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::oauth", text);
}

/// What all requests of one discovery share. Copies count the same time.
struct Budget {
    base::Deadlines deadlines;
    QElapsedTimer timer;

    explicit Budget(const base::Deadlines &all)
        : deadlines(all)
    {
        timer.start();
    }
    std::chrono::milliseconds left() const
    {
        return std::min(deadlines.discoveryStep,
                        deadlines.discovery - std::chrono::milliseconds(timer.elapsed()));
    }
};

struct Document {
    QJsonObject json;
    Step step;
};

/// Keeps the error that tells most, for when no candidate works: a refusal before an outage, that
/// before a document that can't be used, that before "not there".
class MostTelling final {
public:
    void add(const base::Error &error)
    {
        if (!m_error || rank(error) > rank(*m_error)) {
            m_error = error;
        }
    }
    const std::optional<base::Error> &error() const { return m_error; }

private:
    static int rank(const base::Error &error)
    {
        if (error.kind == ErrorKind::RefusedByPolicy) {
            return 3;
        }
        if (error.isTransient()) {
            return 2;
        }
        return error.kind == ErrorKind::Protocol ? 1 : 0;
    }
    std::optional<base::Error> m_error;
};

/// Whether the next candidate may be asked after this. Trouble with the network and safety stops
/// end the search; an answer of whatever kind, as long as it is none of these, doesn't.
bool endsSearch(const base::Error &error)
{
    return error.kind != ErrorKind::Protocol && error.kind != ErrorKind::HttpStatus;
}

void report(const http::StepSink &sink, Step step, const base::Error &error)
{
    const bool isNotThere = error.kind == ErrorKind::HttpStatus && !error.isTransient();
    step.outcome = isNotThere ? Step::Outcome::NotThere : Step::Outcome::Failed;
    step.learnt = isNotThere ? tr("No sign-in description at this place.") : error.sentence;
    step.detail = error.detail;
    if (sink) {
        sink(step);
    }
}

/// One GET. Reports the step itself if there is no document; else the caller does.
Task<Result<Document>> fetch(http::Client &client, Budget budget, QUrl url, http::StepSink sink,
                             std::stop_token stop)
{
    Document document;
    document.step.verb = "GET";
    document.step.url = url;
    const QString host = base::displayAuthority(url);
    if (budget.left().count() <= 0) {
        co_return base::failed(makeError(ErrorKind::Timeout,
                                         tr("Finding out about the sign-in at %1 took too long.").arg(host),
                                         {}, host));
    }
    http::Request request;
    request.url = url;
    request.headers.set("MCP-Protocol-Version", protocolVersion);
    request.limits = {budget.left(), budget.deadlines.idle, maximumBody};
    request.redirects = http::Redirects::FollowGet;
    const qint64 before = budget.timer.elapsed();
    const Result<http::Response> response = co_await client.send(std::move(request), std::move(stop));
    document.step.took = std::chrono::milliseconds(budget.timer.elapsed() - before);
    Result<QJsonObject> json = base::failed(response ? base::Error() : response.error());
    if (response) {
        document.step.status = response->status;
        json = response->isSuccess() ? readJsonObject(*response)
                                     : base::failed(statusError(*response, client.clock()()));
    }
    if (!json) {
        report(sink, document.step, json.error());
        co_return base::failed(json.error());
    }
    document.json = *json;
    co_return document;
}

void reportFound(const http::StepSink &sink, Step step, const QString &learnt, const QString &detail)
{
    step.learnt = learnt;
    step.detail = detail;
    if (sink) {
        sink(step);
    }
}

base::Error nothingFound(const QUrl &serverUrl)
{
    const QString host = base::displayAuthority(serverUrl);
    return makeError(ErrorKind::NotFound, tr("%1 doesn't say where people sign in for it.").arg(host),
                     u"no protected-resource metadata"_s, host);
}

Task<Result<ProtectedResource>> findResource(http::Client &client, Budget budget, QUrl serverUrl,
                                             QString named, http::StepSink sink, std::stop_token stop)
{
    QList<QUrl> candidates = protectedResourceUrls(serverUrl);
    MostTelling telling;
    if (!named.isEmpty()) {
        const http::UrlPolicy policy(serverUrl);
        if (const Result<QUrl> url = policy.check(named, http::UrlUse::Metadata)) {
            candidates.removeAll(*url);
            candidates.prepend(*url);
        } else {
            telling.add(url.error());
            report(sink, Step(), url.error());
        }
    }
    for (const QUrl &candidate : std::as_const(candidates)) {
        Result<Document> document = co_await fetch(client, budget, candidate, sink, stop);
        Result<ProtectedResource> resource = document ? ProtectedResource::fromJson(document->json, serverUrl)
                                                      : base::failed(document.error());
        if (resource) {
            resource->foundAt = candidate;
            const QString host = base::displayAuthority(QUrl(resource->authorizationServers.first()));
            reportFound(sink, document->step, tr("Sign-in service: %1").arg(host),
                        base::displayText(resource->resource));
            co_return resource;
        }
        if (document) {
            report(sink, document->step, resource.error());
        }
        if (endsSearch(resource.error())) {
            co_return resource;
        }
        telling.add(resource.error());
    }
    const bool isAbsent =
        !telling.error()
        || (telling.error()->kind == ErrorKind::HttpStatus && !telling.error()->isTransient());
    co_return base::failed(isAbsent ? nothingFound(serverUrl) : *telling.error());
}

Task<Result<AuthorizationServer>> findServer(http::Client &client, Budget budget, QString issuer,
                                             http::UrlPolicy policy, http::StepSink sink,
                                             std::stop_token stop)
{
    const Result<QUrl> url = policy.check(issuer, http::UrlUse::Metadata);
    if (!url) {
        report(sink, Step(), url.error());
        co_return base::failed(url.error());
    }
    MostTelling telling;
    const QList<QUrl> candidates = authorizationServerUrls(*url);
    for (const QUrl &candidate : candidates) {
        Result<Document> document = co_await fetch(client, budget, candidate, sink, stop);
        Result<AuthorizationServer> server =
            document ? AuthorizationServer::fromJson(document->json, issuer, policy)
                     : base::failed(document.error());
        if (server) {
            const QString host = base::displayAuthority(*url);
            const QString learnt = server->registrationEndpoint.isValid()
                                       ? tr("%1 lets Mooring register by itself.").arg(host)
                                       : tr("%1 wants apps to be registered by hand.").arg(host);
            reportFound(sink, document->step, learnt, base::displayText(server->issuer));
            co_return server;
        }
        if (document) {
            report(sink, document->step, server.error());
        }
        if (endsSearch(server.error())) {
            co_return server;
        }
        telling.add(server.error());
    }
    base::Error error = *telling.error();
    if (error.kind == ErrorKind::HttpStatus && !error.isTransient()) {
        error.sentence = tr("The sign-in service %1 doesn't describe itself, so Mooring can't use it.")
                             .arg(base::displayAuthority(*url));
    }
    co_return base::failed(error);
}

QStringList scopesToAsk(const QString &challenged, const ProtectedResource &resource,
                        const AuthorizationServer &server)
{
    QStringList scopes = challenged.split(u' ', Qt::SkipEmptyParts);
    if (scopes.isEmpty()) {
        scopes = resource.scopesSupported;
    }
    const QString offline = u"offline_access"_s;
    if (server.scopesSupported.contains(offline) && !scopes.contains(offline)) {
        scopes.append(offline);
    }
    return scopes;
}

} // namespace

Task<Result<Discovery>> discover(http::Client &client, base::Deadlines deadlines, QUrl serverUrl,
                                 QList<Challenge> challenges, SignInSettings, http::StepSink sink,
                                 std::stop_token stop)
{
    const Budget budget(deadlines);
    const ChallengeInfo challenge = summarize(challenges);
    Result<ProtectedResource> resource =
        co_await findResource(client, budget, serverUrl, challenge.resourceMetadata, sink, stop);
    if (!resource) {
        co_return base::failed(resource.error());
    }
    const http::UrlPolicy policy(serverUrl);
    MostTelling telling;
    const QStringList issuers = resource->authorizationServers;
    for (const QString &issuer : issuers) {
        Result<AuthorizationServer> server = co_await findServer(client, budget, issuer, policy, sink, stop);
        if (server) {
            Discovery found;
            found.scopes = scopesToAsk(challenge.scope, *resource, *server);
            found.resource = *resource;
            found.server = *server;
            co_return found;
        }
        // A service that may not be used at all gives way to the next one; one that was asked and
        // lies, or can't be reached, doesn't.
        const bool wasAsked = policy.check(issuer, http::UrlUse::Metadata).has_value();
        if (wasAsked && (endsSearch(server.error()) || server.error().isTransient())) {
            co_return base::failed(server.error());
        }
        telling.add(server.error());
    }
    co_return base::failed(*telling.error());
}

Task<Result<AuthorizationServer>> fetchAuthorizationServer(http::Client &client, base::Deadlines deadlines,
                                                           QString issuer, http::UrlPolicy policy,
                                                           http::StepSink sink, std::stop_token stop)
{
    const Budget budget(deadlines);
    Result<AuthorizationServer> server = co_await findServer(client, budget, issuer, policy, sink, stop);
    co_return server;
}

} // namespace mooring::oauth
