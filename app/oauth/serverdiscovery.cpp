// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/serverdiscovery.h"

#include "base/displaytext.h"
#include "oauth/wellknown.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using Described = AuthorizationServer::Described;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::oauth", text);
}

/// What the candidates of one issuer came to.
struct Search {
    std::optional<AuthorizationServer> server;
    /// Of the answer that ended the search, or the most telling one.
    base::Error error;
    /// Every place said that there is nothing.
    bool isNotThere = false;
};

/// One service under several names is common, and so is a page that people know in front of a token endpoint
/// that they don't (mix-up, RFC 9700 section 4.4). Nobody but the person can tell the two apart.
void noteOtherHosts(const http::StepSink &sink, const AuthorizationServer &server)
{
    const QString issuer = base::displayHost(QUrl(server.issuer));
    const QString page = base::displayHost(server.authorizationEndpoint);
    const QString tokens = base::displayHost(server.tokenEndpoint);
    if (page != issuer || tokens != issuer) {
        reportNote(sink,
                   tr("You sign in at %1, and the access comes from %2. Go on if both belong to %3.")
                       .arg(page, tokens, issuer),
                   base::displayText(server.tokenEndpoint.toString(QUrl::FullyEncoded)));
    }
}

Task<Search> searchServer(http::Client &client, DiscoveryBudget budget, QUrl issuerUrl, QString issuer,
                          AuthorizationServer::Reading reading, http::StepSink sink, std::stop_token stop)
{
    Search search;
    MostTelling telling;
    const QString host = base::displayAuthority(issuerUrl);
    const QList<QUrl> candidates = authorizationServerUrls(issuerUrl);
    for (const QUrl &candidate : candidates) {
        Result<MetadataDocument> document =
            co_await fetchMetadata(client, budget, candidate, reading.policy.typed(), sink, stop);
        Result<AuthorizationServer> server = document
                                                 ? AuthorizationServer::read(document->json, issuer, reading)
                                                 : base::failed(document.error());
        if (server) {
            const QString learnt = server->registrationEndpoint.isValid()
                                       ? tr("%1 lets Mooring register by itself.").arg(host)
                                       : tr("%1 wants apps to be registered by hand.").arg(host);
            reportFound(sink, document->step, learnt, base::displayText(server->issuer));
            noteOtherHosts(sink, *server);
            search.server = *server;
            co_return search;
        }
        if (document) {
            reportFailure(sink, document->step, server.error());
        }
        if (endsSearch(server.error())) {
            search.error = server.error();
            co_return search;
        }
        telling.add(server.error());
    }
    search.isNotThere = telling.isNotThere();
    search.error = telling.error().value_or(base::Error());
    co_return search;
}

AuthorizationServer atFixedPaths(const QString &origin)
{
    AuthorizationServer server;
    server.issuer = origin;
    server.authorizationEndpoint = QUrl(origin + u"/authorize"_s);
    server.tokenEndpoint = QUrl(origin + u"/token"_s);
    server.registrationEndpoint = QUrl(origin + u"/register"_s);
    server.described = Described::ByFixedPaths;
    return server;
}

void noteMissingPkce(const http::StepSink &sink, const AuthorizationServer &server)
{
    if (server.codeChallengeMethods.isEmpty()) {
        reportNote(sink,
                   tr("%1 doesn't say whether it protects sign-ins against theft (PKCE). Servers of its age "
                      "needn't; Mooring sends its half all the same.")
                       .arg(base::displayAuthority(QUrl(server.issuer))),
                   u"no code_challenge_methods_supported"_s);
    }
}

} // namespace

