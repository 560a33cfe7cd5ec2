// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/moments.h"
#include "base/strictjson.h"
#include "cli/exitcode.h"
#include "cli/outputjson.h"
#include "cli/outputtext.h"
#include "oauth/authorizationserver.h"
#include "oauth/signinsettings.h"
#include "text/settingstext.h"

#include <QJsonArray>
#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::cli;
using base::ErrorKind;

namespace {

/// Clears the screen, sets a title, turns the reading direction, hides, ends a string.
const QString hostile = u"\x1b[2J\x1b]0;title\x07 a\u202e\u2066b\u200b\u009b31m\r\nc\"<b>\u2028"_s;

QDateTime noon()
{
    return QDateTime(QDate(2026, 11, 20), QTime(12, 0), Qt::UTC);
}

text::ConnectionView hostileView()
{
    text::ConnectionView view;
    view.record.id = u"id"_s;
    view.record.name = hostile;
    view.record.url = QUrl(u"https://xn--mnchen-3ya.example:8443/mcp"_s);
    view.record.issuer = hostile;
    view.record.accountLabel = hostile;
    view.record.scopesGranted = {hostile, u"read"_s};
    view.record.headerName = hostile;
    view.state.phase = connections::Phase::Authorized;
    view.state.isSignedIn = true;
    view.state.expiresAt = noon().addSecs(90 * 60);
    view.state.error = base::makeError(ErrorKind::Protocol, hostile, hostile);
    return view;
}

/// Its sentence is the error's.
text::ConnectionView hostileTrouble()
{
    text::ConnectionView view = hostileView();
    view.state.phase = connections::Phase::Stopped;
    return view;
}

/// Nothing in it can steer a terminal, turn the text round or hide something.
bool isHarmless(const QString &text)
{
    return std::none_of(text.begin(), text.end(), [](QChar c) {
        return (c.category() == QChar::Other_Control && c != u'\n') || c.category() == QChar::Other_Format
               || c.category() == QChar::Separator_Line;
    });
}

} // namespace

class TstOutput final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsHostileTextHarmless();
    void keepsHostileJsonHarmlessAndExact();
    void hasStableConnectionJson();
    void hasStableFactsJson();
    void hasStableErrorJson();
    void showsSettings();
    void showsFactsForPeople();
    void hasStableTokenJson();
    void hasStableDisconnectedJson();
    void tellsWhatAServiceIsStillToBeTold();
    void alignsTheList();
    void saysAnEmptyList();
    void coloursOnlyWhenAsked();
    void showsIdsWhereNamesRepeat();
    void namesNoServiceAfterADisconnect();
    void hidesQueriesInSteps();
    void keepsTheLinesOfAResult();
    void mapsErrorsToExitCodes_data();
    void mapsErrorsToExitCodes();
};

// Proves: VT-10
void TstOutput::keepsHostileTextHarmless()
{
    const text::ConnectionView view = hostileView();
    mcp::ProbeReport report;
    report.server = mcp::ServerInfo{hostile, hostile, hostile, mcp::Era::Stateless};
    report.error = base::makeError(ErrorKind::Protocol, hostile, hostile);
    http::Step step;
    step.learnt = hostile;
    step.verb = "GET";
    step.url = QUrl(u"https://a.example/"_s + hostile);
    mcp::Tool tool{hostile, hostile, hostile, {}};
    mcp::ToolResult result;
    result.result = {{u"content"_s, QJsonArray{QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, hostile}}}}};
    connections::TokenFacts facts;
    facts.scopes = {hostile};
    facts.resource = facts.issuer = hostile;

    const Style plain;
    for (const QString &text :
         {listText({view, hostileTrouble()}, plain, noon()), statusText(view, plain, noon()),
          statusText(hostileTrouble(), plain, noon()), verdictText(report, plain), stepText(step, plain),
          toolsText({tool}, plain), resultText(result), tokenText(facts, noon()),
          errorText(*report.error, plain)}) {
        QVERIFY2(isHarmless(text), qPrintable(text));
        QVERIFY(!text.isEmpty());
    }
}

