// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/discovery.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "oauth/serverdiscovery.h"
#include "oauth/wellknown.h"

#include <QCoreApplication>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::oauth", text);
}

base::Error nothingFound(const QUrl &serverUrl)
{
    const QString host = base::displayAuthority(serverUrl);
    return makeError(ErrorKind::NotFound, tr("%1 doesn't say where people sign in for it.").arg(host),
                     u"no protected-resource metadata"_s, host);
}

QString learntFrom(const ProtectedResource &resource)
{
    if (!resource.server.isEmpty()) {
        return tr("The server itself says where to sign in.");
    }
    if (resource.authorizationServers.isEmpty()) {
        return tr("The server describes itself, but names no sign-in service.");
    }
    const QString host = base::displayAuthority(QUrl(resource.authorizationServers.first()));
    return tr("Sign-in service: %1").arg(host);
}

Task<Result<ProtectedResource>> findResource(http::Client &client, DiscoveryBudget budget, QUrl serverUrl,
                                             QString named, SignInSettings settings, http::StepSink sink,
                                             std::stop_token stop)
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
            reportFailure(sink, http::Step(), url.error());
        }
    }
    for (const QUrl &candidate : std::as_const(candidates)) {
        Result<MetadataDocument> document =
            co_await fetchMetadata(client, budget, candidate, serverUrl, sink, stop);
        Result<ProtectedResource> resource =
            document ? ProtectedResource::fromJson(document->json, serverUrl, settings)
                     : base::failed(document.error());
        if (resource) {
            resource->foundAt = candidate;
            reportFound(sink, document->step, learntFrom(*resource), base::displayText(resource->resource));
            co_return resource;
        }
        if (document) {
            reportFailure(sink, document->step, resource.error());
        }
        if (endsSearch(resource.error())) {
            co_return resource;
        }
        telling.add(resource.error());
    }
    co_return base::failed(telling.isNotThere() ? nothingFound(serverUrl) : *telling.error());
}

/// The first of these that the policy allows and that works.
Task<Result<AuthorizationServer>> findFirstServer(http::Client &client, DiscoveryBudget budget,
                                                  QStringList issuers, http::UrlPolicy policy,
                                                  SignInSettings settings, http::StepSink sink,
                                                  std::stop_token stop)
{
    MostTelling telling;
    for (const QString &issuer : std::as_const(issuers)) {
        Result<AuthorizationServer> server =
            co_await findServer(client, budget, issuer, policy, settings, sink, stop);
        if (server) {
            co_return server;
        }
        // A service that may not be used at all gives way to the next one; one that was asked and
        // lies, or can't be reached, doesn't.
        const bool wasAsked = policy.check(issuer, http::UrlUse::Metadata).has_value();
        if (wasAsked && (endsSearch(server.error()) || server.error().isTransient())) {
            co_return server;
        }
        telling.add(server.error());
    }
    co_return base::failed(*telling.error());
}

Task<Result<AuthorizationServer>> serverOfResource(http::Client &client, DiscoveryBudget budget,
                                                   QUrl serverUrl, ProtectedResource resource,
                                                   SignInSettings settings, http::StepSink sink,
                                                   std::stop_token stop)
{
    base::checkpoint("K02");
    const http::UrlPolicy policy(serverUrl);
    if (const auto typed = serverOfSettings(settings, resource.authorizationServers.value(0))) {
        co_return *typed;
    }
    if (settings.issuer.isEmpty() && !resource.server.isEmpty()) {
        const QString issuer = resource.server.value("issuer"_L1).toString();
        co_return AuthorizationServer::read(resource.server, issuer,
                                            {policy, settings, AuthorizationServer::Described::ByResource});
    }
    const QStringList issuers =
        settings.issuer.isEmpty() ? resource.authorizationServers : QStringList{settings.issuer};
    co_return co_await findFirstServer(client, budget, issuers, policyForIssuer(settings, policy), settings,
                                       sink, stop);
}

/// The server of a challenge that names one in another way than RFC 9728 section 5.1. Such a
/// parameter comes over the same connection from the same server that could as well serve the metadata
/// with that name in it, so following it trusts nobody new. It is asked after the metadata all the
/// same, which is what the specification knows, and it is only a hint: it has to pass the URL policy, and
/// at the place it points to there must be metadata that names itself and offers S256.
/// NotFound, if there is no hint or none leads to anything.
Task<Result<AuthorizationServer>> serverOfHints(http::Client &client, DiscoveryBudget budget, QUrl serverUrl,
                                                QStringList hints, SignInSettings settings,
                                                http::StepSink sink, std::stop_token stop)
{
    QStringList issuers;
    for (const QString &hint : std::as_const(hints)) {
        issuers += issuersOfHint(hint);
    }
    issuers.removeDuplicates();
    issuers = issuers.first(std::min<qsizetype>(issuers.size(), 4));
    if (issuers.isEmpty()) {
        co_return base::failed(nothingFound(serverUrl));
    }
    Result<AuthorizationServer> server =
        co_await findFirstServer(client, budget, issuers, http::UrlPolicy(serverUrl), settings, sink, stop);
    const bool isAbsent =
        !server && server.error().kind == ErrorKind::HttpStatus && !server.error().isTransient();
    if (isAbsent) {
        co_return base::failed(nothingFound(serverUrl));
    }
    co_return server;
}

