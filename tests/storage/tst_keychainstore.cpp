// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Against a real gnome-keyring: run it through tests/support/with-keyring.sh, as ctest does.
#include "lookedatkeychain.h"
#include "secretstorecontract.h"

#include "storage/keychainerrors.h"
#include "storage/keychainstore.h"

#include "support/await.h"

#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace mooring;
using namespace mooring::storage;
using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::KeychainCase;
using base::Result;
using base::Task;
using support::await;
using Value = std::optional<QByteArray>;

namespace {

constexpr int processLimit = 20000;

/// A look that takes its time, and then says what it is told.
Task<KeychainReport> slowLook(std::chrono::milliseconds duration, KeychainState state)
{
    co_await base::sleepFor(duration, {});
    co_return KeychainReport{state, {}};
}

Keychains::Maker looksThatSay(QList<KeychainState> states)
{
    const auto left = std::make_shared<QList<KeychainState>>(states);
    return LookedAtKeychain::only([left](const QString &) {
        return slowLook(std::chrono::milliseconds(0), left->size() > 1 ? left->takeFirst() : left->first());
    });
}

/// What a process without a usable keychain sees; printed as JSON for the test.
int report()
{
    base::Deadlines deadlines;
    KeychainStore store(deadlines);
    QJsonObject seen{{u"eventLoop"_s, KeychainStore::eventLoopCanServeIt()}};
    if (KeychainStore::eventLoopCanServeIt()) {
        const auto name = [](const auto &result) {
            return result ? u"ok"_s : base::errorName(result.error());
        };
        seen.insert("check"_L1, name(await(store.checkUsable({}, Asking::IfNeeded, {}))));
        seen.insert("unlock"_L1, name(await(store.unlock({}))));
        seen.insert("read"_L1, name(await(store.read(u"report"_s, {}))));
        seen.insert("write"_L1, name(await(store.write(u"report"_s, "value", {}))));
        seen.insert("remove"_L1, name(await(store.remove(u"report"_s, {}))));
        // The jobs' own words, with a look that can't tell.
        KeychainStore blind(deadlines, looksThatSay({KeychainState::Unlocked}));
        seen.insert("blindRead"_L1, name(await(blind.read(u"report"_s, {}))));
        seen.insert("blindWrite"_L1, name(await(blind.write(u"report"_s, "value", {}))));
    }
    std::puts(QJsonDocument(seen).toJson(QJsonDocument::Compact).constData());
    return 0;
}

QJsonObject reportOf(const QString &program, const QStringList &arguments,
                     const QProcessEnvironment &environment)
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.start(program, arguments);
    if (!process.waitForFinished(processLimit) || process.exitCode() != 0) {
        qWarning() << process.errorString() << process.readAllStandardError();
        return {};
    }
    return QJsonDocument::fromJson(process.readAllStandardOutput()).object();
}

QJsonObject expectedWithout()
{
    return {{u"eventLoop"_s, true},
            {u"check"_s, u"keychain-missing"_s},
            {u"unlock"_s, u"keychain-missing"_s},
            {u"read"_s, u"keychain-missing"_s},
            {u"write"_s, u"keychain-missing"_s},
            {u"remove"_s, u"keychain-missing"_s},
            {u"blindRead"_s, u"keychain-missing"_s},
            {u"blindWrite"_s, u"keychain-missing"_s}};
}

} // namespace

class tst_KeychainStore : public SecretStoreContract {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void asksNobodyWhenNobodyCanAnswer();
    void goesOnWhenTheServiceWasRestarted();
    void endsACallersWaitButNotTheWork();
    void finishesAWriteWhoseCallerHasGone();
    void skipsWorkThatNobodyWaitsForAnyMore();
    void believesNoNotFoundWhenLockedAfterwards();
    void believesNoRemovalWhenLockedAfterwards();
    void saysWhenAJobIsStuck();
    void takesTheJobsWordWhenTheLookIsBlind();
    void keepsNothingInAFile();
    void saysThatThereIsNoService();
    void saysThatThereIsNoBus();
    void refusesAnEventLoopThatCannotServeIt();

private:
    SecretStore &store() override { return m_store; }
    void lockFromOutside() override;
    void unlockFromOutside() override;

    KeychainStore m_store{base::Deadlines()};
    QProcess m_daemon;
};

void tst_KeychainStore::initTestCase()
{
    QVERIFY2(qEnvironmentVariableIsSet("MOORING_TEST_KEYRING_PASSWORD"), "run me through with-keyring.sh");
    QVERIFY(KeychainStore::eventLoopCanServeIt());
}

