// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/samples.h"

#include <QJsonArray>
#include <QTimeZone>

namespace mooring::uitests {

using namespace Qt::StringLiterals;
using connections::AuthorizationKind;
using connections::Phase;
using ui::ConnectionDetails;

QDateTime sampleNow()
{
    return QDateTime(QDate(2026, 11, 20), QTime(14, 46)).toUTC();
}

QJsonObject serviceRecord(oauth::AuthorizationServer::Described described)
{
    oauth::AuthorizationServer server;
    server.issuer = u"https://login.example"_s;
    server.described = described;
    return server.toRecord();
}

namespace {

ConnectionDetails make(const QString &name, const QString &url, Phase phase)
{
    ConnectionDetails details;
    connections::ConnectionRecord &record = details.view.record;
    record.id = name.toLower();
    record.name = name;
    record.url = QUrl(url);
    record.addedAt = sampleNow().addDays(-12);
    details.view.state.phase = phase;
    details.tokensKeptIn = u"GNOME Keyring"_s;
    details.report = sampleReport();
    details.activity = {{sampleNow().addSecs(-60), u"Looked at the server"_s}};
    return details;
}

ConnectionDetails signedIn(const QString &name, const QString &url, Phase phase,
                           std::optional<qint64> secondsLeft, bool hasRefreshToken = true)
{
    ConnectionDetails details = make(name, url, phase);
    connections::ConnectionRecord &record = details.view.record;
    record.kind = AuthorizationKind::OAuth;
    record.issuer = u"https://"_s + record.url.host();
    record.scopesGranted = {u"read"_s, u"write"_s};
    record.hasSecret = true;
    record.authorizedAt = sampleNow().addSecs(-3600);
    connections::ConnectionState &state = details.view.state;
    state.isSignedIn = true;
    state.hasRefreshToken = hasRefreshToken;
    if (secondsLeft) {
        state.expiresAt = sampleNow().addSecs(*secondsLeft);
    }
    details.activity = {{sampleNow(), u"Renewed, valid until 15:40"_s},
                        {sampleNow(), u"Tools listed: 23"_s},
                        {sampleNow().addSecs(-3600), u"Authorized in the browser"_s}};
    return details;
}

ConnectionDetails withError(ConnectionDetails details, base::ErrorKind kind, const QString &sentence)
{
    details.view.state.error = base::makeError(kind, sentence);
    return details;
}

ConnectionDetails waiting()
{
    ConnectionDetails details = make(u"Notion"_s, u"https://mcp.notion.com/mcp"_s, Phase::WaitingForBrowser);
    details.signInUrl = QUrl(u"https://login.notion.com/authorize?client_id=x"_s);
    return details;
}

ConnectionDetails askingForClient()
{
    ConnectionDetails details =
        make(u"GitHub"_s, u"https://api.githubcopilot.com/mcp/"_s, Phase::WaitingForBrowser);
    details.clientNeeded = oauth::ClientNeeded{u"https://github.com"_s, u"http://127.0.0.1:43917/callback"_s};
    return details;
}

/// The service did not know the client that was entered.
ConnectionDetails refusedClient()
{
    ConnectionDetails details = askingForClient();
    details.view.record.id = u"gitlab"_s;
    details.view.record.name = u"GitLab"_s;
    details.clientProblem = u"gitlab.com does not know this app (invalid_client)."_s;
    details.clientNeeded = oauth::ClientNeeded{u"https://gitlab.com"_s, u"http://127.0.0.1:43917/callback"_s};
    return details;
}

ConnectionDetails asksForMore()
{
    ConnectionDetails details =
        signedIn(u"Linear"_s, u"https://mcp.linear.app/mcp"_s, Phase::Authorized, 40 * 60);
    details.view.record.id = u"linear-2"_s;
    details.view.record.accountLabel = u"sam@home.example"_s;
    details.view.record.scopesAsked = {u"read"_s, u"write"_s};
    details.view.record.scopesGranted = {u"read"_s};
    details.view.wantedScopes = {u"write"_s};
    return details;
}

ConnectionDetails withRemedy(ConnectionDetails details, const QString &remedy, const QString &sentence)
{
    base::Error error = base::makeError(base::ErrorKind::RefusedByPolicy, sentence);
    error.remedy = remedy;
    error.host = details.view.record.url.host();
    details.view.state.error = error;
    return details;
}

ConnectionDetails movedService()
{
    ConnectionDetails details =
        signedIn(u"Ledger"_s, u"https://mcp.ledger.example/mcp"_s, Phase::Stopped, 900);
    details.view.record.issuer = u"https://login.ledger.example"_s;
    details.report->discovery->server.issuer = u"https://accounts.newowner.example"_s;
    return withRemedy(details, QStringView(oauth::remedies::acceptsNewIssuer).toString(),
                      u"Stopped: this server used to sign you in at login.ledger.example and now names "
                      "accounts.newowner.example."_s);
}

ConnectionDetails foreignPage()
{
    ConnectionDetails details = make(u"Invoices"_s, u"https://mcp.invoices.example/mcp"_s, Phase::Stopped);
    oauth::AuthorizationServer &server = details.report->discovery->server;
    server.issuer = u"https://mcp.invoices.example"_s;
    server.authorizationEndpoint = QUrl(u"https://accounts.bank.example/authorize"_s);
    server.tokenEndpoint = QUrl(u"https://mcp.invoices.example/token"_s);
    return withRemedy(
        details, QStringView(oauth::remedies::acceptsForeignPage).toString(),
        u"Stopped: you would sign in at accounts.bank.example, but mcp.invoices.example would get "
        "the access. Go on only if you know that both belong together."_s);
}

/// A server of early 2025 that wants some rules bent, and a client that was typed in.
ConnectionDetails oldAndBent()
{
    ConnectionDetails details =
        signedIn(u"Archive"_s, u"https://archive.example/sse"_s, Phase::Authorized, 3000);
    connections::ConnectionRecord &record = details.view.record;
    record.era = mcp::Era::HttpSse;
    record.authorizationServer = serviceRecord(oauth::AuthorizationServer::Described::ByFixedPaths);
    record.accountLabel = u"sam@example.com"_s;
    record.scopesAsked = {u"read"_s, u"write"_s, u"offline_access"_s};
    record.resource = u"https://archive.example/sse"_s;
    record.settings.sendsResource = false;
    record.settings.redirectHost = u"localhost"_s;
    record.settings.redirectPort = 7777;
    connections::RegistrationRecord registration;
    registration.clientId = u"archive-7f3a91"_s;
    registration.source = oauth::ClientRegistration::Source::Manual;
    registration.registeredAt = sampleNow().addDays(-3);
    details.view.registration = registration;
    return details;
}

ConnectionDetails locked()
{
    ConnectionDetails details =
        signedIn(u"Mail"_s, u"https://mcp.mail.example/mcp"_s, Phase::KeychainTrouble, 600);
    details.view.state.error = base::keychainError(
        base::KeychainCase::Locked, u"The keychain is locked. Unlock it and the sign-in works as before."_s);
    return details;
}

/// Disconnected while the service could not be reached.
ConnectionDetails toldLater()
{
    ConnectionDetails details = make(u"Forum"_s, u"https://mcp.forum.example/mcp"_s, Phase::NotAuthorized);
    details.view.record.issuer = u"https://login.forum.example"_s;
    connections::RevocationRecord pending;
    pending.id = u"told-later"_s;
    pending.connectionId = details.view.record.id;
    pending.name = details.view.record.name;
    pending.issuer = details.view.record.issuer;
    pending.since = sampleNow();
    pending.until = sampleNow().addDays(1);
    details.view.pending = pending;
    return details;
}

QUrl hostileUrl(const QString &text)
{
    // http::UrlPolicy takes none that is longer.
    QUrl url(u"https://mcp.hostile.example/mcp"_s);
    url.setPath(u'/' + text.left(2000), QUrl::DecodedMode);
    return url;
}

} // namespace

QList<Sample> samples()
{
    ConnectionDetails linear =
        signedIn(u"Linear"_s, u"https://mcp.linear.app/mcp"_s, Phase::Authorized, 54 * 60 + 20);
    linear.view.record.accountLabel = u"work"_s;
    linear.view.record.era = mcp::Era::Stateless;
    linear.view.record.resource = u"https://mcp.linear.app/mcp"_s;
    connections::RegistrationRecord registration;
    registration.clientId = u"k3GvXz0pWq"_s;
    registration.registeredAt = sampleNow().addDays(-12);
    linear.view.registration = registration;
    linear.tools = sampleTools();
    ConnectionDetails key = make(u"Tracking"_s, u"https://mcp.tracking.example/mcp"_s, Phase::ApiKey);
    key.view.record.kind = AuthorizationKind::Header;
    key.view.record.headerName = u"X-Api-Key"_s;
    ConnectionDetails window =
        signedIn(u"Sandbox"_s, u"https://sandbox.example/mcp"_s, Phase::Authorized, 1800, false);
    window.view.state.isWindowOnly = true;
    return {
        {u"authorized"_s, linear},
        {u"renews"_s, signedIn(u"Sentry"_s, u"https://mcp.sentry.dev/mcp"_s, Phase::RenewsOnUse, -600)},
        {u"not-authorized"_s,
         make(u"Calendar"_s, u"https://mcp.calendar.example/mcp"_s, Phase::NotAuthorized)},
        {u"waiting"_s, waiting()},
        {u"client-needed"_s, askingForClient()},
        {u"client-refused"_s, refusedClient()},
        {u"asks-for-more"_s, asksForMore()},
        {u"offers-setting"_s,
         withRemedy(
             make(u"Directory"_s, u"https://mcp.directory.example/mcp"_s, Phase::NotAuthorized),
             QStringView(oauth::remedies::toleratesMissingPkce).toString(),
             u"mcp.directory.example does not say that it supports PKCE, so Mooring did not sign in."_s)},
        {u"moved-service"_s, movedService()},
        {u"foreign-page"_s, foreignPage()},
        {u"old-and-bent"_s, oldAndBent()},
        {u"open"_s, make(u"Docs search"_s, u"https://docs.example.org/mcp"_s, Phase::Open)},
        {u"api-key"_s, key},
        {u"unreachable"_s,
         withError(signedIn(u"Intranet"_s, u"https://mcp.intra.example/mcp"_s, Phase::Unreachable, 900),
                   base::ErrorKind::Network,
                   u"mcp.intra.example could not be reached. Check the network, then try again."_s)},
        {u"expired"_s,
         withError(signedIn(u"Wiki"_s, u"https://mcp.wiki.example/mcp"_s, Phase::SignInExpired, -600, false),
                   base::ErrorKind::SignInNeeded,
                   u"mcp.wiki.example no longer accepts this sign-in. Authorize again."_s)},
        {u"stopped"_s,
         withError(
             make(u"Payments"_s, u"https://pay.example.net/mcp"_s, Phase::Stopped),
             base::ErrorKind::RefusedByPolicy,
             u"Stopped: the sign-in service at pay.example.net says that it is another one (login.example.org)."_s)},
        {u"keychain"_s, locked()},
        {u"window-only"_s, window},
        {u"no-expiry"_s,
         signedIn(u"Files"_s, u"https://files.example/mcp"_s, Phase::Authorized, std::nullopt)},
        {u"last-minute"_s, signedIn(u"Demo"_s, u"http://127.0.0.1:27111/mcp"_s, Phase::Authorized, 42)},
        {u"checking"_s, make(u"Weather"_s, u"https://weather.example/mcp"_s, Phase::Checking)},
        {u"not-mcp"_s, make(u"Homepage"_s, u"https://www.example.com/"_s, Phase::NotMcp)},
        {u"told-later"_s, toldLater()},
        {u"disconnecting"_s, make(u"Old CRM"_s, u"https://crm.example/mcp"_s, Phase::Disconnecting)},
    };
}

QList<text::ConnectionView> sampleViews()
{
    QList<text::ConnectionView> views;
    const QList<Sample> all = samples();
    for (const Sample &sample : all) {
        views.append(sample.details.view);
    }
    return views;
}

mcp::ProbeReport sampleReport()
{
    using http::Step;
    const QUrl url(u"https://mcp.linear.app/mcp"_s);
    const QString wellKnown = u"https://mcp.linear.app/.well-known/"_s;
    mcp::ProbeReport report;
    report.verdict = mcp::ProbeReport::Verdict::NeedsSignIn;
    report.at = sampleNow().addSecs(-180);
    report.steps = {
        {u"It is an MCP server and wants you to sign in"_s, Step::Outcome::Done, "POST", url, 401,
         std::chrono::milliseconds(84), u"server/discover"_s},
        {u"No sign-in description at this place."_s,
         Step::Outcome::NotThere,
         "GET",
         QUrl(wellKnown + u"oauth-protected-resource/mcp"_s),
         404,
         std::chrono::milliseconds(40),
         {}},
        {u"Sign-in service: mcp.linear.app"_s,
         Step::Outcome::Done,
         "GET",
         QUrl(wellKnown + u"oauth-authorization-server"_s),
         200,
         std::chrono::milliseconds(61),
         {}},
        {u"Supports everything needed (PKCE, registration, revocation)"_s, Step::Outcome::Done},
        {u"Will ask for: read, write"_s, Step::Outcome::Done},
    };
    oauth::Discovery discovery;
    discovery.server.issuer = u"https://mcp.linear.app"_s;
    discovery.server.authorizationEndpoint = QUrl(u"https://mcp.linear.app/authorize"_s);
    discovery.server.registrationEndpoint = QUrl(u"https://mcp.linear.app/register"_s);
    discovery.scopes = {u"read"_s, u"write"_s};
    report.discovery = discovery;
    return report;
}

QList<mcp::Tool> sampleTools()
{
    const QJsonObject text{{u"type"_s, u"string"_s}, {u"description"_s, u"What to look for"_s}};
    const QJsonObject schema{{u"type"_s, u"object"_s},
                             {u"properties"_s, QJsonObject{{u"query"_s, text}}},
                             {u"required"_s, QJsonArray{u"query"_s}}};
    QList<mcp::Tool> tools{
        {u"list_issues"_s, u"List issues"_s, u"Lists the issues of a team, newest first."_s, schema},
        {u"create_issue"_s, {}, u"Creates an issue in a team with a title and a description."_s, schema},
        {u"search"_s, {}, u"Searches issues, projects and documents."_s, schema},
    };
    for (int number = 4; number <= 23; ++number) {
        tools.append({u"tool_%1"_s.arg(number), {}, u"Does the thing number %1."_s.arg(number), {}});
    }
    return tools;
}

QPalette lightPalette()
{
    QPalette palette(QColor(0xf0f2f4), QColor(0xf6f7f9));
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::WindowText, QColor(0x1c2126));
    palette.setColor(QPalette::Text, QColor(0x1c2126));
    palette.setColor(QPalette::ButtonText, QColor(0x1c2126));
    palette.setColor(QPalette::Highlight, QColor(0x0b6e99));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::PlaceholderText, QColor(0x6b7280));
    return palette;
}

