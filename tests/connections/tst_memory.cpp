// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Answers that are made to fill the memory: bombs, bodies and heads without an end, deep and wide JSON,
// endless lines of an event stream. One after the other at each place where a look at a server asks for
// something.
#include "support/faults.h"
#include "support/measures.h"
#include "support/testbed.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using support::AnswerFault;
using support::await;
using support::FakeResponse;
using support::FaultSpot;

namespace {

constexpr qint64 mebibyte = 1024 * 1024;
#ifdef __SANITIZE_ADDRESS__
// AddressSanitizer keeps what was freed in quarantine, up to 256 MiB.
constexpr qint64 mostOfOne = 300 * mebibyte;
constexpr qint64 mostOfAll = 300 * mebibyte;
#else
constexpr qint64 mostOfOne = 4 * mebibyte;
constexpr qint64 mostOfAll = 32 * mebibyte;
#endif

/// Far beyond every cap, as fast as it is taken.
std::vector<FakeResponse::Piece> endless(const QByteArray &piece)
{
    return std::vector<FakeResponse::Piece>(1600, {std::chrono::milliseconds(0), piece});
}

FakeResponse endlessBody(const QByteArray &type, const QByteArray &begin, const QByteArray &piece)
{
    FakeResponse answer;
    answer.headers.add("Content-Type", type);
    answer.body = begin;
    answer.pieces = endless(piece);
    return answer;
}

AnswerFault fixed(const QByteArray &name, const FakeResponse &answer)
{
    return {0, name, [answer](const FakeResponse &, const FaultSpot &) { return answer; }};
}

FakeResponse json(const QByteArray &body)
{
    FakeResponse answer;
    answer.headers.add("Content-Type", "application/json");
    answer.body = body;
    return answer;
}

std::vector<AnswerFault> memoryFaults()
{
    static const QByteArray block(64 * 1024, 'x');
    FakeResponse headers;
    headers.raw = "HTTP/1.1 200 OK\r\n";
    headers.pieces = endless(QByteArray("X-More: and more\r\n").repeated(3000));
    FakeResponse header;
    header.raw = "HTTP/1.1 200 OK\r\nX-Long: ";
    header.pieces = endless(block);
    // Within the cap of a look (1 MiB), and of a description (256 KiB).
    const QByteArray wide = '[' + QByteArray("0,").repeated(120'000) + "0]";
    const QByteArray names = '{' + QByteArray("\"a\":0,").repeated(40'000) + "\"b\":0}";
    return {
        fixed("endless body", endlessBody("application/json", "{\"a\":\"", block)),
        fixed("endless line of a stream", endlessBody("text/event-stream", "data: ", block)),
        fixed("endless lines of a stream",
              endlessBody("text/event-stream", {}, QByteArray("data: x\n").repeated(8000))),
        fixed("endless events",
              endlessBody("text/event-stream", {}, QByteArray("data: {}\n\n").repeated(6000))),
        fixed("endless headers", headers),
        fixed("endless header", header),
        fixed("deep arrays", json(QByteArray(250'000, '['))),
        fixed("deep objects", json(QByteArray("{\"a\":").repeated(50'000))),
        fixed("wide array", json("{\"a\":" + wide + '}')),
        fixed("many names", json(names)),
        fixed("long name", json("{\"" + QByteArray(250'000, 'n') + "\":1}")),
        fixed("long number", json("{\"a\":" + QByteArray(250'000, '9') + '}')),
        support::answerFault(14, "over the cap"),
        support::answerFault(15, "bomb"),
    };
}

/// Three places: the server, its description, the description of its service.
QList<FaultSpot> spotsOf(support::Testbed *bed)
{
    return {{&bed->mcp.http(), bed->mcp.path(), u"result"_s, {}},
            {&bed->mcp.http(), bed->mcp.metadataUrl().path().toLatin1(), u"resource"_s, {}},
            {&bed->auth.http(), "/.well-known/oauth-authorization-server", u"token_endpoint"_s, {}}};
}

} // namespace

class TestMemory final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void staysSmall();

private:
    static void lookAt(support::Testbed *bed, const AnswerFault &fault, const FaultSpot &spot);
};

void TestMemory::lookAt(support::Testbed *bed, const AnswerFault &fault, const FaultSpot &spot)
{
    const support::SpoiledAnswers spoiled(spot, fault);
    // On a busy machine the deadline may end a look before it has come to the place.
    for (int looks = 0; looks < 20 && spot.server->count(spot.path) == 0; ++looks) {
        static_cast<void>(await(bed->list->probe(bed->mcp.url(), {}, {}, {}, {})));
    }
    QVERIFY2(spot.server->count(spot.path) > 0, "nobody asked there");
    bed->mcp.http().forgetRequests();
    bed->auth.http().forgetRequests();
    // What is left of the answer goes with its connection.
    bed->mcp.http().stop();
    bed->mcp.http().start();
    bed->auth.http().stop();
    bed->auth.http().start();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

// Proves: INV-7
void TestMemory::staysSmall()
{
    const int wanted = qEnvironmentVariable("MOORING_CAMPAIGN") == "full"_L1 ? 1000 : 42;
    support::Testbed bed;
    bed.deadlines.probe = bed.deadlines.discoveryStep = std::chrono::milliseconds(300);
    bed.restart();
    const std::vector<AnswerFault> faults = memoryFaults();
    const QList<FaultSpot> spots = spotsOf(&bed);
    // Whatever is made once has been made then.
    for (const AnswerFault &fault : faults) {
        lookAt(&bed, fault, spots.first());
    }
    const qint64 start = support::residentMemory();
    qint64 most = 0;
    QByteArray worst;
    for (int count = 0; count < wanted;) {
        for (const AnswerFault &fault : faults) {
            for (const FaultSpot &spot : spots) {
                const qint64 before = support::residentMemory();
                lookAt(&bed, fault, spot);
                const qint64 growth = support::residentMemory() - before;
                if (growth > most) {
                    most = growth;
                    worst = fault.name;
                }
                ++count;
            }
        }
    }
    const qint64 all = support::residentMemory() - start;
    qInfo("figure: hostile answers: at most %lld KiB more memory after one (%s), %lld KiB after %d in a row",
          static_cast<long long>(most / 1024), worst.constData(), static_cast<long long>(all / 1024), wanted);
    QVERIFY(most <= mostOfOne);
    QVERIFY(all <= mostOfAll);
}

QTEST_GUILESS_MAIN(TestMemory)
#include "tst_memory.moc"
