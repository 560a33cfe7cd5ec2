// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every network fault at every step that talks to a network: what comes of it, and that nothing is lost.
#include "faultbed.h"
#include "keptlog.h"
#include "support/tlsport.h"

#include <QElapsedTimer>
#include <QFileInfo>

using namespace Qt::StringLiterals;
using namespace mooring;
using support::await;
using test::Case;
using test::Column;
using test::FaultBed;

Q_DECLARE_METATYPE(mooring::test::Case)

namespace {

/// Shortened deadlines are 0.4 s, the others 10 s and more, a replay waits for 1 to 2 s.
constexpr qint64 longestOperation = 6000;

template <typename T>
std::optional<base::Error> errorOf(const base::Result<T> &result)
{
    return result ? std::nullopt : std::optional(result.error());
}

/// A code for a step with several candidates: "F>X" is X if no other candidate is there.
QByteArray last(const QByteArray &code)
{
    return code.split('>').last();
}

} // namespace

class TestFaultMatrix final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init() { m_log->clear(); }
    void probe_data() { addRows(Column::Prb); }
    void probe();
    void resourceMetadata_data() { addRows(Column::Prm); }
    void resourceMetadata();
    void serverMetadata_data() { addRows(Column::Asm); }
    void serverMetadata();
    void registration_data() { addRows(Column::Reg); }
    void registration();
    void codeExchange_data() { addRows(Column::Tok); }
    void codeExchange();
    void refresh_data() { addRows(Column::Ref); }
    void refresh();
    void revocation_data() { addRows(Column::Rev); }
    void revocation();
    void cleanup();
    void leavesNothingUntested();
    void reachesAServerWithAGoodCertificate();
    void cleanupTestCase();

private:
    void addRows(Column column);
    void discovery();
    base::Result<void> authorize(FaultBed *bed, bool registersAnew = false);
    /// The whole of INV-1 to INV-9 that a process can see.
    void checkInvariants(FaultBed *bed, bool keepsGrant, int clicks);
    void checkGrantServes(FaultBed *bed);
    void checkToldLater(FaultBed *bed, bool isPending);
    /// Two hours later, with nothing wrong any more.
    void checkRecovery(FaultBed *bed, bool isEnd);

    std::unique_ptr<test::KeptLog> m_log;
    std::optional<Case> m_case;
    test::Tally m_tally;
    qint64 m_longest = 0;
};

void TestFaultMatrix::initTestCase()
{
    // Nothing here is about a loss of power, so nobody has to wait for a disk.
    if (QFileInfo(u"/dev/shm"_s).isWritable()) {
        qputenv("TMPDIR", "/dev/shm");
    }
    m_log = std::make_unique<test::KeptLog>();
}

void TestFaultMatrix::addRows(Column column)
{
    QTest::addColumn<Case>("theCase");
    for (const Case &one : test::casesOf(column)) {
        const QByteArray name = QByteArray::number(one.row) + ' ' + one.fault + " -> " + one.code;
        QTest::newRow(name.constData()) << one;
    }
}

base::Result<void> TestFaultMatrix::authorize(FaultBed *bed, bool registersAnew)
{
    connections::AuthorizeOptions options;
    options.forgetRegistration = registersAnew;
    QElapsedTimer time;
    time.start();
    base::Result<void> done = await(bed->connection().authorize(std::move(options), {}));
    m_longest = std::max(m_longest, time.elapsed());
    return done;
}

void TestFaultMatrix::checkInvariants(FaultBed *bed, bool keepsGrant, int clicks)
{
    QVERIFY2(m_longest < longestOperation, qPrintable(u"INV-6: took %1 ms"_s.arg(m_longest)));
    const QString broken = bed->brokenInvariant(keepsGrant, clicks);
    QVERIFY2(broken.isEmpty(), qPrintable(broken));
    QVERIFY2(!m_log->text().contains("canary-"), "INV-9: a secret is in the log");
}

/// The grant of the sign-in before is as good as ever.
void TestFaultMatrix::checkGrantServes(FaultBed *bed)
{
    const base::Result<connections::AccessToken> token = await(bed->connection().accessToken({}));
    QVERIFY2(token, token ? "" : qPrintable(token.error().sentence));
    QVERIFY(bed->bed.auth.isActive(token->token.reveal()));
}

// Proves: VT-07, INV-1, INV-2, INV-3, INV-4, INV-6, INV-8, INV-9
// Matrix: 1-23,28,32 PRB
void TestFaultMatrix::probe()
{
    QFETCH(Case, theCase);
    m_case = theCase;
    m_longest = 0;
    FaultBed bed(theCase);
    if (!bed.place()) {
        // What was typed is refused before there is an entry.
        QCOMPARE(theCase.row, 23);
        checkInvariants(&bed, true, 1);
        return;
    }
    QElapsedTimer time;
    time.start();
    const mcp::ProbeReport report = await(bed.probed().check({}, {}));
    m_longest = time.elapsed();
    const QString problem = bed.problemWith(theCase.code, report.error);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    checkInvariants(&bed, true, 1);
    checkGrantServes(&bed);
    bed.lift();
    QCOMPARE(await(bed.connection().check({}, {})).verdict, mcp::ProbeReport::Verdict::NeedsSignIn);
}

