// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strictjson.h"
#include "connections/connectionlist.h"
#include "connections/records/recordsfile.h"
#include "http/client.h"
#include "storage/atomicfile.h"
#include "storage/memorysecretstore.h"
#include "support/await.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::ConnectionRecord;
using connections::Records;
using connections::RecordsFile;
using support::await;

class TestRecords final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isEmptyWithoutAFile();
    void bringsBackEverything();
    void keepsWhatItDoesNotKnow();
    void setsADamagedFileAside_data();
    void setsADamagedFileAside();
    void leavesANewerFileAlone_data();
    void leavesANewerFileAlone();
    void writesNothingThatItCouldNotRead();
    void leavesOutEntriesItMustNotUse_data();
    void leavesOutEntriesItMustNotUse();
    void keepsEntriesItCantUse();
    void tellsOnceOfEntriesItCantUse();
    void mergesWhatTwoProcessesWrite();
    void noticesThatAnotherHasWritten();
    void givesFilesToTheirOwnerOnly();
    void sweepsWhatACutOffWriteLeft();
    void takesWhatWasReadAhead_data();
    void takesWhatWasReadAhead();

private:
    QString path() const { return storage::Profile().folder() + u"/connections.json"_s; }
    void write(const QByteArray &bytes) const;
    RecordsFile file() const { return RecordsFile(storage::Profile(), {}); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

namespace {

ConnectionRecord sample(const QString &id)
{
    ConnectionRecord record;
    record.id = id;
    record.name = u"Näme “with” ✓"_s;
    record.url = QUrl(u"https://mcp.example.com/mcp?team=a%20b"_s);
    record.kind = connections::AuthorizationKind::OAuth;
    record.headerName = u"X-Key"_s;
    record.accountLabel = u"work"_s;
    record.era = mcp::Era::Sessions;
    record.verdict = mcp::Verdict::NeedsSignIn;
    record.issuer = u"https://login.example.com/"_s;
    record.authorizationServer = {{u"issuer"_s, u"https://login.example.com/"_s}};
    record.registrationId = u"r1"_s;
    record.resource = u"https://mcp.example.com/mcp"_s;
    record.settings.loginHint = u"a@example.com"_s;
    record.refreshesWithoutResource = true;
    record.scopesAsked = {u"read"_s, u"write"_s};
    record.scopesGranted = {u"read"_s};
    record.hasSecret = true;
    record.hasRefreshToken = true;
    record.isDpopBound = true;
    record.scopesWanted = {u"write"_s};
    record.generation = 7;
    record.acceptedGeneration = 6;
    record.issuedAt = QDateTime::fromMSecsSinceEpoch(1'790'000'000'123, Qt::UTC);
    record.expiresAt = record.issuedAt.addSecs(3600);
    record.authorizedAt = record.issuedAt;
    record.renewingSince = record.issuedAt;
    record.pendingWrite =
        connections::PendingWrite{8, record.authorizationServer, u"r1"_s, {u"read"_s}, u"a@example.com"_s};
    record.leaving = true;
    record.lastError = connections::RecordedError{
        makeError(base::ErrorKind::SignInNeeded, u"It ended."_s, u"invalid_grant"_s, u"login.example.com"_s),
        record.issuedAt};
    record.addedAt = record.issuedAt;
    return record;
}

} // namespace

void TestRecords::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    qputenv("XDG_DATA_HOME", m_folder->path().toLocal8Bit());
    QVERIFY(storage::Profile().prepare());
}

void TestRecords::write(const QByteArray &bytes) const
{
    QFile out(path());
    QVERIFY(out.open(QIODevice::WriteOnly));
    out.write(bytes);
}

void TestRecords::isEmptyWithoutAFile()
{
    const base::Result<Records> records = file().load();
    QVERIFY(records);
    QVERIFY(records->connections.isEmpty());
}

