// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What one process has found out about a sign-in, used by another one soon after.
#include "connections/records/keptdiscovery.h"
#include "support/testbed.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::keepDiscovery;
using connections::keptDiscovery;
using support::await;
using support::Testbed;

namespace {

const QUrl serverUrl(u"https://mcp.example.com/mcp"_s);

oauth::Discovery found()
{
    const QJsonObject document{
        {u"issuer"_s, u"https://login.example.com"_s},
        {u"authorization_endpoint"_s, u"https://login.example.com/authorize"_s},
        {u"token_endpoint"_s, u"https://login.example.com/token"_s},
        {u"registration_endpoint"_s, u"https://login.example.com/register"_s},
        {u"code_challenge_methods_supported"_s, QJsonArray{u"S256"_s}},
        {u"scopes_supported"_s, QJsonArray{u"read"_s, u"offline_access"_s}},
    };
    oauth::Discovery discovery;
    discovery.server = *oauth::AuthorizationServer::fromJson(document, u"https://login.example.com"_s,
                                                             http::UrlPolicy(serverUrl));
    discovery.resource.resource = serverUrl.toString();
    discovery.resource.scopesSupported = QStringList{u"read"_s};
    discovery.scopes = QStringList{u"read"_s, u"offline_access"_s};
    discovery.wantsDpop = true;
    return discovery;
}

QDateTime noon()
{
    return QDateTime(QDate(2026, 11, 30), QTime(12, 0), Qt::UTC);
}

QString stateFile(const Testbed &bed, const QString &id)
{
    return bed.folder.path() + u"/mooring/state/"_s + id + u".json"_s;
}

/// `mooringctl add`: a look, and the connection with what it has found.
std::shared_ptr<connections::Connection> lookedAtAndAdded(Testbed &bed, const QUrl &url)
{
    connections::NewConnection request;
    request.url = url;
    request.report = await(bed.list->probe(url, {}, {}, {}, {}));
    return bed.added(std::move(request));
}

} // namespace

class TestKeptDiscovery final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isTheSameWhenReadAgain();
    void countsForTenMinutes_data();
    void countsForTenMinutes();
    void countsForThisAddressAndTheseSettings();
    void isCheckedAgain_data();
    void isCheckedAgain();
    void isNotKeptWithAQuery();
    void savesAnotherProcessTheQuestions_data();
    void savesAnotherProcessTheQuestions();
    void asksAgainWhenItIsOld();
    void asksAgainUnderOtherSettings();
    void asksAgainAfterTheFileWasEdited();
    void asksAgainAfterASignInThatFailed();
    void keepsAKeyInTheAddressOutOfTheFile();
};

void TestKeptDiscovery::isTheSameWhenReadAgain()
{
    const oauth::Discovery before = found();
    const auto after =
        keptDiscovery(keepDiscovery(before, serverUrl, {}, noon()), serverUrl, {}, noon().addSecs(1));
    QVERIFY(after.has_value());
    QCOMPARE(after->server.toRecord(), before.server.toRecord());
    QCOMPARE(after->server.namedBy, before.server.namedBy);
    QCOMPARE(after->resource.resource, before.resource.resource);
    QCOMPARE(after->scopes, before.scopes);
    QCOMPARE(after->wantsDpop, before.wantsDpop);
}

void TestKeptDiscovery::countsForTenMinutes_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<bool>("counts");
    QTest::newRow("at once") << 0 << true;
    QTest::newRow("just inside") << 599 << true;
    QTest::newRow("ten minutes") << 600 << false;
    QTest::newRow("a day") << 86'400 << false;
    QTest::newRow("the clock was put back") << -1 << false;
    QTest::newRow("by a year") << -31'536'000 << false;
}

void TestKeptDiscovery::countsForTenMinutes()
{
    QFETCH(const int, seconds);
    QFETCH(const bool, counts);
    const QJsonObject kept = keepDiscovery(found(), serverUrl, {}, noon());
    QCOMPARE(keptDiscovery(kept, serverUrl, {}, noon().addSecs(seconds)).has_value(), counts);
}