// Proves: VT-07
// Matrix: 1-23,28,32 PRM
void TestFaultMatrix::resourceMetadata()
{
    discovery();
}

// Proves: VT-07
// Matrix: 1-23,28,32 ASM
void TestFaultMatrix::serverMetadata()
{
    discovery();
}

void TestFaultMatrix::discovery()
{
    QFETCH(Case, theCase);
    m_case = theCase;
    m_longest = 0;
    FaultBed bed(theCase);
    bed.place();
    const QString problem = bed.problemWith(last(theCase.code), errorOf(authorize(&bed)));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    int clicks = theCase.code == "ok" ? 2 : 1;
    checkInvariants(&bed, true, clicks);
    checkGrantServes(&bed);
    if (theCase.code.startsWith("F>")) {
        bed.serveNextCandidate();
        const base::Result<void> next = authorize(&bed);
        QVERIFY2(next, next ? "" : qPrintable(next.error().sentence));
        ++clicks;
    }
    bed.lift();
    QVERIFY(authorize(&bed));
    QCOMPARE(bed.bed.person.opened.size(), clicks + 1);
}

// Proves: VT-07, INV-1, INV-2, INV-3, INV-4, INV-6, INV-8, INV-9
// Matrix: 1-23,28,32 REG
void TestFaultMatrix::registration()
{
    QFETCH(Case, theCase);
    m_case = theCase;
    m_longest = 0;
    FaultBed bed(theCase);
    bed.place();
    const QString problem = bed.problemWith(theCase.code, errorOf(authorize(&bed, true)));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    // A plain 400 may be about one member, so less is asked for: without the type, without the refresh grant,
    // without both.
    const int times = theCase.fault == "400" ? 4 : 1;
    QCOMPARE(bed.sent(), bed.isReachable() ? times : 0);
    const int clicks = theCase.code == "ok" ? 2 : 1;
    checkInvariants(&bed, true, clicks);
    checkGrantServes(&bed);
    bed.lift();
    QVERIFY(authorize(&bed, true));
    QCOMPARE(bed.bed.person.opened.size(), clicks + 1);
}

// Proves: VT-07, INV-1, INV-2, INV-3, INV-4, INV-6, INV-8, INV-9
// Matrix: 1-23,28,32 TOK
void TestFaultMatrix::codeExchange()
{
    QFETCH(Case, theCase);
    m_case = theCase;
    m_longest = 0;
    FaultBed bed(theCase);
    bed.place();
    const QString problem = bed.problemWith(theCase.code, errorOf(authorize(&bed)));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    // A service that is busy for a moment only has not looked at the code, so it is sent once more.
    const int times = theCase.fault == "429, seconds" ? 2 : 1;
    QCOMPARE(bed.sent(), bed.isReachable() ? times : 0);
    // An address that may not be used is refused with the description that names it.
    const int clicks = theCase.row == 23 ? 1 : 2;
    checkInvariants(&bed, true, clicks);
    checkGrantServes(&bed);
    bed.lift();
    QVERIFY(authorize(&bed));
    QCOMPARE(bed.bed.person.opened.size(), clicks + 1);
}

// Proves: VT-07, INV-1, INV-2, INV-3, INV-4, INV-6, INV-8, INV-9
// Matrix: 1-23,28,32 REF
void TestFaultMatrix::refresh()
{
    QFETCH(Case, theCase);
    m_case = theCase;
    m_longest = 0;
    FaultBed bed(theCase);
    bed.place();
    const bool isEnd = theCase.fault == "invalid_grant";
    // Half a minute before its end a token is to be renewed, and still good.
    bed.bed.clock.advance(std::chrono::minutes(40) - std::chrono::seconds(30));
    QElapsedTimer time;
    time.start();
    const base::Result<connections::AccessToken> stale = await(bed.connection().accessToken({}));
    m_longest = time.elapsed();
    QVERIFY2(stale.has_value() == !isEnd, "the access that is still good is not served");
    const std::optional<base::Error> trouble = bed.connection().state().error;
    const QString problem = bed.problemWith(theCase.code, trouble);
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    // A plain 400 may be about `resource`, which a second request leaves out.
    const int times = theCase.code == "Q" || theCase.fault == "400" ? 2 : 1;
    QCOMPARE(bed.sent(), bed.isReachable() ? times : 0);
    // Asked again at once: nobody is bothered.
    const int sent = bed.sent();
    QCOMPARE(await(bed.connection().accessToken({})).has_value(), !isEnd);
    QCOMPARE(bed.sent(), sent);
    checkInvariants(&bed, !isEnd, 1);
    checkRecovery(&bed, isEnd);
}