void TestRecords::bringsBackEverything()
{
    connections::RegistrationRecord registration;
    registration.id = u"r1"_s;
    registration.issuer = u"https://login.example.com/"_s;
    registration.clientId = u"client"_s;
    registration.redirectUri = u"http://127.0.0.1:43210/callback"_s;
    registration.method = oauth::ClientAuthentication::SecretBasic;
    registration.source = oauth::ClientRegistration::Source::Manual;
    registration.registeredAt = QDateTime::fromMSecsSinceEpoch(1'790'000'000'000, Qt::UTC);
    registration.secretExpiresAt = registration.registeredAt.addDays(1);
    registration.registrationUri = u"https://login.example.com/register/1"_s;
    registration.hasSecret = true;
    registration.generation = 3;
    connections::RevocationRecord revocation;
    revocation.id = u"v1"_s;
    revocation.connectionId = u"a"_s;
    revocation.name = u"Näme"_s;
    revocation.issuer = u"https://login.example.com/"_s;
    revocation.endpoint = QUrl(u"https://login.example.com/revoke"_s);
    revocation.registrationId = u"r1"_s;
    revocation.refreshEnded = true;
    revocation.since = registration.registeredAt;
    revocation.until = registration.registeredAt.addDays(1);
    revocation.nextTry = registration.registeredAt.addSecs(15);
    revocation.askedToWait = true;
    revocation.attempts = 2;
    revocation.unknown = {{u"colour"_s, u"teal"_s}};
    RecordsFile records = file();
    QVERIFY(await(records.update(
        [&](Records &all) {
            all.connections.append(sample(u"a"_s));
            all.registrations.append(registration);
            all.revocations.append(revocation);
        },
        {})));
    const base::Result<Records> loaded = file().load();
    QVERIFY(loaded);
    QCOMPARE(loaded->connections.size(), 1);
    QVERIFY(loaded->connections.first() == sample(u"a"_s));
    QCOMPARE(loaded->registrations.first().toJson(), registration.toJson());
    QCOMPARE(loaded->revocations, QList{revocation});
}

void TestRecords::keepsWhatItDoesNotKnow()
{
    write(R"({"schemaVersion":1,"later":{"a":[1]},"connections":[
        {"zone":9,"id":"a","name":"A","aa":{"b":[]},"url":"https://a.example/","colour":"teal"}],
        "registrations":[]})");
    RecordsFile records = file();
    QVERIFY(await(records.update([](Records &all) { all.connections.first().name = u"B"_s; }, {})));
    QFile saved(path());
    QVERIFY(saved.open(QIODevice::ReadOnly));
    const base::Result<QJsonObject> json = base::parseJsonObject(saved.readAll());
    QVERIFY(json);
    QCOMPARE((*json)["later"_L1]["a"_L1][0].toInt(), 1);
    QCOMPARE((*json)["connections"_L1][0]["aa"_L1].toObject(), (QJsonObject{{u"b"_s, QJsonArray()}}));
    QCOMPARE((*json)["connections"_L1][0]["colour"_L1].toString(), u"teal"_s);
    QCOMPARE((*json)["connections"_L1][0]["zone"_L1].toInt(), 9);
    QCOMPARE((*json)["connections"_L1][0]["name"_L1].toString(), u"B"_s);
}

void TestRecords::setsADamagedFileAside_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray whole = R"({"schemaVersion":1,"connections":[{"id":"a","url":"https://a.example/"}]})";
    QTest::newRow("cut in half") << whole.first(whole.size() / 2);
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("zeros") << QByteArray(512, '\0');
    QTest::newRow("another format") << QByteArray("[connections]\na=1\n");
    QTest::newRow("two values") << whole + whole;
    QTest::newRow("connections that are no list") << QByteArray(R"({"connections":{"a":{}}})");
    QTest::newRow("registrations that are no list") << QByteArray(R"({"registrations":{"a":{}}})");
    QTest::newRow("revocations that are no list") << QByteArray(R"({"revocations":"none"})");
}

void TestRecords::setsADamagedFileAside()
{
    QFETCH(QByteArray, bytes);
    write(bytes);
    const base::Result<Records> records = file().load();
    QVERIFY(!records);
    QCOMPARE(records.error().kind, base::ErrorKind::Storage);
    const QStringList copies = QDir(storage::Profile().folder()).entryList({u"connections.json.damaged-*"_s});
    QCOMPARE(copies.size(), 1);
    const QString where = QDir(storage::Profile().folder()).filePath(copies.first());
    QVERIFY2(records.error().sentence.contains(where), qPrintable(records.error().sentence));
    QFile copy(storage::Profile().folder() + u'/' + copies.first());
    QVERIFY(copy.open(QIODevice::ReadOnly));
    QCOMPARE(copy.readAll(), bytes);
    // The app stays usable: the next look finds no file, and an entry can be added.
    RecordsFile again = file();
    QVERIFY(again.load());
    QVERIFY(await(again.update([](Records &all) { all.connections.append(sample(u"b"_s)); }, {})));
    QCOMPARE(file().load()->connections.size(), 1);
}

void TestRecords::leavesANewerFileAlone_data()
{
    QTest::addColumn<QByteArray>("version");
    for (const char *version : {"2", "2.0", "1e10", "1e300", "1.5", "-1", "\"1\"", "null", "true", "[1]"}) {
        QTest::newRow(version) << QByteArray(version);
    }
}