void tst_KeychainStore::cleanupTestCase()
{
    await(m_store.drained());
    QVERIFY(!m_store.hasRunningJobs());
    if (m_daemon.state() != QProcess::NotRunning) {
        m_daemon.terminate();
        QVERIFY(m_daemon.waitForFinished(processLimit));
    }
}

void tst_KeychainStore::lockFromOutside()
{
    QProcess lock;
    lock.start(u"gdbus"_s,
               {u"call"_s, u"--session"_s, u"--dest"_s, u"org.freedesktop.secrets"_s, u"--object-path"_s,
                u"/org/freedesktop/secrets"_s, u"--method"_s, u"org.freedesktop.Secret.Service.Lock"_s,
                u"['/org/freedesktop/secrets/collection/login']"_s});
    QVERIFY(lock.waitForFinished(processLimit));
    QCOMPARE(lock.exitCode(), 0);
}

void tst_KeychainStore::unlockFromOutside()
{
    // A daemon that takes over is the only way to unlock without a window.
    m_daemon.setStandardOutputFile(QProcess::nullDevice());
    m_daemon.setStandardErrorFile(QProcess::nullDevice());
    if (m_daemon.state() != QProcess::NotRunning) {
        m_daemon.terminate();
        QVERIFY(m_daemon.waitForFinished(processLimit));
    }
    m_daemon.start(u"gnome-keyring-daemon"_s,
                   {u"--replace"_s, u"--foreground"_s, u"--unlock"_s, u"--components=secrets"_s});
    m_daemon.write(qgetenv("MOORING_TEST_KEYRING_PASSWORD"));
    m_daemon.closeWriteChannel();
    QTRY_VERIFY_WITH_TIMEOUT(await(m_store.checkUsable({}, Asking::IfNeeded, {})).has_value(), processLimit);
}

void tst_KeychainStore::asksNobodyWhenNobodyCanAnswer()
{
    lockFromOutside();
    const Result<void> unlocked = await(m_store.unlock({})); // this bus has no program that shows prompts
    QVERIFY(!unlocked);
    QCOMPARE(unlocked.error().keychainCase, KeychainCase::Locked);
    unlockFromOutside();
}

void tst_KeychainStore::goesOnWhenTheServiceWasRestarted()
{
    QVERIFY(await(m_store.write(u"test/restart"_s, "before", {})));
    unlockFromOutside(); // a new service, which knows nothing of our session with the old one
    QCOMPARE(await(m_store.read(u"test/restart"_s, {})).value(), Value("before"));
    unlockFromOutside();
    QVERIFY(await(m_store.write(u"test/restart"_s, "after", {})));
    unlockFromOutside();
    QVERIFY(await(m_store.remove(u"test/restart"_s, {})));
    QCOMPARE(await(m_store.read(u"test/restart"_s, {})).value(), Value());
}

void tst_KeychainStore::endsACallersWaitButNotTheWork()
{
    base::Deadlines deadlines;
    deadlines.keychain = std::chrono::milliseconds(100);
    const auto slow = [](const QString &) {
        return slowLook(std::chrono::milliseconds(500), KeychainState::Unlocked);
    };
    KeychainStore store(deadlines, LookedAtKeychain::only(slow));
    const Result<void> written = await(store.write(u"test/late"_s, "late", {}));
    QVERIFY(!written);
    QCOMPARE(written.error().keychainCase, KeychainCase::Slow);
    QVERIFY(store.hasRunningJobs());
    QCOMPARE(await(m_store.read(u"test/late"_s, {})).value(), Value());
    await(store.settled(u"test/late"_s));
    QVERIFY(!store.hasRunningJobs());
    QCOMPARE(await(m_store.read(u"test/late"_s, {})).value(), Value("late"));
}

void tst_KeychainStore::finishesAWriteWhoseCallerHasGone()
{
    std::stop_source stop;
    Task<Result<void>> write = m_store.write(u"test/gone"_s, "written all the same", stop.get_token());
    stop.request_stop();
    const Result<void> written = await(std::move(write));
    QVERIFY(!written);
    QCOMPARE(written.error().kind, ErrorKind::Cancelled);
    await(m_store.settled(u"test/gone"_s));
    QCOMPARE(await(m_store.read(u"test/gone"_s, {})).value(), Value("written all the same"));
}

void tst_KeychainStore::skipsWorkThatNobodyWaitsForAnyMore()
{
    std::stop_source stop;
    Task<Result<void>> first = m_store.write(u"test/first"_s, "1", {});
    Task<Result<void>> second = m_store.write(u"test/second"_s, "2", stop.get_token());
    stop.request_stop();
    QVERIFY(await(std::move(first)));
    QCOMPARE(await(std::move(second)).error().kind, ErrorKind::Cancelled);
    await(m_store.drained());
    QCOMPARE(await(m_store.read(u"test/first"_s, {})).value(), Value("1"));
    QCOMPARE(await(m_store.read(u"test/second"_s, {})).value(), Value());
}

