// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/serverdiscovery.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "oauth/metadatamembers.h"
#include "oauth/protectedresource.h"
#include "oauth/wellknown.h"

#include <QRegularExpression>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using Described = AuthorizationServer::Described;

namespace {

/// One issuer, and how its documents are to be taken.
struct Question {
    /// Identifiers that a document may have; the first is the one that is looked up.
    QStringList names;
    QUrl url;
    AuthorizationServer::Reading reading;
    QList<QUrl> places;
    /// Asked if all of those had nothing; what they hold is mostly about somebody else.
    QList<QUrl> customaryPlaces = {};
};

/// What the candidates of one issuer came to.
struct Search {
    std::optional<Find<AuthorizationServer>> find;
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
                   Words::tr("You sign in at %1, and the access comes from %2. Go on if both belong to %3.")
                       .arg(page, tokens, issuer),
                   http::shownUrl(server.tokenEndpoint));
    }
}

/// What an optional member that can't be used would have been good for.
QString lossOf(const QString &member)
{
    if (member == "registration_endpoint"_L1) {
        return Words::tr(
            "%1 gives no usable address for registering apps: Mooring has to be registered by hand.");
    }
    if (member == "revocation_endpoint"_L1) {
        return Words::tr(
            "%1 gives no usable address for taking a sign-in back: after you disconnect, it goes on there "
            "until it runs out.");
    }
    if (member == "userinfo_endpoint"_L1) {
        return Words::tr(
            "%1 gives no usable address for asking who is signed in: Mooring can't show the account.");
    }
    return Words::tr("%1 describes a part of its sign-in that can't be used; Mooring goes on without it.");
}

/// As the issuer that the document says it is about, if that is one of those that were looked up.
Result<Find<AuthorizationServer>> readDocument(const QJsonObject &json, const Question &question)
{
    const QString told = addressIn(json.value("issuer"_L1));
    const bool isSecond = question.names.contains(told);
    return readServer(json, isSecond ? told : question.names.first(), question.reading);
}

QString learntFrom(const AuthorizationServer &server, const QString &host)
{
    return server.registrationEndpoint.isValid()
               ? Words::tr("%1 lets Mooring register by itself.").arg(host)
               : Words::tr("%1 wants apps to be registered by hand.").arg(host);
}

Task<Result<Find<AuthorizationServer>>> askPlace(http::Client &client, DiscoveryBudget budget, QUrl place,
                                                 Question question, http::StepSink sink, std::stop_token stop)
{
    Result<MetadataDocument> document =
        co_await fetchMetadata(client, budget, place, question.reading.policy.typed(), sink, stop);
    if (!document) {
        co_return base::failed(document.error());
    }
    const Result<Find<AuthorizationServer>> find = readDocument(document->json, question);
    if (!find) {
        reportFailure(sink, document->step, find.error());
    } else if (find->refusal) {
        reportFailure(sink, document->step, *find->refusal);
    } else {
        reportFound(sink, document->step, learntFrom(find->thing, base::displayAuthority(question.url)),
                    http::shownUrl(find->thing.issuer));
        noteServer(sink, find->thing);
    }
    co_return find;
}

/// Where nothing says that a document is about this issuer, one about another is as good as none.
Task<std::optional<Find<AuthorizationServer>>> askCustomaryPlaces(http::Client &client,
                                                                  DiscoveryBudget budget, Question question,
                                                                  http::StepSink sink, std::stop_token stop)
{
    const http::StepSink asNotThere = [sink](http::Step step) {
        if (step.outcome == http::Step::Outcome::Failed) {
            step.outcome = http::Step::Outcome::NotThere;
            step.learnt = Words::tr("The description at this place is about something else.");
        }
        if (sink) {
            sink(step);
        }
    };
    for (const QUrl &place : std::as_const(question.customaryPlaces)) {
        Result<Find<AuthorizationServer>> find =
            co_await askPlace(client, budget, place, question, asNotThere, stop);
        if (find) {
            co_return std::optional(*find);
        }
    }
    co_return std::nullopt;
}

Task<Search> searchServer(http::Client &client, DiscoveryBudget budget, Question question,
                          http::StepSink sink, std::stop_token stop)
{
    Search search;
    MostTelling telling;
    for (const QUrl &place : std::as_const(question.places)) {
        Result<Find<AuthorizationServer>> find =
            co_await askPlace(client, budget, place, question, sink, stop);
        if (find && !find->refusal) {
            search.find = *find;
            co_return search;
        }
        if (find && !search.find) {
            // Another document of the same service may say what this one leaves out.
            search.find = *find;
        } else if (!find && endsSearch(find.error()) && find.error().kind != ErrorKind::RefusedByPolicy) {
            search.error = find.error();
            co_return search;
        } else if (!find) {
            telling.add(find.error());
        }
    }
    search.isNotThere = !search.find && telling.isNotThere();
    search.error = telling.error().value_or(base::Error());
    if (search.isNotThere) {
        search.find = co_await askCustomaryPlaces(client, budget, question, sink, stop);
    }
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
        reportNote(
            sink,
            Words::tr("%1 doesn't say whether it protects sign-ins against theft (PKCE). Servers of its age "
                      "needn't; Mooring sends its half all the same.")
                .arg(base::displayAuthority(QUrl(server.issuer))),
            u"no code_challenge_methods_supported"_s);
    }
}

} // namespace