void TestRecords::leavesANewerFileAlone()
{
    QFETCH(QByteArray, version);
    const QByteArray bytes = R"({"schemaVersion":)" + version + R"(,"connections":[]})";
    write(bytes);
    RecordsFile records = file();
    QCOMPARE(records.load().error().kind, base::ErrorKind::Storage);
    QVERIFY(!await(records.update([](Records &) { }, {})));
    QFile same(path());
    QVERIFY(same.open(QIODevice::ReadOnly));
    QCOMPARE(same.readAll(), bytes);
}

void TestRecords::writesNothingThatItCouldNotRead()
{
    RecordsFile records = file();
    QVERIFY(await(records.update([](Records &all) { all.connections.append(sample(u"a"_s)); }, {})));
    const auto grow = [](Records &all) {
        all.unknown[u"later"_s] = QString(64 * 1024 * 1024, u'x');
        all.connections.append(sample(u"b"_s));
    };
    const base::Result<Records> grown = await(records.update(grow, {}));
    QVERIFY(!grown);
    QCOMPARE(grown.error().kind, base::ErrorKind::Storage);
    QVERIFY2(grown.error().sentence.contains(path()), qPrintable(grown.error().sentence));
    const base::Result<Records> loaded = file().load();
    QVERIFY(loaded);
    QCOMPARE(loaded->connections.size(), 1);
}

void TestRecords::leavesOutEntriesItMustNotUse_data()
{
    QTest::addColumn<QString>("url");
    QTest::newRow("http to the world") << u"http://mcp.example.com/mcp"_s;
    QTest::newRow("a file") << u"file:///etc/passwd"_s;
    QTest::newRow("a script") << u"javascript:alert(1)"_s;
    QTest::newRow("a user name") << u"https://a:b@example.com/"_s;
    QTest::newRow("nothing") << QString();
}

void TestRecords::leavesOutEntriesItMustNotUse()
{
    QFETCH(QString, url);
    write(QJsonDocument(
              QJsonObject{{u"connections"_s, QJsonArray{QJsonObject{{u"id"_s, u"bad"_s}, {u"url"_s, url}},
                                                        sample(u"good"_s).toJson()}}})
              .toJson());
    const base::Result<Records> records = file().load();
    QVERIFY(records);
    QCOMPARE(records->connections.size(), 1);
    QCOMPARE(records->connections.first().id, u"good"_s);
}

void TestRecords::keepsEntriesItCantUse()
{
    const QJsonArray connections = {
        QJsonObject{{u"id"_s, u"later"_s}, {u"url"_s, u"unix:///run/mcp"_s}, {u"x"_s, QJsonArray{1, 2.5}}},
        QJsonObject{{u"url"_s, u"https://a.example/"_s}, {u"name"_s, u"no id"_s}}, u"a text"_s};
    const QJsonArray registrations = {QJsonObject{{u"id"_s, u"r"_s},
                                                  {u"issuer"_s, u"https://a.example"_s},
                                                  {u"clientId"_s, u"c"_s},
                                                  {u"method"_s, u"some_later_method"_s},
                                                  {u"generation"_s, 4}}};
    const QJsonArray revocations = {QJsonObject{{u"id"_s, u"v"_s}, {u"until"_s, u"one day"_s}}, 7};
    QJsonArray all = connections;
    all.insert(1, sample(u"good"_s).toJson());
    write(QJsonDocument(QJsonObject{{u"connections"_s, all},
                                    {u"registrations"_s, registrations},
                                    {u"revocations"_s, revocations},
                                    {u"clientMetadataUrl"_s, 7}})
              .toJson());
    RecordsFile records = file();
    QVERIFY(await(records.update([](Records &read) { read.connection(u"good"_s)->name = u"B"_s; }, {})));
    QVERIFY(await(records.update([](Records &read) { read.connections.append(sample(u"c"_s)); }, {})));
    QFile saved(path());
    QVERIFY(saved.open(QIODevice::ReadOnly));
    const base::Result<QJsonObject> json = base::parseJsonObject(saved.readAll());
    QVERIFY(json);
    const QJsonArray written = (*json)["connections"_L1].toArray();
    QCOMPARE(written.size(), 5);
    QCOMPARE(written[0]["name"_L1].toString(), u"B"_s);
    QCOMPARE(written[1]["id"_L1].toString(), u"c"_s);
    for (int i = 0; i < 3; ++i) {
        QCOMPARE(written[i + 2], connections[i]);
    }
    QCOMPARE((*json)["registrations"_L1].toArray(), registrations);
    QCOMPARE((*json)["revocations"_L1].toArray(), revocations);
    QCOMPARE((*json)["clientMetadataUrl"_L1].toInt(), 7);
}