void TstOutput::keepsHostileJsonHarmlessAndExact()
{
    const QString emoji = u"\U0001F6A2 \U000E0041"_s;
    const QByteArray line = jsonLine({{u"text"_s, hostile}, {u"emoji"_s, emoji}});
    QVERIFY(line.endsWith('\n'));
    QCOMPARE(line.count('\n'), 1);
    QVERIFY2(isHarmless(QString::fromUtf8(line)), line.constData());
    const base::Result<QJsonObject> read = base::parseJsonObject(line.trimmed());
    QVERIFY(read.has_value());
    QCOMPARE(read->value("text"_L1).toString(), hostile);
    QCOMPARE(read->value("emoji"_L1).toString(), emoji);
}

void TstOutput::hasStableConnectionJson()
{
    const QJsonObject json = toJson(hostileView(), noon());
    QCOMPARE(json.keys(), (QStringList{u"account"_s,     u"authorization"_s,
                                       u"client"_s,      u"described"_s,
                                       u"era"_s,         u"error"_s,
                                       u"expiresAt"_s,   u"hasRefreshToken"_s,
                                       u"header"_s,      u"headline"_s,
                                       u"id"_s,          u"issuer"_s,
                                       u"name"_s,        u"pendingRevocation"_s,
                                       u"resource"_s,    u"scopes"_s,
                                       u"scopesAsked"_s, u"sentence"_s,
                                       u"settings"_s,    u"signedIn"_s,
                                       u"state"_s,       u"url"_s,
                                       u"wantedScopes"_s}));
    QCOMPARE(json.value("expiresAt"_L1).toString(), u"2026-11-20T13:30:00Z"_s);
    QCOMPARE(json.value("state"_L1).toString(), u"authorized"_s);
    QCOMPARE(json.value("url"_L1).toString(), u"https://xn--mnchen-3ya.example:8443/mcp"_s);
    QCOMPARE(json.value("error"_L1).toObject().value("kind"_L1).toString(), u"protocol"_s);
    const QJsonObject empty = toJson(text::ConnectionView(), noon());
    QVERIFY(empty.value("expiresAt"_L1).isNull());
    QVERIFY(empty.value("error"_L1).isNull());
    QVERIFY(empty.value("pendingRevocation"_L1).isNull());
    QVERIFY(!empty.contains("header"_L1));
}

void TstOutput::hasStableFactsJson()
{
    text::ConnectionView view;
    QVERIFY(toJson(view, noon())["client"_L1].isNull());
    QCOMPARE(toJson(view, noon())["described"_L1].toString(), QString());
    view.record.era = mcp::Era::HttpSse;
    oauth::AuthorizationServer server;
    server.issuer = u"https://a.example"_s;
    view.record.authorizationServer = server.toRecord();
    QCOMPARE(toJson(view, noon())["described"_L1].toString(), u"metadata"_s);
    server.described = oauth::AuthorizationServer::Described::AtServerOrigin;
    view.record.authorizationServer = server.toRecord();
    view.record.scopesAsked = {u"read"_s, u"write"_s};
    view.record.settings.sendsResource = false;
    view.wantedScopes = {u"admin"_s};
    connections::RegistrationRecord registration;
    registration.clientId = u"abc"_s;
    registration.redirectUri = u"http://127.0.0.1:1/callback"_s;
    registration.source = oauth::ClientRegistration::Source::MetadataDocument;
    registration.registeredAt = noon();
    view.registration = registration;
    const QJsonObject json = toJson(view, noon());
    QCOMPARE(json["era"_L1].toString(), u"http-sse"_s);
    QCOMPARE(json["described"_L1].toString(), u"server-origin"_s);
    QCOMPARE(json["scopesAsked"_L1].toArray(), (QJsonArray{u"read"_s, u"write"_s}));
    QCOMPARE(json["wantedScopes"_L1].toArray(), QJsonArray{u"admin"_s});
    QCOMPARE(json["client"_L1].toObject(), (QJsonObject{{u"id"_s, u"abc"_s},
                                                        {u"source"_s, u"metadata-document"_s},
                                                        {u"authentication"_s, u"none"_s},
                                                        {u"redirectUri"_s, u"http://127.0.0.1:1/callback"_s},
                                                        {u"registeredAt"_s, u"2026-11-20T12:00:00Z"_s}}));
    const QJsonObject settings = json["settings"_L1].toObject();
    QCOMPARE(settings.size(), 16);
    QCOMPARE(settings["sends-resource"_L1].toString(), u"no"_s);
    QCOMPARE(settings["redirect-port"_L1].toString(), QString());
}