void TestFaultMatrix::checkRecovery(FaultBed *bed, bool isEnd)
{
    bed->lift();
    bed->bed.clock.advance(std::chrono::hours(2));
    if (isEnd) {
        QCOMPARE(bed->connection().state().phase, connections::Phase::SignInExpired);
        QVERIFY(authorize(bed));
        return;
    }
    checkGrantServes(bed);
    QCOMPARE(bed->connection().state().phase, connections::Phase::Authorized);
    QCOMPARE(bed->bed.person.opened.size(), 1);
}

// Proves: VT-07, INV-1, INV-2, INV-3, INV-4, INV-6, INV-8, INV-9
// Matrix: 1-23,28,32 REV
void TestFaultMatrix::revocation()
{
    QFETCH(Case, theCase);
    m_case = theCase;
    m_longest = 0;
    FaultBed bed(theCase);
    bed.place();
    QElapsedTimer time;
    time.start();
    const base::Result<connections::Disconnected> left = await(bed.connection().disconnectFromServer({}));
    m_longest = time.elapsed();
    QVERIFY(left);
    const auto expected = theCase.code == "ok"  ? connections::RevocationOutcome::Revoked
                          : theCase.code == "V" ? connections::RevocationOutcome::Pending
                          : theCase.row == 23   ? connections::RevocationOutcome::NotSupported
                          : theCase.code == "U" ? connections::RevocationOutcome::NotSupported
                                                : connections::RevocationOutcome::NotConfirmed;
    QVERIFY2(left->outcome == expected, qPrintable(left->sentence));
    const QString service = QUrl(bed.bed.auth.issuer()).authority();
    QVERIFY2(left->sentence.contains(service), qPrintable(left->sentence));
    // One for each token.
    QCOMPARE(bed.sent(), bed.isReachable() ? 2 : 0);
    const base::Result<connections::AccessToken> none = await(bed.connection().accessToken({}));
    QVERIFY(!none);
    QCOMPARE(none.error().kind, base::ErrorKind::SignInNeeded);
    if (expected == connections::RevocationOutcome::Pending) {
        const QString problem = bed.problemWithSeal();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    } else {
        QCOMPARE(bed.bed.secrets.keys(), QStringList());
    }
    checkInvariants(&bed, false, 1);
    checkToldLater(&bed, expected == connections::RevocationOutcome::Pending);
    QVERIFY(authorize(&bed));
    checkGrantServes(&bed);
}

/// Tried again when it is time, in vain; then, with nothing wrong any more, told.
void TestFaultMatrix::checkToldLater(FaultBed *bed, bool isPending)
{
    const auto nextTry = [bed] { return bed->bed.list->revocations().all().first().nextTry; };
    const auto tryAgain = [bed](const QDateTime &when) {
        bed->bed.clock.advance(std::chrono::milliseconds(bed->bed.clock.now().msecsTo(when)));
        bed->bed.list->revocations().tellDue();
        await(bed->bed.list->revocations().settled(std::chrono::seconds(30)));
    };
    if (isPending) {
        const int sent = bed->sent();
        const QDateTime first = nextTry();
        tryAgain(first.addSecs(-1));
        QCOMPARE(bed->sent(), sent);
        tryAgain(first);
        // An access token that has ended meanwhile is no matter any more.
        const int tokens = bed->isAccessFresh() ? 2 : 1;
        QCOMPARE(bed->sent(), bed->isReachable() ? sent + tokens : 0);
        const QString problem = bed->problemWithSeal();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
    bed->lift();
    if (isPending) {
        tryAgain(nextTry());
        for (const QByteArray &token : bed->tokens()) {
            QVERIFY(!bed->bed.auth.isActive(token));
        }
    }
    QVERIFY(bed->bed.list->revocations().all().isEmpty());
    QCOMPARE(bed->bed.secrets.keys(), QStringList());
}

void TestFaultMatrix::cleanup()
{
    if (m_case) {
        m_tally.add(*m_case, !QTest::currentTestFailed());
        m_case.reset();
    }
}

void TestFaultMatrix::leavesNothingUntested()
{
    QCOMPARE(m_tally.untested(), QList<QByteArray>());
}

/// Else the bad certificates of row 4 could be refused for another reason.
void TestFaultMatrix::reachesAServerWithAGoodCertificate()
{
    const support::TlsPort server(support::TlsPort::Certificate::Good);
    support::Testbed bed;
    const auto connection = bed.added(QUrl(server.origin() + u"/mcp"_s));
    const mcp::ProbeReport report = await(connection->check({}, {}));
    QVERIFY(report.error);
    QCOMPARE(report.error->httpStatus, 404);
}

void TestFaultMatrix::cleanupTestCase()
{
    m_tally.print();
    m_log.reset();
}

QTEST_GUILESS_MAIN(TestFaultMatrix)
#include "tst_faultmatrix.moc"