void TestRecords::tellsOnceOfEntriesItCantUse()
{
    write(R"({"connections":[{"id":"a","url":"https://a.example/"},{"id":"b","url":"http://b.example/"}]})");
    http::Client client;
    storage::MemorySecretStore secrets;
    connections::ConnectionList list(client, secrets, storage::Profile(), base::systemClock(), {}, {});
    QList<base::Error> told;
    connect(&list, &connections::ConnectionList::trouble, &list,
            [&told](const base::Error &error) { told.append(error); });
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(u"1 connections, 0 registrations and 0 revocations"_s));
    QVERIFY(list.load());
    QCOMPARE(told.size(), 1);
    QCOMPARE(told.first().kind, base::ErrorKind::Storage);
    QVERIFY2(told.first().sentence.contains(u"connections.json"_s), qPrintable(told.first().sentence));
    QCOMPARE(list.connections().size(), 1);
    // Later writes say nothing more: the first line was the only one that is expected.
    QTest::failOnWarning(QRegularExpression(u"can't be used"_s));
    QVERIFY(await(list.setClientMetadataUrl(QString(), {})));
    QCOMPARE(told.size(), 1);
    await(list.shutDown());
}

// Matrix: 33 CFG
void TestRecords::mergesWhatTwoProcessesWrite()
{
    RecordsFile one = file();
    RecordsFile other = file();
    QVERIFY(await(one.update([](Records &all) { all.connections.append(sample(u"a"_s)); }, {})));
    QVERIFY(await(other.update([](Records &all) { all.connections.append(sample(u"b"_s)); }, {})));
    QVERIFY(await(one.update([](Records &all) { all.connection(u"a"_s)->name = u"A"_s; }, {})));
    const base::Result<Records> both = file().load();
    QCOMPARE(both->connections.size(), 2);
    QCOMPARE(both->connection(u"a"_s)->name, u"A"_s);
}

// Proves: K05
void TestRecords::sweepsWhatACutOffWriteLeft()
{
    write("{}");
    QFile left(path() + u".QwErTy"_s);
    QVERIFY(left.open(QIODevice::WriteOnly));
    RecordsFile records = file();
    QVERIFY(records.load());
    QVERIFY(left.exists());
    QVERIFY(support::await(records.update([](connections::Records &) { }, {})));
    QVERIFY(!left.exists());
    QVERIFY(QFile::exists(path()));
}

void TestRecords::noticesThatAnotherHasWritten()
{
    RecordsFile one = file();
    QVERIFY(one.load());
    QVERIFY(!one.hasChanged());
    RecordsFile other = file();
    QVERIFY(await(other.update([](Records &all) { all.connections.append(sample(u"a"_s)); }, {})));
    QVERIFY(one.hasChanged());
    int heard = 0;
    one.setObserver([&heard](const Records &all) { heard = static_cast<int>(all.connections.size()); });
    QVERIFY(one.load());
    QCOMPARE(heard, 1);
    QVERIFY(!one.hasChanged());
}

void TestRecords::givesFilesToTheirOwnerOnly()
{
    RecordsFile records = file();
    QVERIFY(await(records.update([](Records &) { }, {})));
    const QFile::Permissions others =
        QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFile::permissions(path()) & others));
    QVERIFY(
        !(QFile::permissions(storage::Profile().folder()) & (others | QFile::ExeOther | QFile::ExeGroup)));
}

void TestRecords::takesWhatWasReadAhead_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QByteArray>("after");
    QTest::addColumn<int>("entries");
    const QByteArray one = R"({"connections":[{"id":"a","url":"https://a.example/"}]})";
    const QByteArray two =
        R"({"connections":[{"id":"a","url":"https://a.example/"},{"id":"b","url":"https://b.example/"}]})";
    QTest::newRow("the same file") << one << one << 1;
    QTest::newRow("written meanwhile") << one << two << 2;
    QTest::newRow("damaged") << one.first(30) << one.first(30) << -1;
}

void TestRecords::takesWhatWasReadAhead()
{
    QFETCH(QByteArray, before);
    QFETCH(QByteArray, after);
    QFETCH(int, entries);
    write(before);
    RecordsFile records = file();
    records.expect(RecordsFile::readAhead(storage::Profile()));
    if (after != before) {
        // Only after the thread has had its look; the file under its name is another one then.
        support::giveTimeFor(std::chrono::milliseconds(100));
        QVERIFY(storage::writeFileAtomically(path(), after));
    }
    const base::Result<Records> loaded = records.load();
    QCOMPARE(loaded ? loaded->connections.size() : -1, entries);
    QVERIFY(!records.hasChanged() || !loaded);
}

QTEST_GUILESS_MAIN(TestRecords)
#include "tst_records.moc"