void TstOutput::showsSettings()
{
    oauth::SignInSettings settings;
    settings.redirectPort = 7777;
    const QStringList lines = settingsText(settings, {}).split(u'\n');
    QCOMPARE(lines.size(), 32);
    QVERIFY(lines.contains(u"redirect-port=7777"_s));
    QVERIFY(lines.contains(u"sends-resource=yes"_s));
    QVERIFY(settingsText(settings, {true}).contains(u"\x1b[1mredirect-port=7777\x1b[0m"_s));
    settings.loginHint = hostile;
    QVERIFY(isHarmless(settingsText(settings, {})));
}

void TstOutput::showsFactsForPeople()
{
    text::ConnectionView view;
    view.record.name = u"Tides"_s;
    view.record.era = mcp::Era::Stateless;
    view.record.scopesAsked = {u"read"_s, u"write"_s};
    view.record.scopesGranted = {u"read"_s};
    view.record.settings.sendsResource = false;
    view.state.isSignedIn = true;
    view.wantedScopes = {u"write"_s, hostile};
    const QString text = statusText(view, {}, noon());
    QStringList lines;
    for (const QString &line : text.split(u'\n')) {
        lines.append(line.simplified());
    }
    for (const QString &line :
         {u"Speaks: newest kind, no sessions"_s, u"Asked for: read write"_s, u"Permissions: read"_s,
          u"Rules bent: does not name the server when signing in"_s}) {
        QVERIFY2(lines.contains(line), qPrintable(text));
    }
    QVERIFY(text.contains(u"Server asks for:"_s));
    QVERIFY(isHarmless(text));
    view.record.scopesAsked = view.record.scopesGranted;
    QVERIFY(!statusText(view, {}, noon()).contains(u"Asked for"_s));
}

void TstOutput::hasStableErrorJson()
{
    const base::Error plain = base::makeError(ErrorKind::NotFound, u"Nothing"_s);
    QCOMPARE(
        toJson(plain),
        (QJsonObject{{u"kind"_s, u"not-found"_s}, {u"sentence"_s, u"Nothing"_s}, {u"detail"_s, QString()}}));
    base::Error rich = base::makeError(ErrorKind::HttpStatus, u"Busy"_s, u"429"_s, u"a.example"_s);
    rich.httpStatus = 429;
    rich.oauthCode = u"slow_down"_s;
    rich.retryAt = noon();
    rich.scopes = {u"write"_s};
    rich.remedy = u"omits-resource"_s;
    QCOMPARE(toJson(rich), (QJsonObject{{u"kind"_s, u"http-status"_s},
                                        {u"sentence"_s, u"Busy"_s},
                                        {u"detail"_s, u"429"_s},
                                        {u"host"_s, u"a.example"_s},
                                        {u"httpStatus"_s, 429},
                                        {u"oauthCode"_s, u"slow_down"_s},
                                        {u"scopes"_s, QJsonArray{u"write"_s}},
                                        {u"remedy"_s, u"omits-resource"_s},
                                        {u"retryAt"_s, u"2026-11-20T12:00:00Z"_s}}));
}

void TstOutput::hasStableTokenJson()
{
    connections::TokenFacts facts;
    facts.issuedAt = noon();
    facts.expiresAt = noon().addSecs(120);
    facts.scopes = {u"a"_s, u"b"_s};
    facts.resource = u"https://a.example/mcp"_s;
    facts.issuer = u"https://b.example"_s;
    facts.length = 43;
    QCOMPARE(toJson(facts, noon().addSecs(20)), (QJsonObject{{u"issuedAt"_s, u"2026-11-20T12:00:00Z"_s},
                                                             {u"expiresAt"_s, u"2026-11-20T12:02:00Z"_s},
                                                             {u"secondsLeft"_s, 100},
                                                             {u"scopes"_s, QJsonArray{u"a"_s, u"b"_s}},
                                                             {u"resource"_s, u"https://a.example/mcp"_s},
                                                             {u"issuer"_s, u"https://b.example"_s},
                                                             {u"length"_s, 43}}));
    facts.expiresAt.reset();
    QVERIFY(toJson(facts, noon()).value("expiresAt"_L1).isNull());
    QVERIFY(toJson(facts, noon()).value("secondsLeft"_L1).isNull());
}

