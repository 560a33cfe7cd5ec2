// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/offers.h"

#include "base/displaytext.h"
#include "connections/departuretext.h"

#include <QCoreApplication>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using connections::Phase;
namespace remedies = oauth::remedies;

namespace {

/// A server may ask for a hundred rights; nobody reads more than these.
constexpr qsizetype maximumScopes = 12;

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::ui", text);
}

bool is(QStringView remedy, QStringView name)
{
    return remedy == name;
}

/// The sign-in service, where it is known; else the server itself.
QString serviceOf(const ConnectionDetails &details)
{
    const connections::ConnectionRecord &record = details.view.record;
    const QString &host = details.view.state.error ? details.view.state.error->host : QString();
    if (!host.isEmpty()) {
        return base::displayText(host);
    }
    return record.issuer.isEmpty() ? base::displayAuthority(record.url)
                                   : base::displayAuthority(QUrl(record.issuer));
}

Offer newIssuer(const ConnectionDetails &details)
{
    const QString before = base::displayAuthority(QUrl(details.view.record.issuer));
    QString now = base::displayText(details.view.state.error->host);
    if (details.report && details.report->discovery) {
        now = base::displayAuthority(QUrl(details.report->discovery->server.issuer));
    }
    if (now.isEmpty() || now == before) {
        now = tr("another service");
    }
    return {
        Offer::Kind::AcceptNewIssuer,
        tr("So far you signed in for %1 at %2. Now the server sends you to %3. Go on only if you know why "
           "it has moved; a stranger who has taken over the server would do the same.")
            .arg(nameOf(details.view), before, now),
        tr("Sign in at %1").arg(now)};
}

Offer foreignPage(const ConnectionDetails &details, const QString &service)
{
    QString page = tr("this page");
    if (details.report && details.report->discovery) {
        page = base::displayAuthority(details.report->discovery->server.authorizationEndpoint);
    }
    return {
        Offer::Kind::AcceptForeignPage,
        tr("A stranger can put a page that you trust in front of a service of their own. If you know that %1 "
           "and %2 belong together, you can go on.")
            .arg(page, service),
        tr("Sign in at %1").arg(page)};
}

/// For the rules that one setting bends.
std::optional<Offer> settingOffer(QStringView remedy, const QString &service, const QString &server)
{
    if (is(remedy, remedies::toleratesMissingPkce)) {
        return Offer{Offer::Kind::ChangeSetting,
                     tr("%1 does not say that it checks Mooring's protection of the sign-in (PKCE). Mooring "
                        "can use it all the same and hope that it does.")
                         .arg(service),
                     tr("Sign in anyway")};
    }
    if (is(remedy, remedies::toleratesForeignResource)) {
        return Offer{Offer::Kind::ChangeSetting,
                     tr("The description of the sign-in is written for another part of %1. If you trust all "
                        "of it, Mooring can use that one.")
                         .arg(server),
                     tr("Use it")};
    }
    if (is(remedy, remedies::omitsResource)) {
        return Offer{Offer::Kind::ChangeSetting,
                     tr("%1 does not want to be told which server the access is for. Mooring can leave that "
                        "out; the access may then be good at other servers of the same service too.")
                         .arg(service),
                     tr("Leave it out")};
    }
    if (is(remedy, remedies::sendsScopeOnRefresh)) {
        return Offer{Offer::Kind::ChangeSetting,
                     tr("%1 wants to hear the permissions again at each renewal. Mooring can repeat them.")
                         .arg(service),
                     tr("Repeat them")};
    }
    return std::nullopt;
}

std::optional<Offer> remedyOffer(const ConnectionDetails &details)
{
    const QString &remedy = details.view.state.error->remedy;
    const QString service = serviceOf(details);
    std::optional<Offer> offer =
        settingOffer(remedy, service, base::displayAuthority(details.view.record.url));
    if (is(remedy, remedies::forgetsRegistration)) {
        offer = Offer{Offer::Kind::ForgetRegistration,
                      tr("%1 may have forgotten that Mooring is registered there. Mooring can forget it too, "
                         "and register anew.")
                          .arg(service),
                      tr("Register anew")};
    } else if (is(remedy, remedies::entersClient)) {
        offer =
            Offer{Offer::Kind::EnterClient,
                  tr("Mooring can't register itself at %1. You can do it there by hand; Mooring says how.")
                      .arg(service),
                  tr("Show me how")};
    } else if (is(remedy, remedies::acceptsNewIssuer)) {
        offer = newIssuer(details);
    } else if (is(remedy, remedies::acceptsForeignPage)) {
        offer = foreignPage(details, service);
    }
    if (offer) {
        offer->remedy = remedy;
    }
    return offer;
}

bool isBusy(const ConnectionDetails &details)
{
    const Phase phase = details.view.state.phase;
    return details.isSigningIn || phase == Phase::WaitingForBrowser || phase == Phase::Checking
           || phase == Phase::Disconnecting;
}

Offer moreOffer(const ConnectionDetails &details)
{
    QStringList names;
    const QStringList &wanted = details.view.wantedScopes;
    for (const QString &scope : wanted.first(qMin(wanted.size(), maximumScopes))) {
        names.append(base::displayText(scope, 60));
    }
    if (wanted.size() > maximumScopes) {
        names.append(tr("and %1 more").arg(wanted.size() - maximumScopes));
    }
    return {Offer::Kind::AllowMore, tr("%1 asks for: %2").arg(nameOf(details.view), names.join(u", "_s)),
            tr("Allow…"), tr("Not now")};
}

} // namespace

std::optional<Offer> offerOf(const ConnectionDetails &details)
{
    if (isBusy(details)) {
        return std::nullopt;
    }
    if (details.view.state.error && !details.view.state.error->remedy.isEmpty()) {
        if (std::optional<Offer> offer = remedyOffer(details)) {
            return offer;
        }
    }
    return details.view.wantedScopes.isEmpty() ? std::nullopt : std::optional(moreOffer(details));
}

std::optional<Offer> pendingOffer(const ConnectionDetails &details, const QDateTime &now)
{
    const std::optional<connections::RevocationRecord> &pending = details.view.pending;
    if (isBusy(details) || !pending) {
        return std::nullopt;
    }
    return Offer{Offer::Kind::ForgetRevocation,
                 connections::pendingText(*pending, details.view.state.isSignedIn, now), tr("Forget now")};
}

} // namespace mooring::ui
