// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/wording.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::connections;
using namespace mooring::text;
using base::ErrorKind;
using base::makeError;

class TstWording final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysOneWordForEachState_data();
    void saysOneWordForEachState();
    void wakesOnlyWhenSomethingChanges_data();
    void wakesOnlyWhenSomethingChanges();
};

namespace {

const QDateTime now = QDateTime::fromMSecsSinceEpoch(1'790'000'000'000, Qt::UTC);

ConnectionRecord signedIn()
{
    ConnectionRecord record;
    record.kind = AuthorizationKind::OAuth;
    record.verdict = mcp::Verdict::NeedsSignIn;
    record.issuer = u"https://login.example.com"_s;
    record.hasSecret = true;
    record.hasRefreshToken = true;
    record.expiresAt = now.addSecs(54 * 60);
    return record;
}

ConnectionRecord plain(const QString &verdict)
{
    ConnectionRecord record;
    record.verdict = mcp::verdictFromName(verdict);
    return record;
}

LiveFacts trouble(const base::Error &error)
{
    LiveFacts live;
    live.trouble = error;
    return live;
}

base::Error waiting()
{
    base::Error error = makeError(ErrorKind::HttpStatus, u"Busy."_s);
    error.httpStatus = 503;
    error.retryAt = now.addSecs(300);
    return error;
}

} // namespace

void TstWording::saysOneWordForEachState_data()
{
    QTest::addColumn<ConnectionRecord>("record");
    QTest::addColumn<LiveFacts>("live");
    QTest::addColumn<Phase>("phase");
    QTest::addColumn<Action>("action");
    const auto row = [](const char *name, const ConnectionRecord &record, const LiveFacts &live, Phase phase,
                        Action action) { QTest::newRow(name) << record << live << phase << action; };
    ConnectionRecord record = plain({});
    row("never looked at", record, {}, Phase::NotChecked, Action::TryAgain);
    LiveFacts live;
    live.checking = true;
    row("being looked at", record, live, Phase::Checking, Action::None);
    row("open", plain(u"open"_s), {}, Phase::Open, Action::None);
    row("nothing there", plain(u"not-mcp"_s), {}, Phase::NotMcp, Action::TryAgain);
    row("needs a sign-in", plain(u"needs-sign-in"_s), {}, Phase::NotAuthorized, Action::Authorize);
    row("needs a key", plain(u"needs-key"_s), {}, Phase::NotAuthorized, Action::EditKey);
    row("unsafe", plain(u"refused"_s), {}, Phase::Stopped, Action::Details);
    row("a sign-in that can't be used", plain(u"sign-in-unusable"_s), {}, Phase::SignInUnusable,
        Action::TryAgain);
    row("blocked on the way", plain(u"blocked"_s), {}, Phase::Blocked, Action::TryAgain);
    row("of an unknown version", plain(u"unknown-versions"_s), {}, Phase::UnknownVersions, Action::TryAgain);
    live = {};
    live.waitingForBrowser = true;
    row("browser is open", plain(u"needs-sign-in"_s), live, Phase::WaitingForBrowser, Action::Cancel);
    row("signed in", signedIn(), {}, Phase::Authorized, Action::Disconnect);
    record = signedIn();
    record.expiresAt.reset();
    row("no expiry told", record, {}, Phase::Authorized, Action::Disconnect);
    record.expiresAt = now;
    row("run out, can be renewed", record, {}, Phase::RenewsOnUse, Action::Disconnect);
    record.hasRefreshToken = false;
    row("run out for good", record, {}, Phase::SignInExpired, Action::AuthorizeAgain);
    row("can't be reached", signedIn(), trouble(makeError(ErrorKind::Network, u"Down."_s)),
        Phase::Unreachable, Action::TryNow);
    row("asked to wait", signedIn(), trouble(waiting()), Phase::Unreachable, Action::TryNow);
    record = signedIn();
    record.hasSecret = false;
    record.lastError = RecordedError{makeError(ErrorKind::SignInNeeded, u"It ended."_s), now};
    row("ended by the service", record, {}, Phase::SignInExpired, Action::AuthorizeAgain);
    record = signedIn();
    record.leaving = true;
    row("leaving", record, {}, Phase::Disconnecting, Action::None);
    row("keychain locked", signedIn(), trouble(base::keychainError(base::KeychainCase::Locked, u"Locked."_s)),
        Phase::KeychainTrouble, Action::Unlock);
    row("keychain missing", signedIn(), trouble(base::keychainError(base::KeychainCase::Missing, u"None."_s)),
        Phase::KeychainTrouble, Action::TryAgain);
    row("stopped", signedIn(), trouble(makeError(ErrorKind::RefusedByPolicy, u"No."_s)), Phase::Stopped,
        Action::Details);
    record = plain(u"open"_s);
    record.kind = AuthorizationKind::Header;
    record.hasSecret = true;
    row("a key", record, {}, Phase::ApiKey, Action::EditKey);
    record.verdict = mcp::Verdict::KeyRefused;
    row("a refused key", record, {}, Phase::KeyRefused, Action::EditKey);
    record.verdict = mcp::Verdict::Blocked;
    row("a key, and blocked", record, {}, Phase::Blocked, Action::TryAgain);
    live = trouble(makeError(ErrorKind::Timeout, u"The browser never came back."_s));
    live.signInFailed = true;
    row("a sign-in that came to nothing", plain(u"needs-sign-in"_s), live, Phase::NotAuthorized,
        Action::Authorize);
    row("a second sign-in that came to nothing", signedIn(), live, Phase::Authorized, Action::Disconnect);
}

void TstWording::saysOneWordForEachState()
{
    QFETCH(ConnectionRecord, record);
    QFETCH(LiveFacts, live);
    QFETCH(Phase, phase);
    QFETCH(Action, action);
    const ConnectionState state = stateOf(record, live, now);
    QCOMPARE(phaseName(state.phase), phaseName(phase));
    const Wording wording = wordingOf(state, record, now);
    QCOMPARE(wording.action, action);
    QVERIFY(!wording.pill.isEmpty());
    QVERIFY(!wording.headline.isEmpty());
    QVERIFY2(wording.sentence.endsWith(u'.'), qPrintable(wording.sentence));
    QCOMPARE(wording.actionText.isEmpty(), action == Action::None);
}

void TstWording::wakesOnlyWhenSomethingChanges_data()
{
    QTest::addColumn<int>("seconds");
    QTest::newRow("last minute") << 42;
    QTest::newRow("minutes") << 42 * 60;
    QTest::newRow("hours") << 10 * 3600;
    QTest::newRow("days") << 10 * 86'400;
}

void TstWording::wakesOnlyWhenSomethingChanges()
{
    QFETCH(int, seconds);
    ConnectionRecord record = signedIn();
    record.expiresAt = now.addSecs(seconds).addMSecs(300);
    const ConnectionState state = stateOf(record, {}, now);
    const std::optional<std::chrono::milliseconds> next = nextChange(state, now);
    QVERIFY(next);
    const QString before = wordingOf(state, record, now).pill;
    const QDateTime just = now.addMSecs(next->count() - 2);
    QCOMPARE(wordingOf(stateOf(record, {}, just), record, just).pill, before);
    const QDateTime then = now.addMSecs(next->count());
    QVERIFY(wordingOf(stateOf(record, {}, then), record, then).pill != before);
}

QTEST_APPLESS_MAIN(TstWording)
#include "tst_wording.moc"