void TstOutput::hasStableDisconnectedJson()
{
    using connections::RevocationOutcome;
    QCOMPARE(outcomeName(RevocationOutcome::Revoked), u"revoked"_s);
    QCOMPARE(outcomeName(RevocationOutcome::NothingToRevoke), u"nothing-to-revoke"_s);
    QCOMPARE(outcomeName(RevocationOutcome::NotSupported), u"not-supported"_s);
    QCOMPARE(outcomeName(RevocationOutcome::NotConfirmed), u"not-confirmed"_s);
    connections::Disconnected ended;
    ended.sentence = u"Done."_s;
    QCOMPARE(toJson(ended), (QJsonObject{{u"outcome"_s, u"nothing-to-revoke"_s},
                                         {u"sentence"_s, u"Done."_s},
                                         {u"revocationError"_s, QJsonValue::Null},
                                         {u"pendingRevocation"_s, QJsonValue::Null}}));
}

void TstOutput::tellsWhatAServiceIsStillToBeTold()
{
    connections::RevocationRecord pending;
    pending.id = u"abc"_s;
    pending.connectionId = u"def"_s;
    pending.name = u"Tides"_s;
    pending.issuer = u"https://login.example.com"_s;
    pending.since = noon();
    pending.until = noon().addDays(1);
    pending.nextTry = noon().addSecs(15);
    pending.attempts = 1;
    const QJsonObject expected{{u"id"_s, u"abc"_s},
                               {u"connection"_s, u"def"_s},
                               {u"name"_s, u"Tides"_s},
                               {u"issuer"_s, u"https://login.example.com"_s},
                               {u"since"_s, u"2026-11-20T12:00:00Z"_s},
                               {u"until"_s, u"2026-11-21T12:00:00Z"_s},
                               {u"nextTry"_s, u"2026-11-20T12:00:15Z"_s},
                               {u"attempts"_s, 1}};
    QCOMPARE(toJson(pending), expected);
    connections::Disconnected ended;
    ended.outcome = connections::RevocationOutcome::Pending;
    ended.pending = pending;
    QCOMPARE(toJson(ended)["outcome"_L1].toString(), u"pending"_s);
    QCOMPARE(toJson(ended)["pendingRevocation"_L1].toObject(), expected);
    text::ConnectionView view;
    view.record.name = u"Tides"_s;
    view.pending = pending;
    QCOMPARE(toJson(view, noon())["pendingRevocation"_L1].toObject(), expected);
    const QString text = statusText(view, {}, noon());
    QVERIFY2(text.contains(u"login.example.com could not be told yet; trying until tomorrow "_s),
             qPrintable(text));
    QVERIFY2(text.contains(u"mooringctl forget abc"_s), qPrintable(text));
    pending.name = pending.id = pending.issuer = hostile;
    QVERIFY(isHarmless(pendingText(pending, noon())));
}

void TstOutput::alignsTheList()
{
    text::ConnectionView brief;
    brief.record.name = u"Tides"_s;
    brief.record.url = QUrl(u"https://tides.example/mcp"_s);
    brief.state.phase = connections::Phase::Open;
    text::ConnectionView longer = brief;
    longer.record.name = u"Northport Berths"_s;
    longer.record.url = QUrl(u"http://127.0.0.1:27111/mcp"_s);
    QCOMPARE(listText({brief, longer}, {}, noon()), u"Tides             tides.example    Open\n"
                                                    "Northport Berths  127.0.0.1:27111  Open"_s);
}

void TstOutput::saysAnEmptyList()
{
    QVERIFY(listText({}, {}, noon()).contains("mooringctl add URL"_L1));
    QVERIFY(!toolsText({}, {}).isEmpty());
}

void TstOutput::coloursOnlyWhenAsked()
{
    text::ConnectionView view;
    view.record.name = u"Tides"_s;
    view.state.phase = connections::Phase::Authorized;
    QVERIFY(!listText({view}, {}, noon()).contains(u'\x1b'));
    QVERIFY(listText({view}, {true}, noon()).endsWith(u"\x1b[32mAuthorized · no expiry told\x1b[0m"_s));
    const base::Error error = base::makeError(ErrorKind::NotFound, u"Nothing"_s);
    QCOMPARE(errorText(error, {}), u"Nothing"_s);
    QCOMPARE(errorText(error, {true}), u"\x1b[31mNothing\x1b[0m"_s);
}

