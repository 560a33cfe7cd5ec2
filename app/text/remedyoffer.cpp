// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/remedyoffer.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "connections/revocation/disconnected.h"

namespace mooring::text {

using namespace Qt::StringLiterals;
using base::Words;
using connections::ConnectionRecord;
using connections::ConnectionState;
using connections::RevocationRecord;
using Verdict = mcp::ProbeReport::Verdict;
namespace remedies = oauth::remedies;

namespace {

/// A server may ask for a hundred rights; nobody reads more than these.
constexpr qsizetype maximumScopes = 12;

bool is(QStringView remedy, QStringView name)
{
    return remedy == name;
}

/// Whom a question is about, fit to be shown.
struct Parties {
    /// What the person calls it.
    QString name;
    /// The server's host.
    QString server;
    /// The sign-in service, where it is known; else the server itself.
    QString service;
    /// The sign-in service that is on record.
    QString before = {};
    const oauth::Discovery *discovery = nullptr;
};

Parties partiesOf(const base::Error &error, const ConnectionRecord &record,
                  const std::optional<mcp::ProbeReport> &report)
{
    Parties parties;
    parties.name = base::displayText(record.name);
    parties.server = base::displayAuthority(record.url);
    parties.before = base::displayAuthority(QUrl(record.issuer));
    parties.service = !error.host.isEmpty()     ? base::displayText(error.host)
                      : record.issuer.isEmpty() ? parties.server
                                                : parties.before;
    parties.discovery = report && report->discovery ? &*report->discovery : nullptr;
    return parties;
}

RemedyOffer newIssuer(const base::Error &error, const Parties &parties)
{
    QString now = parties.discovery ? base::displayAuthority(QUrl(parties.discovery->server.issuer))
                                    : base::displayText(error.host);
    if (now.isEmpty() || now == parties.before) {
        now = Words::tr("another service");
    }
    return {
        RemedyOffer::Kind::AcceptNewIssuer,
        Words::tr(
            "So far you signed in for %1 at %2. Now the server sends you to %3. Go on only if you know why "
            "it has moved; a stranger who has taken over the server would do the same.")
            .arg(parties.name, parties.before, now),
        Words::tr("Sign in at %1").arg(now)};
}

RemedyOffer foreignPage(const Parties &parties)
{
    const QString page = parties.discovery
                             ? base::displayAuthority(parties.discovery->server.authorizationEndpoint)
                             : Words::tr("this page");
    return {RemedyOffer::Kind::AcceptForeignPage,
            Words::tr("A stranger can put a page that you trust in front of a service of their own. If you "
                      "know that %1 "
                      "and %2 belong together, you can go on.")
                .arg(page, parties.service),
            Words::tr("Sign in at %1").arg(page)};
}

RemedyOffer enterClient(const Parties &parties)
{
    return {RemedyOffer::Kind::EnterClient,
            Words::tr("Mooring can't register itself at %1. You can do it there by hand; Mooring says how.")
                .arg(parties.service),
            Words::tr("Show me how")};
}

RemedyOffer enterKey(const Parties &parties)
{
    return {RemedyOffer::Kind::EnterKey,
            Words::tr("%1 lets in whoever sends it a key. You get one from your account there.")
                .arg(parties.server),
            Words::tr("Enter a key…")};
}

/// For the rules that one setting bends.
std::optional<RemedyOffer> settingOffer(QStringView remedy, const Parties &parties)
{
    if (is(remedy, remedies::toleratesMissingPkce)) {
        return RemedyOffer{
            RemedyOffer::Kind::ChangeSetting,
            Words::tr("%1 does not say that it checks Mooring's protection of the sign-in (PKCE). Mooring "
                      "can use it all the same and hope that it does.")
                .arg(parties.service),
            Words::tr("Sign in anyway")};
    }
    if (is(remedy, remedies::allowsPlainHttp)) {
        return RemedyOffer{
            RemedyOffer::Kind::ChangeSetting,
            Words::tr("%1 is reached without encryption. If it is a computer of your own network that you "
                      "trust, Mooring can do that; whoever is in the network can then read what is sent.")
                .arg(parties.server),
            Words::tr("Allow it for this server")};
    }
    if (is(remedy, remedies::toleratesForeignResource)) {
        return RemedyOffer{
            RemedyOffer::Kind::ChangeSetting,
            Words::tr("The description of the sign-in is written for another part of %1. If you trust all "
                      "of it, Mooring can use that one.")
                .arg(parties.server),
            Words::tr("Use it")};
    }
    if (is(remedy, remedies::omitsResource)) {
        return RemedyOffer{
            RemedyOffer::Kind::ChangeSetting,
            Words::tr("%1 does not want to be told which server the access is for. Mooring can leave that "
                      "out; the access may then be good at other servers of the same service too.")
                .arg(parties.service),
            Words::tr("Leave it out")};
    }
    if (is(remedy, remedies::sendsScopeOnRefresh)) {
        return RemedyOffer{
            RemedyOffer::Kind::ChangeSetting,
            Words::tr("%1 wants to hear the permissions again at each renewal. Mooring can repeat them.")
                .arg(parties.service),
            Words::tr("Repeat them")};
    }
    return std::nullopt;
}

std::optional<RemedyOffer> remedyOffer(const base::Error &error, const Parties &parties)
{
    const QString &remedy = error.remedy;
    std::optional<RemedyOffer> offer = settingOffer(remedy, parties);
    if (is(remedy, remedies::forgetsRegistration)) {
        offer = RemedyOffer{
            RemedyOffer::Kind::ForgetRegistration,
            Words::tr("%1 may have forgotten that Mooring is registered there. Mooring can forget it too, "
                      "and register anew.")
                .arg(parties.service),
            Words::tr("Register anew")};
    } else if (is(remedy, remedies::entersClient)) {
        offer = enterClient(parties);
    } else if (is(remedy, remedies::acceptsNewIssuer)) {
        offer = newIssuer(error, parties);
    } else if (is(remedy, remedies::acceptsForeignPage)) {
        offer = foreignPage(parties);
    }
    if (offer) {
        offer->remedy = remedy;
    }
    return offer;
}

/// What SignIn would stop at, or ask for, with what a look has found out.
std::optional<RemedyOffer> offerBeforeSignIn(const Parties &parties, const oauth::SignInSettings &settings)
{
    const oauth::AuthorizationServer &server = parties.discovery->server;
    if (server.hasForeignPage() && !settings.tokenEndpoint.isValid()) {
        RemedyOffer offer = foreignPage(parties);
        offer.remedy = QString::fromUtf16(remedies::acceptsForeignPage);
        return offer;
    }
    if (!server.registrationEndpoint.isValid() && !server.clientIdMetadataDocumentSupported) {
        RemedyOffer offer = enterClient(parties);
        offer.remedy = QString::fromUtf16(remedies::entersClient);
        return offer;
    }
    return std::nullopt;
}

RemedyOffer moreOffer(const ConnectionRecord &record, const QStringList &wanted)
{
    QStringList names;
    for (const QString &scope : wanted.first(qMin(wanted.size(), maximumScopes))) {
        names.append(base::displayText(scope, 60));
    }
    if (wanted.size() > maximumScopes) {
        names.append(Words::tr("and %1 more").arg(wanted.size() - maximumScopes));
    }
    return {RemedyOffer::Kind::AllowMore,
            Words::tr("%1 asks for: %2").arg(base::displayText(record.name), names.join(u", "_s)),
            Words::tr("Allow…"), Words::tr("Not now")};
}

} // namespace

std::optional<RemedyOffer> offerAfter(const base::Error &error, const ConnectionRecord &record,
                                      const std::optional<mcp::ProbeReport> &report)
{
    return error.remedy.isEmpty() ? std::nullopt : remedyOffer(error, partiesOf(error, record, report));
}

std::optional<RemedyOffer> offerAfter(const mcp::ProbeReport &report, const QString &serverName,
                                      const oauth::SignInSettings &settings)
{
    Parties parties;
    parties.name = serverName;
    parties.server = serverName;
    parties.service = serverName;
    if (report.discovery) {
        parties.discovery = &*report.discovery;
        parties.service = base::displayAuthority(QUrl(report.discovery->server.issuer));
    }
    if (report.error && !report.error->remedy.isEmpty()) {
        parties.service =
            report.error->host.isEmpty() ? parties.service : base::displayText(report.error->host);
        return remedyOffer(*report.error, parties);
    }
    if (report.verdict == Verdict::NeedsKey) {
        return enterKey(parties);
    }
    if (report.verdict == Verdict::NeedsSignIn && parties.discovery) {
        return offerBeforeSignIn(parties, settings);
    }
    return std::nullopt;
}

std::optional<RemedyOffer> offerOf(const ConnectionRecord &record, const ConnectionState &state,
                                   const QStringList &wantedScopes,
                                   const std::optional<mcp::ProbeReport> &report)
{
    if (state.error) {
        if (std::optional<RemedyOffer> offer = offerAfter(*state.error, record, report)) {
            return offer;
        }
    }
    return wantedScopes.isEmpty() ? std::nullopt : std::optional(moreOffer(record, wantedScopes));
}

std::optional<RemedyOffer> pendingOffer(const RevocationRecord &pending, bool isSignedIn,
                                        const QDateTime &now)
{
    return RemedyOffer{RemedyOffer::Kind::ForgetRevocation,
                       connections::pendingText(pending, isSignedIn, now), Words::tr("Forget now")};
}

} // namespace mooring::text