void TestKeptDiscovery::countsForThisAddressAndTheseSettings()
{
    const QJsonObject kept = keepDiscovery(found(), serverUrl, {}, noon());
    QVERIFY(keptDiscovery(kept, serverUrl, {}, noon()));
    QVERIFY(!keptDiscovery(kept, QUrl(u"https://mcp.example.com/mcp/"_s), {}, noon()));
    oauth::SignInSettings settings;
    settings.loginHint = u"sam"_s;
    QVERIFY(!keptDiscovery(kept, serverUrl, settings, noon()));
    QVERIFY(!keptDiscovery({}, serverUrl, {}, noon()));
}

void TestKeptDiscovery::isCheckedAgain_data()
{
    QTest::addColumn<QString>("part");
    QTest::addColumn<QString>("member");
    QTest::addColumn<QJsonValue>("value");
    const auto row = [](const char *name, const QString &part, const QString &member,
                        const QJsonValue &value) { QTest::newRow(name) << part << member << value; };
    row("token endpoint nearer than the server", u"server"_s, u"token_endpoint"_s, u"http://127.0.0.1/t"_s);
    row("page that is none", u"server"_s, u"authorization_endpoint"_s, u"javascript:alert(1)"_s);
    row("no token endpoint", u"server"_s, u"token_endpoint"_s, QJsonValue::Null);
    row("no list of challenge methods", u"server"_s, u"code_challenge_methods_supported"_s,
        QJsonValue::Undefined);
    row("issuer without encryption", u"server"_s, u"issuer"_s, u"http://login.example.com"_s);
    row("resource of somebody else", u"resource"_s, u"resource"_s, u"https://mcp.example.org/mcp"_s);
    row("another part of the server", u"resource"_s, u"resource"_s, u"https://mcp.example.com/other"_s);
    row("no resource", u"resource"_s, u"resource"_s, QJsonValue::Undefined);
    row("no server", u"server"_s, QString(), {});
}

void TestKeptDiscovery::isCheckedAgain()
{
    QFETCH(const QString, part);
    QFETCH(const QString, member);
    QFETCH(const QJsonValue, value);
    QJsonObject kept = keepDiscovery(found(), serverUrl, {}, noon());
    QJsonObject changed = kept[part].toObject();
    changed[member] = value;
    kept[part] = member.isEmpty() ? QJsonObject() : changed;
    QVERIFY(!keptDiscovery(kept, serverUrl, {}, noon()));
}

void TestKeptDiscovery::isNotKeptWithAQuery()
{
    oauth::Discovery discovery = found();
    discovery.resource.resource = u"https://mcp.example.com/mcp?key=canary"_s;
    QVERIFY(keepDiscovery(discovery, QUrl(discovery.resource.resource), {}, noon()).isEmpty());
}

void TestKeptDiscovery::savesAnotherProcessTheQuestions_data()
{
    QTest::addColumn<bool>("stateless");
    QTest::addColumn<QStringList>("use");
    const QString post = u"POST /mcp"_s;
    QTest::newRow("stateless: 7 requests") << true << QStringList{post, post};
    QTest::newRow("sessions: 9 requests") << false << QStringList{post, post, post, post};
}

void TestKeptDiscovery::savesAnotherProcessTheQuestions()
{
    QFETCH(const bool, stateless);
    QFETCH(const QStringList, use);
    Testbed bed;
    bed.mcp.speaksStateless = stateless;
    const QString id = lookedAtAndAdded(bed, bed.mcp.url())->id();
    QCOMPARE(bed.mcp.http().conversation(),
             (QStringList{u"POST /mcp"_s, u"GET /.well-known/oauth-protected-resource/mcp"_s}));
    QCOMPARE(bed.auth.http().conversation(), QStringList{u"GET /.well-known/oauth-authorization-server"_s});
    bed.mcp.http().forgetRequests();
    bed.auth.http().forgetRequests();

    bed.restart();
    const std::shared_ptr<connections::Connection> connection = bed.list->byId(id);
    QVERIFY(await(connection->authorize({}, {})));
    // The person's browser asks for /authorize; the other two are Mooring's.
    QCOMPARE(bed.mcp.http().conversation(), QStringList());
    QCOMPARE(bed.auth.http().conversation().filter(u"POST"_s),
             (QStringList{u"POST /register"_s, u"POST /token"_s}));
    QCOMPARE(bed.auth.http().conversation().filter(u"well-known"_s), QStringList());

    bed.restart();
    QVERIFY(await(bed.list->byId(id)->listTools({})));
    QCOMPARE(bed.mcp.http().conversation(), use);
    bed.restart();
    const QStringList closing = stateless ? QStringList() : QStringList{u"DELETE /mcp"_s};
    QCOMPARE(bed.mcp.http().conversation(), use + closing);
}