QPalette darkPalette()
{
    QPalette palette(QColor(0x2b2f34), QColor(0x1d2024));
    palette.setColor(QPalette::Base, QColor(0x25282d));
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        palette.setColor(role, QColor(0xe8eaed));
        palette.setColor(QPalette::Disabled, role, QColor(0x7a828c));
    }
    palette.setColor(QPalette::ToolTipBase, QColor(0x25282d));
    palette.setColor(QPalette::Highlight, QColor(0x3f9fca));
    palette.setColor(QPalette::HighlightedText, QColor(0x0e1114));
    palette.setColor(QPalette::PlaceholderText, QColor(0x98a2ad));
    return palette;
}

QPalette highContrastPalette()
{
    QPalette palette(Qt::black, Qt::black);
    palette.setColor(QPalette::Base, Qt::black);
    for (const auto role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText}) {
        palette.setColor(role, Qt::white);
    }
    palette.setColor(QPalette::Highlight, Qt::yellow);
    palette.setColor(QPalette::HighlightedText, Qt::black);
    return palette;
}

ConnectionDetails longDetails()
{
    ConnectionDetails details = samples().first().details;
    details.tools = QList<mcp::Tool>(10'000, details.tools->first());
    details.view.record.scopesGranted = QStringList(10'000, u"scope"_s);
    details.view.record.scopesAsked = QStringList(10'000, u"other"_s);
    details.view.wantedScopes = QStringList(10'000, u"more"_s);
    details.activity =
        QList<connections::ActivityEntry>(connections::ActivityLog::maximumEntries, details.activity.first());
    details.report->steps = QList<http::Step>(200, details.report->steps.first());
    details.report->at = sampleNow();
    return details;
}

ConnectionDetails hostileDetails(const QString &text)
{
    ConnectionDetails details = samples().first().details;
    connections::ConnectionRecord &record = details.view.record;
    record.name = record.accountLabel = record.headerName = record.resource = text;
    record.scopesAsked = {text, u"read"_s};
    record.scopesGranted = {text, text};
    record.settings.extraScopes = {text};
    record.settings.loginHint = text.left(2000);
    record.url = hostileUrl(text);
    record.issuer = hostileUrl(text).toString();
    oauth::AuthorizationServer server;
    server.issuer = text;
    server.scopesSupported = {text};
    record.authorizationServer = server.toRecord();
    details.view.wantedScopes = QStringList(30, text);
    details.view.state.phase = connections::Phase::Stopped;
    details.view.state.error = base::makeError(base::ErrorKind::RefusedByPolicy, text, text, text);
    details.tokensKeptIn = text;
    details.activity = {{sampleNow(), text}, {sampleNow().addDays(-1), text}};
    details.server = mcp::ServerInfo{text, text, text, mcp::Era::Sessions};
    const QString key = text.left(10'000);
    const QJsonObject schema{{key, QJsonObject{{key, QJsonArray{text, text, QJsonObject{{key, key}}}}}}};
    details.tools =
        QList<mcp::Tool>{{text, text, text, schema}, {text, {}, {}, {}}, {u"x"_s, text, text, {}}};
    details.view.registration->clientId = text;
    for (http::Step &step : details.report->steps) {
        step.learnt = step.detail = text;
        step.url = hostileUrl(text);
    }
    details.report->server = details.server;
    details.report->error = base::makeError(base::ErrorKind::Protocol, text, text, text);
    details.report->discovery->server.issuer = record.issuer;
    details.report->discovery->scopes = {text};
    return details;
}

} // namespace mooring::uitests