/// Without protected-resource metadata.
Task<Result<AuthorizationServer>> serverWithoutResource(http::Client &client, DiscoveryBudget budget,
                                                        QUrl serverUrl, ChallengeInfo challenge,
                                                        SignInSettings settings, http::StepSink sink,
                                                        std::stop_token stop)
{
    if (const auto typed = serverOfSettings(settings, {})) {
        co_return *typed;
    }
    if (!settings.issuer.isEmpty()) {
        co_return co_await findServer(client, budget, settings.issuer,
                                      policyForIssuer(settings, http::UrlPolicy(serverUrl)), settings, sink,
                                      stop);
    }
    Result<AuthorizationServer> hinted =
        co_await serverOfHints(client, budget, serverUrl, challenge.serverHints, settings, sink, stop);
    if (hinted || hinted.error().kind != ErrorKind::NotFound) {
        co_return hinted;
    }
    if (!challenge.schemes.contains("bearer") && !challenge.schemes.contains("dpop")) {
        // Nothing says that this has to do with OAuth at all.
        co_return hinted;
    }
    co_return co_await findLegacyServer(client, budget, serverUrl, settings, sink, stop);
}

QStringList scopesToAsk(const QString &challenged, const ProtectedResource &resource,
                        const AuthorizationServer &server, const SignInSettings &settings)
{
    QStringList scopes = challenged.split(u' ', Qt::SkipEmptyParts);
    if (scopes.isEmpty()) {
        scopes = resource.scopesSupported;
    }
    scopes += settings.extraScopes;
    const QString offline = u"offline_access"_s;
    // Alone it would turn "what you give by default" into "nothing but this".
    if (!scopes.isEmpty() && server.scopesSupported.contains(offline)) {
        scopes.append(offline);
    }
    scopes.removeDuplicates();
    return scopes;
}

bool wantsDpop(const ChallengeInfo &challenge, const Discovery &found, const SignInSettings &settings)
{
    if (settings.dpop != SignInSettings::Dpop::WhereWanted) {
        return settings.dpop == SignInSettings::Dpop::Always;
    }
    if (found.resource.dpopRequired) {
        return true;
    }
    // Where both schemes are offered, what the authorization server can do decides.
    const bool isOffered = challenge.schemes.contains("dpop");
    return isOffered
           && (!challenge.schemes.contains("bearer")
               || found.server.dpopSigningAlgorithms.contains("ES256"_L1));
}

/// RFC 8707 section 2, and how MCP writes it: no fragment, and no slash for an empty path.
ProtectedResource assumedResource(const QUrl &serverUrl)
{
    QUrl canonical = serverUrl.adjusted(QUrl::RemoveUserInfo | QUrl::RemoveFragment);
    if (canonical.path() == "/"_L1 && !canonical.hasQuery()) {
        canonical.setPath({});
    }
    ProtectedResource resource;
    resource.resource = canonical.toString(QUrl::FullyEncoded);
    return resource;
}

/// The URL policy doesn't know who has named what it refuses.
base::Error namingServer(base::Error error, const QUrl &serverUrl)
{
    if (error.kind == ErrorKind::RefusedByPolicy && error.host.isEmpty()) {
        error.host = base::displayAuthority(serverUrl);
        error.sentence = tr("Stopped: %1 names an address that is not safe to use.").arg(error.host);
    }
    return error;
}

} // namespace

Task<Result<Discovery>> discover(http::Client &client, base::Deadlines deadlines, QUrl serverUrl,
                                 QList<Challenge> challenges, SignInSettings settings, http::StepSink sink,
                                 std::stop_token stop)
{
    const DiscoveryBudget budget(deadlines);
    const ChallengeInfo challenge = summarize(challenges);
    Result<ProtectedResource> resource =
        co_await findResource(client, budget, serverUrl, challenge.resourceMetadata, settings, sink, stop);
    if (!resource && resource.error().kind != ErrorKind::NotFound) {
        co_return base::failed(namingServer(resource.error(), serverUrl));
    }
    Discovery found;
    found.resource = resource ? *resource : assumedResource(serverUrl);
    Result<AuthorizationServer> server = base::failed(base::Error());
    if (resource) {
        server = co_await serverOfResource(client, budget, serverUrl, *resource, settings, sink, stop);
    } else {
        server = co_await serverWithoutResource(client, budget, serverUrl, challenge, settings, sink, stop);
    }
    if (!server) {
        co_return base::failed(namingServer(server.error(), serverUrl));
    }
    found.server = *server;
    found.scopes = scopesToAsk(challenge.scope, found.resource, found.server, settings);
    found.wantsDpop = wantsDpop(challenge, found, settings);
    co_return found;
}

Task<Result<AuthorizationServer>> fetchAuthorizationServer(http::Client &client, base::Deadlines deadlines,
                                                           QString issuer, http::UrlPolicy policy,
                                                           http::StepSink sink, std::stop_token stop)
{
    const DiscoveryBudget budget(deadlines);
    const SignInSettings settings;
    Result<AuthorizationServer> server =
        co_await findServer(client, budget, issuer, policy, settings, sink, stop);
    co_return server;
}

} // namespace mooring::oauth