void TestKeptDiscovery::asksAgainWhenItIsOld()
{
    Testbed bed;
    const QString id = lookedAtAndAdded(bed, bed.mcp.url())->id();
    bed.clock.advance(std::chrono::minutes(10));
    bed.restart();
    bed.mcp.http().forgetRequests();
    QVERIFY(await(bed.list->byId(id)->authorize({}, {})));
    QCOMPARE(bed.mcp.http().conversation(),
             (QStringList{u"POST /mcp"_s, u"GET /.well-known/oauth-protected-resource/mcp"_s}));
}

void TestKeptDiscovery::asksAgainUnderOtherSettings()
{
    Testbed bed;
    const auto connection = lookedAtAndAdded(bed, bed.mcp.url());
    oauth::SignInSettings settings;
    settings.extraScopes = QStringList{u"more"_s};
    QVERIFY(await(connection->setSettings(settings, {})));
    bed.restart();
    bed.mcp.http().forgetRequests();
    QVERIFY(await(bed.list->byId(connection->id())->authorize({}, {})));
    QCOMPARE(bed.mcp.http().requests().size(), 2U);
    QVERIFY(bed.list->byId(connection->id())->record().scopesAsked.contains(u"more"_s));
}

void TestKeptDiscovery::asksAgainAfterTheFileWasEdited()
{
    Testbed bed;
    support::FakeAuthServer stranger;
    const QString id = lookedAtAndAdded(bed, bed.mcp.url())->id();
    QFile file(stateFile(bed, id));
    QVERIFY(file.open(QFile::ReadWrite));
    QJsonObject state = QJsonDocument::fromJson(file.readAll()).object();
    QJsonObject kept = state[u"found"_s].toObject();
    QVERIFY(!kept.isEmpty());
    QJsonObject server = kept[u"server"_s].toObject();
    server[u"token_endpoint"_s] = u"ftp://127.0.0.1/token"_s;
    kept[u"server"_s] = server;
    state[u"found"_s] = kept;
    QVERIFY(file.resize(0) && file.seek(0));
    file.write(QJsonDocument(state).toJson());
    file.close();
    bed.restart();
    bed.mcp.http().forgetRequests();
    QVERIFY(await(bed.list->byId(id)->authorize({}, {})));
    QCOMPARE(bed.mcp.http().requests().size(), 2U);
}

// The owner has mended the description: the next try must not go by the old one.
void TestKeptDiscovery::asksAgainAfterASignInThatFailed()
{
    Testbed bed;
    bed.auth.metadataOverrides = {{u"token_endpoint"_s, bed.auth.endpoint("nowhere").toString()}};
    const QString id = lookedAtAndAdded(bed, bed.mcp.url())->id();
    QVERIFY(!await(bed.list->byId(id)->authorize({}, {})));
    bed.auth.metadataOverrides = {};
    bed.restart();
    const base::Result<void> done = await(bed.list->byId(id)->authorize({}, {}));
    QVERIFY2(done, done ? "" : qPrintable(done.error().sentence));
}

void TestKeptDiscovery::keepsAKeyInTheAddressOutOfTheFile()
{
    Testbed bed;
    QUrl url = bed.mcp.url();
    url.setQuery(u"api_key=canary-key"_s);
    const QString id = lookedAtAndAdded(bed, url)->id();
    QFile file(stateFile(bed, id));
    QVERIFY(file.open(QFile::ReadOnly));
    const QByteArray state = file.readAll();
    QVERIFY(state.contains("lastProbe"));
    QVERIFY2(!state.contains("canary"), state.constData());
}

QTEST_GUILESS_MAIN(TestKeptDiscovery)
#include "tst_keptdiscovery.moc"
