// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// A process that is stopped in the middle of a refresh (Ctrl-Z, a paused container, a computer that sleeps)
// for longer than every deadline, and then goes on: the answer that has been lying in the socket counts. The
// keychain is a real one, and the service ends a sign-in at the second use of a refresh token.
#include "workerpool.h"

#include <QTest>

#include <array>
#include <cstdio>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using namespace mooring;
using support::FakeRequest;
using support::FakeResponse;
using test::SharedConnection;
using test::Worker;

namespace {

struct Place {
    const char *name;
    /// Where the worker stops by itself; empty: when the service has done its work and not answered yet.
    const char *checkpoint;
    /// The rest of the answer is sent only when the worker stands still: behind the head, or half of the
    /// body.
    bool isInPieces = false;
    qsizetype bodyFirst = 0;
};

constexpr Place places[] = {
    {"the lock is held", "K20"},
    {"the refresh is announced", "K15"},
    {"the request is on its way", "posted"},
    {"the service answers", ""},
    {"the head is read", "head", true},
    {"half of the body is read", "piece", true, 40},
    {"the answer is read", "K17"},
    {"the keychain write runs", "K18*2"},
    {"the keychain is written", "written*2"},
    {"the renewed token is stored", "K19"},
};
constexpr int placeCount = static_cast<int>(std::size(places));

constexpr std::chrono::milliseconds shortDeadline = 3s;
constexpr std::chrono::milliseconds shortStop = 3500ms;
/// The longest of the real deadlines on this way is 60 s, for a lock that nobody else wants here; the others
/// are 20 s and less.
constexpr std::chrono::milliseconds longStop = 60s;
constexpr std::chrono::milliseconds patience = 120s;

QStringList connectionIds()
{
    connections::RecordsFile file{storage::Profile(), base::Deadlines()};
    QStringList ids;
    if (const base::Result<connections::Records> records = file.load()) {
        for (const connections::ConnectionRecord &record : records->connections) {
            ids.append(record.id);
        }
    }
    return ids;
}

} // namespace

class TestStoppedRefresh final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void losesNothing();

private:
    using Workers = std::array<std::unique_ptr<Worker>, placeCount>;

    void signIn();
    /// The connection whose refresh this is.
    int indexOf(const FakeRequest &request) const;
    void answer(const FakeRequest &request, FakeResponse *answer);
    void sendWhenItStands(int index, std::function<void(const QByteArray &)> write, QByteArray rest);
    /// All places at once, each with a connection and a process of its own.
    void playRound(std::optional<std::chrono::milliseconds> deadlines, std::chrono::milliseconds stopped);
    void judge(int index, const Worker &worker);

    SharedConnection m_shared;
    QStringList m_ids;
    QHash<QByteArray, int> m_connectionOf;
    Workers m_workers;
    int m_stops = 0;
    QStringList m_lost;
};

void TestStoppedRefresh::signIn()
{
    m_shared.auth.rotationGrace = 0s;
    m_shared.auth.editTokenAnswer = [this, note = m_shared.auth.editTokenAnswer](const FakeRequest &request,
                                                                                 FakeResponse *made) {
        note(request, made);
        answer(request, made);
    };
    QVERIFY(m_shared.signInTo(placeCount));
    m_ids = connectionIds();
    QCOMPARE(m_ids.size(), placeCount);
}

int TestStoppedRefresh::indexOf(const FakeRequest &request) const
{
    return m_connectionOf.value(support::fieldOf(request.form(), "refresh_token"), -1);
}

