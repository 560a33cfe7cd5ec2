// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/discovery.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "oauth/metadatamembers.h"
#include "oauth/serverdiscovery.h"
#include "oauth/wellknown.h"

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

base::Error nothingFound(const QUrl &serverUrl)
{
    const QString host = base::displayAuthority(serverUrl);
    return makeError(ErrorKind::NotFound, Words::tr("%1 doesn't say where people sign in for it.").arg(host),
                     u"no protected-resource metadata"_s, host);
}

QString learntFrom(const ProtectedResource &resource)
{
    if (!resource.server.isEmpty()) {
        return Words::tr("The server itself says where to sign in.");
    }
    if (resource.authorizationServers.isEmpty()) {
        return Words::tr("The server describes itself, but names no sign-in service.");
    }
    const QString host = base::displayAuthority(QUrl(resource.authorizationServers.first()));
    return Words::tr("Sign-in service: %1").arg(host);
}

void reportResource(const http::StepSink &sink, const http::Step &step, const ProtectedResource &resource)
{
    reportFound(sink, step, learntFrom(resource), http::shownUrl(resource.resource));
    if (resource.isAssumed) {
        reportNote(
            sink,
            Words::tr(
                "The description doesn't say which server it is for. It was found at this one, so Mooring "
                "takes it for this one."),
            u"no resource"_s);
    }
}

Result<Find<ProtectedResource>> readResource(const QJsonObject &json, const QUrl &serverUrl,
                                             const SignInSettings &settings, const QUrl &foundAt)
{
    Result<ProtectedResource> resource = ProtectedResource::fromJson(json, serverUrl, settings, foundAt);
    if (resource) {
        return Find<ProtectedResource>{*resource};
    }
    const base::Error refusal = resource.error();
    const SignInSettings bent = withRemedy(settings, refusal.remedy);
    if (bent == settings) {
        return base::failed(refusal);
    }
    resource = ProtectedResource::fromJson(json, serverUrl, bent, foundAt);
    if (!resource) {
        return base::failed(resource.error());
    }
    return Find<ProtectedResource>{*resource, refusal};
}

/// One place; its step is reported.
Task<Result<Find<ProtectedResource>>> askPlace(http::Client &client, DiscoveryBudget budget, QUrl place,
                                               QUrl serverUrl, SignInSettings settings, http::StepSink sink,
                                               std::stop_token stop)
{
    Result<MetadataDocument> document = co_await fetchMetadata(client, budget, place, serverUrl, sink, stop);
    if (!document) {
        co_return base::failed(document.error());
    }
    const Result<Find<ProtectedResource>> find = readResource(document->json, serverUrl, settings, place);
    if (!find) {
        reportFailure(sink, document->step, find.error());
    } else if (find->refusal) {
        reportFailure(sink, document->step, *find->refusal);
    } else {
        reportResource(sink, document->step, find->thing);
    }
    co_return find;
}

Task<Result<Find<ProtectedResource>>> findResourceAt(http::Client &client, DiscoveryBudget budget,
                                                     QList<QUrl> places, QUrl serverUrl,
                                                     SignInSettings settings, MostTelling telling,
                                                     http::StepSink sink, std::stop_token stop)
{
    std::optional<Find<ProtectedResource>> bent;
    for (const QUrl &place : std::as_const(places)) {
        Result<Find<ProtectedResource>> find =
            co_await askPlace(client, budget, place, serverUrl, settings, sink, stop);
        if (find && !find->refusal) {
            co_return find;
        }
        if (find && !bent) {
            // A place that is meant for this very server may follow.
            bent = *find;
        } else if (!find && endsSearch(find.error()) && !bent) {
            co_return find;
        } else if (!find) {
            telling.add(find.error());
        }
    }
    if (bent) {
        co_return *bent;
    }
    co_return base::failed(telling.isNotThere() ? nothingFound(serverUrl) : *telling.error());
}

Task<Result<Find<ProtectedResource>>> findResource(http::Client &client, DiscoveryBudget budget,
                                                   QUrl serverUrl, QString named, SignInSettings settings,
                                                   http::StepSink sink, std::stop_token stop)
{
    QList<QUrl> places = protectedResourceUrls(serverUrl);
    MostTelling telling;
    if (!named.isEmpty()) {
        const http::UrlPolicy policy(serverUrl);
        if (const Result<QUrl> url = policy.check(tidyAddress(named), http::UrlUse::Metadata)) {
            places.removeAll(*url);
            places.prepend(*url);
        } else {
            telling.add(url.error());
            reportFailure(sink, http::Step(), url.error());
        }
    }
    Result<Find<ProtectedResource>> find =
        co_await findResourceAt(client, budget, places, serverUrl, settings, telling, sink, stop);
    co_return find;
}