void tst_KeychainStore::believesNoNotFoundWhenLockedAfterwards()
{
    KeychainStore store(base::Deadlines(), looksThatSay({KeychainState::Unlocked, KeychainState::Locked}));
    const Result<Value> value = await(store.read(u"test/never-written"_s, {}));
    QVERIFY(!value);
    QCOMPARE(value.error().keychainCase, KeychainCase::Locked);
}

void tst_KeychainStore::believesNoRemovalWhenLockedAfterwards()
{
    KeychainStore store(base::Deadlines(), looksThatSay({KeychainState::Unlocked, KeychainState::Locked}));
    const Result<void> removed = await(store.remove(u"test/never-written"_s, {}));
    QVERIFY(!removed);
    QCOMPARE(removed.error().keychainCase, KeychainCase::Locked);
}

void tst_KeychainStore::saysWhenAJobIsStuck()
{
    base::Deadlines deadlines;
    deadlines.keychain = std::chrono::milliseconds(50);
    const auto slowOnce = std::make_shared<bool>(true);
    const auto look = [slowOnce](const QString &) {
        return slowLook(std::chrono::milliseconds(std::exchange(*slowOnce, false) ? 500 : 0),
                        KeychainState::Unlocked);
    };
    KeychainStore store(deadlines, LookedAtKeychain::only(look));
    QVERIFY(!await(store.read(u"test/stuck"_s, {})));
    const auto usable = [&store] { return await(store.checkUsable({}, Asking::IfNeeded, {})).has_value(); };
    QTRY_VERIFY(!usable());
    await(store.drained());
    QVERIFY(usable());
}

void tst_KeychainStore::takesTheJobsWordWhenTheLookIsBlind()
{
    // A look that lies, so that the store writes while it is locked: the job itself has to say it.
    KeychainStore blind(base::Deadlines(), looksThatSay({KeychainState::Unlocked}));
    lockFromOutside();
    const Result<void> written = await(blind.write(u"test/denied"_s, "value", {}));
    QVERIFY(!written);
    QCOMPARE(written.error().keychainCase, KeychainCase::Denied);
    unlockFromOutside();
    QCOMPARE(await(m_store.read(u"test/denied"_s, {})).value(), Value());
}

// Proves: TOK-4
void tst_KeychainStore::keepsNothingInAFile()
{
    const QByteArray canary = "canary-7d0e5c2b-in-the-keychain";
    const QByteArray encoded =
        canary.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    QVERIFY(await(m_store.write(u"test/canary"_s, canary, {})));
    int files = 0;
    QDirIterator it(qEnvironmentVariable("HOME"), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        QFile file(it.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        QVERIFY2(!bytes.contains(canary) && !bytes.contains(encoded), qPrintable(file.fileName()));
        ++files;
    }
    QVERIFY(files > 0); // the keyring's own, encrypted
}

void tst_KeychainStore::saysThatThereIsNoService()
{
    QTemporaryDir runtime;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"XDG_RUNTIME_DIR"_s, runtime.path());
    const QString config = u"--config-file="_s + qEnvironmentVariable("MOORING_TEST_BUS_CONFIG");
    const QStringList arguments{config, u"--"_s, QCoreApplication::applicationFilePath(), u"--report"_s};
    QCOMPARE(reportOf(u"dbus-run-session"_s, arguments, environment), expectedWithout());
}

void tst_KeychainStore::saysThatThereIsNoBus()
{
    QTemporaryDir runtime;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"XDG_RUNTIME_DIR"_s, runtime.path());
    environment.remove(u"DBUS_SESSION_BUS_ADDRESS"_s);
    environment.remove(u"DISPLAY"_s);
    QCOMPARE(reportOf(QCoreApplication::applicationFilePath(), {u"--report"_s}, environment),
             expectedWithout());
}

void tst_KeychainStore::refusesAnEventLoopThatCannotServeIt()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"QT_NO_GLIB"_s, u"1"_s);
    const QJsonObject seen = reportOf(QCoreApplication::applicationFilePath(), {u"--report"_s}, environment);
    QCOMPARE(seen, (QJsonObject{{u"eventLoop"_s, false}}));
}

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (app.arguments().value(1) == "--report"_L1) {
        return report();
    }
    tst_KeychainStore test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_keychainstore.moc"
