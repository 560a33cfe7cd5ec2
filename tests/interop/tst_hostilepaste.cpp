// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pastes that are made to cost time or memory. Each gets one clear sentence or one harmless server. How long
// they take is measured by the processor's time that the process used, beside a plain measure, so a busy
// machine doesn't matter.
#include "interop/hostilepastes.h"
#include "interop/paste.h"
#include "support/measures.h"

#include <QTest>

#include <ctime>
#include <sys/resource.h>

using namespace Qt::StringLiterals;
using namespace mooring;

namespace {

constexpr qint64 mebibyte = 1024 * 1024;
/// The sanitizer keeps notes about each byte and holds back what was freed.
#ifdef __SANITIZE_ADDRESS__
constexpr qint64 mostGrowth = 128 * mebibyte;
#else
constexpr qint64 mostGrowth = 32 * mebibyte;
#endif

double processorMilliseconds()
{
    return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

qint64 mostMemory()
{
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return qint64(usage.ru_maxrss) * 1024;
}

/// Turning a megabyte into a text and back, a few dozen times: the least that is done with what is dropped.
double plainMeasure()
{
    const QByteArray bytes(mebibyte, 'x');
    const double start = processorMilliseconds();
    qsizetype length = 0;
    for (int i = 0; i < 40; ++i) {
        length += QString::fromUtf8(bytes).toUtf8().size();
    }
    return length > 0 ? processorMilliseconds() - start : 0;
}

} // namespace

class TstHostilePaste final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void costsLittle_data();
    void costsLittle();
    void isRefusedBeforeAnyParser();
};

void TstHostilePaste::costsLittle_data()
{
    QTest::addColumn<QString>("text");
    for (const interoptests::HostilePaste &one : interoptests::hostilePastes()) {
        QTest::newRow(one.name.constData()) << one.text;
    }
}

void TstHostilePaste::costsLittle()
{
    QFETCH(const QString, text);
    static const double measure = plainMeasure();
    const qint64 before = support::residentMemory();
    const qint64 mostBefore = mostMemory();
    const double start = processorMilliseconds();
    const base::Result<interop::Paste> paste = interop::readPaste(text);
    const double took = processorMilliseconds() - start;
    // What it needed meanwhile counts too.
    const qint64 growth =
        mostMemory() > mostBefore ? mostMemory() - before : support::residentMemory() - before;
    if (paste) {
        QVERIFY(!paste->servers.isEmpty() && paste->servers.size() <= interop::maximumServers);
    } else {
        QVERIFY(!paste.error().sentence.isEmpty());
        QVERIFY2(paste.error().sentence.size() < 500, qPrintable(paste.error().sentence.left(1000)));
    }
    qInfo("%.1f ms of the processor, the measure is %.1f ms, %lld KiB", took, measure, growth / 1024);
    // 50 ms where the measure is 2 ms, in the build that people install.
    QVERIFY2(took <= 25 * measure, qPrintable(QString::number(took / measure)));
    QVERIFY2(growth <= mostGrowth, qPrintable(QString::number(growth)));
}

void TstHostilePaste::isRefusedBeforeAnyParser()
{
    const QString tooLong =
        u"{\"mcpServers\":{\"a\":{\"url\":\"https://a.example/mcp\"}}}"_s + QString(mebibyte, u' ');
    const auto refused = interop::readPaste(tooLong);
    QVERIFY(!refused.has_value());
    QVERIFY2(refused.error().sentence.contains(u"too long"), qPrintable(refused.error().sentence));
    // Counted in bytes: these are three each.
    const auto wide = interop::readPaste(u"https://a.example/"_s + QString(mebibyte / 2, u'\u4E2D'));
    QVERIFY(!wide.has_value());
    QVERIFY2(wide.error().sentence.contains(u"too long"), qPrintable(wide.error().sentence));
}

QTEST_GUILESS_MAIN(TstHostilePaste)
#include "tst_hostilepaste.moc"