Result<Find<AuthorizationServer>> readServer(const QJsonObject &json, const QString &issuer,
                                             const AuthorizationServer::Reading &reading)
{
    Result<AuthorizationServer> server = AuthorizationServer::read(json, issuer, reading);
    if (server) {
        return Find<AuthorizationServer>{*server};
    }
    AuthorizationServer::Reading bent = reading;
    bent.settings = withRemedy(reading.settings, server.error().remedy);
    if (bent.settings == reading.settings) {
        return base::failed(server.error());
    }
    const base::Error refusal = server.error();
    server = AuthorizationServer::read(json, issuer, bent);
    if (!server) {
        return base::failed(server.error());
    }
    return Find<AuthorizationServer>{*server, refusal};
}

void noteServer(const http::StepSink &sink, const AuthorizationServer &server)
{
    noteOtherHosts(sink, server);
    for (const AuthorizationServer::Omission &one : server.omissions) {
        reportNote(sink, lossOf(one.member).arg(base::displayAuthority(QUrl(server.issuer))),
                   u"%1: %2"_s.arg(one.member, one.detail));
    }
}

Task<Result<Find<AuthorizationServer>>> findServer(http::Client &client, DiscoveryBudget budget,
                                                   QString issuer, http::UrlPolicy policy,
                                                   SignInSettings settings, http::StepSink sink,
                                                   std::stop_token stop)
{
    const Result<QUrl> url = policy.check(issuer, http::UrlUse::Metadata);
    if (!url) {
        reportFailure(sink, http::Step(), url.error());
        co_return base::failed(url.error());
    }
    const Question question{{issuer},
                            *url,
                            {policy, settings, Described::ByMetadata},
                            authorizationServerUrls(*url),
                            customaryServerUrls(*url)};
    Search search = co_await searchServer(client, budget, question, sink, stop);
    if (search.find) {
        co_return *search.find;
    }
    if (search.isNotThere) {
        // NotFound would mean that nothing speaks of a sign-in.
        search.error.kind = ErrorKind::HttpStatus;
        search.error.sentence =
            Words::tr(
                "The sign-in service %1 doesn't describe itself, so Mooring can't use it. Only its owner can "
                "mend that.")
                .arg(base::displayAuthority(*url));
    }
    co_return base::failed(search.error);
}

Task<Result<Find<AuthorizationServer>>> findLegacyServer(http::Client &client, DiscoveryBudget budget,
                                                         QUrl serverUrl, SignInSettings settings,
                                                         http::StepSink sink, std::stop_token stop)
{
    const QString host = base::displayAuthority(serverUrl);
    const QUrl root = serverUrl.adjusted(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment
                                         | QUrl::RemoveUserInfo);
    const QString origin = root.toString(QUrl::FullyEncoded);
    const http::UrlPolicy policy(serverUrl);
    if (http::UrlPolicy::isPlainHttp(serverUrl)) {
        // Not a danger, only no way in: a key may be one.
        co_return base::failed(makeError(
            ErrorKind::NotFound,
            Words::tr("%1 is reached without encryption, and nobody may sign in like that.").arg(host), {},
            host));
    }
    if (const Result<QUrl> url = policy.check(origin, http::UrlUse::Endpoint); !url) {
        co_return base::failed(url.error());
    }
    reportNote(
        sink,
        Words::tr("%1 names no sign-in service. Trying it as the servers of spring 2025 did.").arg(host),
        u"MCP 2025-03-26"_s);
    const AuthorizationServer::Reading reading{policy, settings, Described::AtServerOrigin};
    Question question{{origin}, root, reading, authorizationServerUrls(root)};
    if (const QString itself = ProtectedResource::ofServer(serverUrl).resource; itself != origin) {
        question.names.append(itself);
        question.customaryPlaces = authorizationServerUrls(QUrl(itself)).first(1);
    }
    Search search = co_await searchServer(client, budget, question, sink, stop);
    if (search.find) {
        noteMissingPkce(sink, search.find->thing);
        co_return *search.find;
    }
    if (!search.isNotThere) {
        co_return base::failed(search.error);
    }
    reportNote(
        sink,
        Words::tr("%1 describes no sign-in at all. The addresses that servers of that time had are a guess.")
            .arg(host),
        u"/authorize, /token, /register"_s);
    co_return Find<AuthorizationServer>{atFixedPaths(origin)};
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