/// The first of these that the policy allows and that works without bending a rule; else the first that
/// works.
Task<Result<Find<AuthorizationServer>>> findFirstServer(http::Client &client, DiscoveryBudget budget,
                                                        QStringList issuers, http::UrlPolicy policy,
                                                        SignInSettings settings, http::StepSink sink,
                                                        std::stop_token stop)
{
    MostTelling telling;
    std::optional<Find<AuthorizationServer>> bent;
    for (const QString &issuer : std::as_const(issuers)) {
        Result<Find<AuthorizationServer>> server =
            co_await findServer(client, budget, issuer, policy, settings, sink, stop);
        if (server && !server->refusal) {
            co_return server;
        }
        if (server && !bent) {
            bent = *server;
        }
        if (server) {
            continue;
        }
        // A service that may not be used at all gives way to the next one; one that was asked and
        // lies, or can't be reached, doesn't.
        const bool wasAsked = policy.check(issuer, http::UrlUse::Metadata).has_value();
        if (wasAsked && !bent && (endsSearch(server.error()) || server.error().isTransient())) {
            co_return server;
        }
        telling.add(server.error());
    }
    if (bent) {
        co_return *bent;
    }
    co_return base::failed(*telling.error());
}

Result<Find<AuthorizationServer>> typedServer(const Result<AuthorizationServer> &server)
{
    return server ? Result<Find<AuthorizationServer>>(Find<AuthorizationServer>{*server})
                  : base::failed(server.error());
}

/// The service that the resource's own document describes. Where it names an issuer that describes itself,
/// that counts.
Task<Result<Find<AuthorizationServer>>> serverInResource(http::Client &client, DiscoveryBudget budget,
                                                         QUrl serverUrl, ProtectedResource resource,
                                                         SignInSettings settings, http::StepSink sink,
                                                         std::stop_token stop)
{
    const http::UrlPolicy policy(serverUrl);
    const QString issuer = resource.server.value("issuer"_L1).toString();
    if (resource.namesIssuer) {
        Result<Find<AuthorizationServer>> own =
            co_await findServer(client, budget, issuer, policy, settings, sink, stop);
        const bool isOutage = !own && own.error().isTransient() && !own.error().isNoSuchHost;
        const bool isStopped = !own && own.error().kind == ErrorKind::Cancelled;
        if ((own && !own->refusal) || isOutage || isStopped) {
            co_return own;
        }
    }
    const Result<Find<AuthorizationServer>> server =
        readServer(resource.server, issuer, {policy, settings, AuthorizationServer::Described::ByResource});
    if (server && !server->refusal) {
        noteServer(sink, server->thing);
    }
    co_return server;
}

