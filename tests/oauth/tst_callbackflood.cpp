// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// VT-14 and VT-16: thousands of hostile hits on the callback address, while the person is still at the
// sign-in page, change nothing, cost nothing, and learn nothing.
#include "oauth/callbackpages.h"
#include "oauth/loopbacklistener.h"
#include "support/fakeperson.h"
#include "support/measures.h"

#include <QRandomGenerator>
#include <QTcpSocket>
#include <QTest>

#include <set>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::oauth;

namespace {

const QByteArray state = "the-state-of-this-sign-in";
constexpr int atATime = 8;
#ifdef __SANITIZE_ADDRESS__
// AddressSanitizer keeps what was freed in quarantine, up to 256 MiB.
constexpr qint64 maximumGrowth = 300 * 1024 * 1024;
#else
constexpr qint64 maximumGrowth = 4 * 1024 * 1024;
#endif

QByteArray get(const QByteArray &target, const QByteArray &host)
{
    return "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

/// The `i`th of many different attempts; `host` is the right one.
QByteArray hostileRequest(int i, const QByteArray &host)
{
    const QByteArray number = QByteArray::number(i);
    switch (i % 10) {
    case 0:
        return get("/callback?code=x" + number + "&state=<script>" + number, host);
    case 1:
        return get("/callback?error=access_denied&error_description=%3Cimg%3E" + number + "&state=", host);
    case 2:
        return get("/callback?code=c&state=" + state + "&state=" + number, host);
    case 3:
        return get("/callback?code=c&state=" + state, "evil" + number + ".example");
    case 4:
        return get("/" + number + "/callback?code=c&state=" + state, host);
    case 5:
        return "POST /callback?code=c&state=" + state + " HTTP/1.1\r\nHost: " + host
               + "\r\nContent-Length: 9\r\n\r\ncode=pwned";
    case 6:
        return get("/callback?code=" + QByteArray(9000, 'a') + "&state=" + state, host);
    case 7:
        return "GET /callback HTTP/1.1\r\nX: " + QByteArray(17'000, 'x');
    case 8:
        return QByteArray("\x16\x03\x01\x02\x00\x01\r\n\r\n", 10) + number;
    default:
        return get("/callback?state=" + state + "x&code=%ff%00%0d%0aSet-Cookie:%20a=" + number, host);
    }
}

/// One visitor: connects, says what it has to say, and keeps what it heard until the end.
class Hit final : public QObject {
public:
    Hit(quint16 port, const QByteArray &request, bool leavesAtOnce)
    {
        connect(&m_socket, &QTcpSocket::connected, this, [this, request, leavesAtOnce] {
            m_socket.write(request);
            if (leavesAtOnce) {
                m_socket.flush();
                m_socket.abort();
            }
        });
        connect(&m_socket, &QTcpSocket::readyRead, this, [this] { m_answer += m_socket.readAll(); });
        m_socket.connectToHost(QHostAddress::LocalHost, port);
    }
    bool hasEnded() const { return m_socket.state() == QAbstractSocket::UnconnectedState; }
    const QByteArray &answer() const { return m_answer; }

private:
    QTcpSocket m_socket;
    QByteArray m_answer;
};

} // namespace

class TestCallbackFlood final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void hostileHitsChangeNothing();
    void pagesAreTheSameForAnyQuery();

private:
    QByteArray host() const { return "127.0.0.1:" + QByteArray::number(m_listener->port()); }
    /// What the visitors heard, each answer once.
    std::set<QByteArray> flood(const QList<QByteArray> &requests, bool someLeave);
    void finishTheSignIn();

    std::unique_ptr<LoopbackListener> m_listener;
    std::vector<base::Result<QByteArray>> m_answers;
};

void TestCallbackFlood::init()
{
    m_answers.clear();
    m_listener = std::move(*LoopbackListener::listen(0));
    m_listener->expect(state, u"https://login.example.com"_s, true);
    connect(m_listener.get(), &LoopbackListener::answered, this,
            [this](const base::Result<QByteArray> &code) { m_answers.push_back(code); });
}

std::set<QByteArray> TestCallbackFlood::flood(const QList<QByteArray> &requests, bool someLeave)
{
    std::set<QByteArray> heard;
    for (qsizetype first = 0; first < requests.size(); first += atATime) {
        std::vector<std::unique_ptr<Hit>> hits;
        for (qsizetype i = first; i < std::min(first + atATime, requests.size()); ++i) {
            const bool leaves = someLeave && i % 7 == 3;
            hits.push_back(std::make_unique<Hit>(m_listener->port(), requests.at(i), leaves));
        }
        const auto haveEnded = [&hits] {
            return std::ranges::all_of(hits, [](const auto &hit) { return hit->hasEnded(); });
        };
        if (!QTest::qWaitFor(haveEnded, 20'000)) {
            heard.insert("no end");
        }
        for (const auto &hit : hits) {
            heard.insert(hit->answer());
        }
    }
    return heard;
}

void TestCallbackFlood::finishTheSignIn()
{
    QCOMPARE(m_answers.size(), 0u);
    Hit real(m_listener->port(),
             get("/callback?code=good&state=" + state + "&iss=https%3A%2F%2Flogin.example.com", host()),
             false);
    QTRY_VERIFY(real.hasEnded());
    QCOMPARE(real.answer(), callbackAnswer(CallbackPage::Done, 200));
    QCOMPARE(m_answers.size(), 1u);
    QCOMPARE(m_answers.at(0).value(), "good");
}

// Proves: STA-1, VT-14, VT-15
// Matrix: 14 CB, 26 CB, 39 CB
void TestCallbackFlood::hostileHitsChangeNothing()
{
    const int count = qEnvironmentVariable("MOORING_CAMPAIGN") == "full"_L1 ? 10'000 : 500;
    QList<QByteArray> requests;
    for (int i = 0; i < count; ++i) {
        requests.append(hostileRequest(i, host()));
    }
    // Whatever is made once, for the first visitors, has been made then.
    flood(requests.first(100), true);
    const qint64 before = support::residentMemory();
    QVERIFY(before > 0);
    const support::StallMeter meter;
    std::set<QByteArray> heard = flood(requests, true);
    const qint64 growth = support::residentMemory() - before;
    qInfo("figure: %d hostile hits: %lld KiB more memory, longest stall %lld ms", count,
          static_cast<long long>(growth / 1024), static_cast<long long>(meter.longestMs()));
    // Those that left at once heard nothing; the others one of the constant pages.
    heard.erase(QByteArray());
    std::set<QByteArray> pages;
    for (const int status : {400, 404, 405, 414, 431}) {
        pages.insert(callbackAnswer(CallbackPage::Stray, status));
    }
    QCOMPARE(heard, pages);
    QVERIFY(growth <= maximumGrowth);
    QVERIFY(meter.longestMs() <= 50);
    finishTheSignIn();
}

// Proves: VT-16
void TestCallbackFlood::pagesAreTheSameForAnyQuery()
{
    QRandomGenerator random(20260916);
    QList<QByteArray> requests;
    for (int i = 0; i < 1000; ++i) {
        QByteArray query(random.bounded(1, 400), '\0');
        for (char &c : query) {
            // Any byte that does not end the target; a query, whatever is in it.
            c = static_cast<char>(random.bounded(0x21, 0x100));
        }
        if (i % 2 == 0) {
            query = "code=" + query + "&state=" + query.right(20);
        }
        requests.append(get("/callback?" + query, host()));
    }
    QCOMPARE(flood(requests, false), (std::set<QByteArray>{callbackAnswer(CallbackPage::Stray, 400)}));
    QCOMPARE(m_listener->refusedRequests(), 1000);
    finishTheSignIn();
}

QTEST_GUILESS_MAIN(TestCallbackFlood)
#include "tst_callbackflood.moc"