void TestStoppedRefresh::answer(const FakeRequest &request, FakeResponse *answer)
{
    const QByteArray issued =
        support::FakeRequest{{}, {}, {}, answer->body, 0}.json()["refresh_token"_L1].toString().toUtf8();
    // The sign-ins come one after the other.
    const int known = indexOf(request);
    const int index = known >= 0 ? known : static_cast<int>(m_connectionOf.size());
    m_connectionOf.insert(issued, index);
    if (known < 0 || !m_workers.at(index)) {
        return;
    }
    const Place &place = places[index];
    if (place.isInPieces) {
        const QByteArray rest = answer->body.sliced(place.bodyFirst);
        answer->body.truncate(place.bodyFirst);
        answer->whenOpen = [this, index, rest](std::function<void(const QByteArray &)> write) {
            sendWhenItStands(index, std::move(write), rest);
        };
    } else if (qstrlen(place.checkpoint) == 0) {
        m_workers.at(index)->stop();
    }
}

void TestStoppedRefresh::sendWhenItStands(int index, std::function<void(const QByteArray &)> write,
                                          QByteArray rest)
{
    if (!m_workers.at(index)->isStopped()) {
        QTimer::singleShot(5ms, this, [=, this] { sendWhenItStands(index, write, rest); });
        return;
    }
    write(rest);
    write({});
}

void TestStoppedRefresh::playRound(std::optional<std::chrono::milliseconds> deadlines,
                                   std::chrono::milliseconds stopped)
{
    m_shared.advance(2h);
    for (int i = 0; i < placeCount; ++i) {
        m_workers.at(i) = std::make_unique<Worker>(m_ids.at(i), places[i].checkpoint, deadlines);
        m_workers.at(i)->send(m_shared.clockCommand());
    }
    for (const std::unique_ptr<Worker> &worker : m_workers) {
        worker->send("token 1");
    }
    for (int i = 0; i < placeCount; ++i) {
        QVERIFY2(test::until([&] { return m_workers.at(i)->isStopped(); }, patience), places[i].name);
    }
    // In pieces: await() takes a minute for a hang.
    for (std::chrono::milliseconds left = stopped; left.count() > 0; left -= 500ms) {
        support::giveTimeFor(500ms);
    }
    for (int i = 0; i < placeCount; ++i) {
        QVERIFY2(m_workers.at(i)->isStopped(), places[i].name);
        m_workers.at(i)->goOn();
    }
    for (int i = 0; i < placeCount; ++i) {
        QVERIFY2(test::until([&] { return m_workers.at(i)->isDone(); }, patience), places[i].name);
        ++m_stops;
        judge(i, *m_workers.at(i));
        m_workers.at(i).reset();
    }
}

void TestStoppedRefresh::judge(int index, const Worker &worker)
{
    const bool isSaved =
        worker.errors().isEmpty() && worker.tokens().size() == 1 && m_shared.works(worker.tokens().first());
    if (!isSaved) {
        m_lost.append(QString::fromLatin1(places[index].name) + u": "_s + worker.errors().join(u", "_s));
    }
    QCOMPARE(worker.browsers(), 0);
}

void TestStoppedRefresh::losesNothing()
{
    signIn();
    const int refreshesBefore = m_shared.auth.refreshes();
    const int rounds = 10;
    for (int round = 0; round < rounds && m_lost.isEmpty(); ++round) {
        playRound(shortDeadline, shortStop);
    }
    std::printf("figure: stopped for longer than every deadline at %d places of a refresh, %d times without "
                "grace: sign-ins lost %lld\n",
                placeCount, m_stops, static_cast<long long>(m_lost.size()));
    if (test::rounds(0, 1) > 0) {
        // With the deadlines of every day.
        playRound(std::nullopt, longStop);
        std::printf("figure: the same for 60 s with the real deadlines: sign-ins lost %lld\n",
                    static_cast<long long>(m_lost.size()));
    }
    std::fflush(stdout);
    QVERIFY2(m_lost.isEmpty(), qPrintable(m_lost.join(u'\n')));
    // No token was sent twice, and each renewal brought one.
    QCOMPARE(m_shared.auth.reuses(), 0);
    QCOMPARE(m_shared.auth.refreshes() - refreshesBefore, m_stops);
}

QTEST_GUILESS_MAIN(TestStoppedRefresh)
#include "tst_stoppedrefresh.moc"