Task<Result<Find<AuthorizationServer>>> serverOfResource(http::Client &client, DiscoveryBudget budget,
                                                         QUrl serverUrl, ProtectedResource resource,
                                                         SignInSettings settings, http::StepSink sink,
                                                         std::stop_token stop)
{
    base::checkpoint("K02");
    const http::UrlPolicy policy(serverUrl);
    if (const auto typed = serverOfSettings(settings, resource.authorizationServers.value(0))) {
        co_return typedServer(*typed);
    }
    if (settings.issuer.isEmpty() && !resource.server.isEmpty()) {
        co_return co_await serverInResource(client, budget, serverUrl, resource, settings, sink, stop);
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
Task<Result<Find<AuthorizationServer>>> serverOfHints(http::Client &client, DiscoveryBudget budget,
                                                      QUrl serverUrl, QStringList hints,
                                                      SignInSettings settings, http::StepSink sink,
                                                      std::stop_token stop)
{
    QStringList issuers;
    for (const QString &hint : std::as_const(hints)) {
        issuers += issuersOfHint(tidyAddress(hint));
    }
    issuers.removeDuplicates();
    issuers = issuers.first(std::min<qsizetype>(issuers.size(), 4));
    if (issuers.isEmpty()) {
        co_return base::failed(nothingFound(serverUrl));
    }
    Result<Find<AuthorizationServer>> server =
        co_await findFirstServer(client, budget, issuers, http::UrlPolicy(serverUrl), settings, sink, stop);
    if (!server && isAbsence(server.error())) {
        co_return base::failed(nothingFound(serverUrl));
    }
    co_return server;
}

/// Without protected-resource metadata.
Task<Result<Find<AuthorizationServer>>> serverWithoutResource(http::Client &client, DiscoveryBudget budget,
                                                              QUrl serverUrl, ChallengeInfo challenge,
                                                              SignInSettings settings, http::StepSink sink,
                                                              std::stop_token stop)
{
    if (const auto typed = serverOfSettings(settings, {})) {
        co_return typedServer(*typed);
    }
    if (!settings.issuer.isEmpty()) {
        co_return co_await findServer(client, budget, settings.issuer,
                                      policyForIssuer(settings, http::UrlPolicy(serverUrl)), settings, sink,
                                      stop);
    }
    Result<Find<AuthorizationServer>> hinted =
        co_await serverOfHints(client, budget, serverUrl, challenge.serverHints, settings, sink, stop);
    if (hinted || hinted.error().kind != ErrorKind::NotFound) {
        co_return hinted;
    }
    if (!asksForToken(challenge)) {
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

/// The URL policy doesn't know who has named what it refuses.
base::Error namingServer(base::Error error, const QUrl &serverUrl)
{
    if (error.kind == ErrorKind::RefusedByPolicy && error.host.isEmpty()) {
        error.host = base::displayAuthority(serverUrl);
        error.sentence = Words::tr("Stopped: %1 names an address that is not safe to use.").arg(error.host);
    }
    return error;
}

/// Behind the path of a server that asks for a token, where its description isn't in the usual places.
Task<Result<Find<ProtectedResource>>> findResourceByCustom(http::Client &client, DiscoveryBudget budget,
                                                           QUrl serverUrl, SignInSettings settings,
                                                           http::StepSink sink, std::stop_token stop)
{
    const QList<QUrl> places = customaryResourceUrls(serverUrl);
    Result<Find<ProtectedResource>> find =
        co_await findResourceAt(client, budget, places, serverUrl, settings, {}, sink, stop);
    co_return find;
}

bool isGuess(const Result<Find<AuthorizationServer>> &server)
{
    return server && server->thing.described == AuthorizationServer::Described::ByFixedPaths;
}

Discovery discoveryOf(const ProtectedResource &resource, const AuthorizationServer &server,
                      const ChallengeInfo &challenge, const SignInSettings &settings)
{
    Discovery found;
    found.resource = resource;
    found.server = server;
    found.scopes = scopesToAsk(challenge.scope, found.resource, found.server, settings);
    found.wantsDpop = wantsDpop(challenge, found, settings);
    return found;
}

/// A rule that is bent for the resource is named first: nothing behind it is of use without.
Prospect prospectOf(const Discovery &discovery, const std::optional<base::Error> &ofResource,
                    const std::optional<base::Error> &ofServer)
{
    if (!ofResource && !ofServer) {
        return {discovery};
    }
    return {base::failed(ofResource ? *ofResource : *ofServer), discovery};
}

} // namespace

Task<Prospect> lookAhead(http::Client &client, base::Deadlines deadlines, QUrl serverUrl,
                         QList<Challenge> challenges, SignInSettings settings, http::StepSink sink,
                         std::stop_token stop)
{
    const DiscoveryBudget budget(deadlines);
    const ChallengeInfo challenge = summarize(challenges);
    Result<Find<ProtectedResource>> resource =
        co_await findResource(client, budget, serverUrl, challenge.resourceMetadata, settings, sink, stop);
    if (!resource && resource.error().kind != ErrorKind::NotFound) {
        co_return Prospect{base::failed(namingServer(resource.error(), serverUrl))};
    }
    Result<Find<AuthorizationServer>> server = base::failed(base::Error());
    if (!resource) {
        server = co_await serverWithoutResource(client, budget, serverUrl, challenge, settings, sink, stop);
    }
    if (!resource && isGuess(server)) {
        resource = co_await findResourceByCustom(client, budget, serverUrl, settings, sink, stop);
    }
    if (resource) {
        server = co_await serverOfResource(client, budget, serverUrl, resource->thing, settings, sink, stop);
    }
    if (!server) {
        co_return Prospect{base::failed(namingServer(server.error(), serverUrl))};
    }
    const ProtectedResource about = resource ? resource->thing : ProtectedResource::ofServer(serverUrl);
    const std::optional<base::Error> ofResource = resource ? resource->refusal : std::nullopt;
    co_return prospectOf(discoveryOf(about, server->thing, challenge, settings), ofResource, server->refusal);
}

Task<Result<Discovery>> discover(http::Client &client, base::Deadlines deadlines, QUrl serverUrl,
                                 QList<Challenge> challenges, SignInSettings settings, http::StepSink sink,
                                 std::stop_token stop)
{
    Prospect prospect = co_await lookAhead(client, deadlines, std::move(serverUrl), std::move(challenges),
                                           std::move(settings), std::move(sink), std::move(stop));
    co_return std::as_const(prospect.found);
}

Task<Result<AuthorizationServer>> fetchAuthorizationServer(http::Client &client, base::Deadlines deadlines,
                                                           QString issuer, http::UrlPolicy policy,
                                                           http::StepSink sink, std::stop_token stop)
{
    const DiscoveryBudget budget(deadlines);
    const SignInSettings settings;
    Result<Find<AuthorizationServer>> server =
        co_await findServer(client, budget, issuer, policy, settings, sink, stop);
    if (server && !server->refusal) {
        co_return std::as_const(server->thing);
    }
    co_return base::failed(server ? *server->refusal : server.error());
}

} // namespace mooring::oauth