Task<Result<AuthorizationServer>> findServer(http::Client &client, DiscoveryBudget budget, QString issuer,
                                             http::UrlPolicy policy, SignInSettings settings,
                                             http::StepSink sink, std::stop_token stop)
{
    const Result<QUrl> url = policy.check(issuer, http::UrlUse::Metadata);
    if (!url) {
        reportFailure(sink, http::Step(), url.error());
        co_return base::failed(url.error());
    }
    const AuthorizationServer::Reading reading{policy, settings, Described::ByMetadata};
    Search search = co_await searchServer(client, budget, *url, issuer, reading, sink, stop);
    if (search.server) {
        co_return *search.server;
    }
    if (search.isNotThere) {
        search.error.sentence = tr("The sign-in service %1 doesn't describe itself, so Mooring can't use it.")
                                    .arg(base::displayAuthority(*url));
    }
    co_return base::failed(search.error);
}

Task<Result<AuthorizationServer>> findLegacyServer(http::Client &client, DiscoveryBudget budget,
                                                   QUrl serverUrl, SignInSettings settings,
                                                   http::StepSink sink, std::stop_token stop)
{
    const QString host = base::displayAuthority(serverUrl);
    const QUrl root = serverUrl.adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment
                                         | QUrl::RemoveUserInfo);
    const QString origin = root.toString(QUrl::FullyEncoded);
    const http::UrlPolicy policy(serverUrl);
    if (const Result<QUrl> url = policy.check(origin, http::UrlUse::Endpoint); !url) {
        co_return base::failed(url.error());
    }
    reportNote(sink,
               tr("%1 names no sign-in service. Trying it as the servers of spring 2025 did.").arg(host),
               u"MCP 2025-03-26"_s);
    const AuthorizationServer::Reading reading{policy, settings, Described::AtServerOrigin};
    Search search = co_await searchServer(client, budget, root, origin, reading, sink, stop);
    if (search.server) {
        noteMissingPkce(sink, *search.server);
        co_return *search.server;
    }
    if (!search.isNotThere) {
        co_return base::failed(search.error);
    }
    reportNote(sink,
               tr("%1 describes no sign-in at all. The addresses that servers of that time had are a guess.")
                   .arg(host),
               u"/authorize, /token, /register"_s);
    co_return atFixedPaths(origin);
}

std::optional<Result<AuthorizationServer>> serverOfSettings(const SignInSettings &settings,
                                                            const QString &issuer)
{
    if (!settings.authorizationEndpoint.isValid() || !settings.tokenEndpoint.isValid()) {
        return std::nullopt;
    }
    QString name = settings.issuer.isEmpty() ? issuer : settings.issuer;
    if (name.isEmpty()) {
        name = settings.authorizationEndpoint
                   .adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment)
                   .toString(QUrl::FullyEncoded);
    }
    // There is no document whose list of challenge methods could be missing.
    SignInSettings typed = settings;
    typed.toleratesMissingPkce = true;
    const AuthorizationServer::Reading reading{http::UrlPolicy(http::AddressClass::Loopback), typed,
                                               Described::ByMetadata};
    return AuthorizationServer::read({{u"issuer"_s, name}}, name, reading);
}

QStringList issuersOfHint(const QString &hint)
{
    static const QRegularExpression endpoint(
        u"^(https?://[^/?#]+(?:/[^?#]*?)?)(?:/oauth2?)?(/v[0-9.]+)?/authorize/?(?:\\?.*)?$"_s);
    const QRegularExpressionMatch match = endpoint.match(hint);
    if (!match.hasMatch()) {
        return {hint};
    }
    QStringList issuers;
    if (!match.captured(2).isEmpty()) {
        // Entra: …/TENANT/oauth2/v2.0/authorize belongs to …/TENANT/v2.0.
        issuers.append(match.captured(1) + match.captured(2));
    }
    issuers.append(match.captured(1));
    return issuers;
}

http::UrlPolicy policyForIssuer(const SignInSettings &settings, const http::UrlPolicy &otherwise)
{
    return settings.issuer.isEmpty() ? otherwise : http::UrlPolicy(QUrl(settings.issuer));
}

} // namespace mooring::oauth