void TstOutput::showsIdsWhereNamesRepeat()
{
    text::ConnectionView one;
    one.record.id = u"3f1e"_s;
    one.record.name = u"Tides"_s;
    one.record.url = QUrl(u"https://tides.example/mcp"_s);
    one.state.phase = connections::Phase::Open;
    text::ConnectionView other = one;
    other.record.id = u"77aa"_s;
    other.record.name = u"Ebb"_s;
    other.state.phase = connections::Phase::NotAuthorized;
    QVERIFY(!listText({one, other}, {}, noon()).contains(u"3f1e"_s));
    QCOMPARE(listText({one, other}, {}, noon(), true),
             u"Tides  tides.example  Open            3f1e\nEbb    tides.example  Not authorized  77aa"_s);
    other.record.name = u"tides"_s;
    QVERIFY(listText({one, other}, {}, noon()).contains(u"3f1e"_s));
    other.noticedAt = noon();
    const QString time = base::momentText(noon(), noon());
    QVERIFY(listText({one, other}, {}, noon()).contains(u"Not authorized (%1)"_s.arg(time)));
}

// A record keeps who signed in last; that is no sign-in (B15).
void TstOutput::namesNoServiceAfterADisconnect()
{
    text::ConnectionView view;
    view.record.issuer = u"https://login.example"_s;
    view.state.phase = connections::Phase::NotAuthorized;
    QVERIFY(!statusText(view, {}, noon()).contains(u"login.example"_s));
    view.state.isSignedIn = true;
    QVERIFY(statusText(view, {}, noon()).contains(u"login.example"_s));
}

void TstOutput::hidesQueriesInSteps()
{
    http::Step step;
    step.learnt = u"Found"_s;
    step.verb = "POST";
    step.url = QUrl(u"https://user:pw@a.example/mcp?key=secret#x"_s);
    step.status = 200;
    step.took = std::chrono::milliseconds(7);
    QCOMPARE(stepText(step, {}), u"ok  Found\n    POST https://a.example/mcp  200  7 ms"_s);
    step.outcome = http::Step::Outcome::Failed;
    step.verb.clear();
    QCOMPARE(stepText(step, {}), u"!!  Found"_s);
}

void TstOutput::keepsTheLinesOfAResult()
{
    mcp::ToolResult result;
    const QString text = u"first\n\x1b[31msecond  column\n  "_s + QString(5000, u'x');
    result.result = {{u"content"_s, QJsonArray{QJsonObject{{u"type"_s, u"text"_s}, {u"text"_s, text}}}}};
    QCOMPARE(resultText(result), u"first\n[31msecond  column\n  "_s + QString(5000, u'x'));
}

void TstOutput::mapsErrorsToExitCodes_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("status");
    QTest::addColumn<int>("exitCode");

    const auto row = [](const char *name, ErrorKind kind, int exitCode, int status = 0) {
        QTest::newRow(name) << static_cast<int>(kind) << status << exitCode;
    };
    row("network", ErrorKind::Network, 4);
    row("timeout", ErrorKind::Timeout, 4);
    row("tls", ErrorKind::Tls, 4);
    row("server busy", ErrorKind::HttpStatus, 4, 503);
    row("odd status", ErrorKind::HttpStatus, 1, 418);
    row("protocol", ErrorKind::Protocol, 1);
    row("refused", ErrorKind::RefusedByPolicy, 6);
    row("sign-in", ErrorKind::SignInNeeded, 3);
    row("denied", ErrorKind::Denied, 3);
    row("more permission", ErrorKind::MoreScopeNeeded, 3);
    row("keychain", ErrorKind::Keychain, 5);
    row("storage", ErrorKind::Storage, 1);
    row("cancelled", ErrorKind::Cancelled, 130);
    row("input", ErrorKind::InvalidInput, 2);
    row("not found", ErrorKind::NotFound, 7);
}

void TstOutput::mapsErrorsToExitCodes()
{
    QFETCH(const int, kind);
    QFETCH(const int, status);
    QFETCH(const int, exitCode);
    base::Error error = base::makeError(static_cast<ErrorKind>(kind), u"Something"_s);
    error.httpStatus = status;
    QCOMPARE(static_cast<int>(exitCodeOf(error)), exitCode);
}

QTEST_GUILESS_MAIN(TstOutput)
#include "tst_output.moc"
