// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The programs as they were built, read with readelf: a flag that is lost on the way to the linker, or a path
// that a build system adds, shows here.
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

QByteArray readelf(const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"LC_ALL"_s, u"C"_s);
    process.setProcessEnvironment(environment);
    process.start(u"readelf"_s, QStringList{u"-W"_s} + arguments);
    if (!process.waitForFinished(60'000) || process.exitCode() != 0) {
        qFatal("readelf failed: %s", process.readAllStandardError().constData());
    }
    return process.readAllStandardOutput();
}

/// The lines of `text` that match.
QList<QByteArray> linesWith(const QByteArray &text, const QString &pattern)
{
    const QRegularExpression expression(pattern);
    QList<QByteArray> lines;
    const QList<QByteArray> all = text.split('\n');
    for (const QByteArray &line : all) {
        if (expression.match(QString::fromUtf8(line)).hasMatch()) {
            lines.append(line);
        }
    }
    return lines;
}

} // namespace

class TestBinaries final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void programs_data();
    void programs();
    void libraryPaths_data() { programs_data(); }
    void libraryPaths();
    void runtimeChecks_data() { programs_data(); }
    void runtimeChecks();
    void controlFlow_data();
    void controlFlow();
};

void TestBinaries::programs_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("mooring") << QStringLiteral(MOORING);
    QTest::newRow("mooringctl") << QStringLiteral(MOORINGCTL);
}

void TestBinaries::programs()
{
    QFETCH(QString, path);
    // Position-independent: its addresses differ with every start.
    QCOMPARE(linesWith(readelf({u"-h"_s, path}), u"Type:\\s+DYN"_s).size(), 1);
    const QByteArray dynamic = readelf({u"-d"_s, path});
    QCOMPARE(linesWith(dynamic, u"\\(FLAGS_1\\).*\\bPIE\\b"_s).size(), 1);
    // Full RELRO: everything is bound at start, and then no function pointer of the linker can be written.
    QCOMPARE(linesWith(dynamic, u"\\(FLAGS\\).*\\bBIND_NOW\\b"_s).size(), 1);
    QCOMPARE(linesWith(dynamic, u"\\(TEXTREL\\)"_s).size(), 0);
    const QByteArray segments = readelf({u"-l"_s, path});
    QCOMPARE(linesWith(segments, u"^\\s+GNU_RELRO\\s"_s).size(), 1);
    // Neither the stack nor anything else can be written and run.
    QCOMPARE(linesWith(segments, u"^\\s+GNU_STACK\\s.*\\sRW\\s"_s).size(), 1);
    QCOMPARE(linesWith(segments, u"^\\s+(LOAD|GNU_STACK)\\s.*\\sRWE\\s"_s).size(), 0);
}

void TestBinaries::libraryPaths()
{
    QFETCH(QString, path);
    // An empty or relative element is the working directory: whoever can put a library there is run.
    const QList<QByteArray> lines = linesWith(readelf({u"-d"_s, path}), u"\\((RPATH|RUNPATH)\\)"_s);
    for (const QByteArray &line : lines) {
        const QList<QByteArray> folders = line.mid(line.indexOf('[') + 1).chopped(1).split(':');
        for (const QByteArray &folder : folders) {
            QVERIFY2(folder.startsWith('/') || folder.startsWith("$ORIGIN"), line.constData());
        }
    }
}

void TestBinaries::runtimeChecks()
{
    QFETCH(QString, path);
    const QByteArray symbols = readelf({u"--dyn-syms"_s, path});
    QVERIFY(!linesWith(symbols, u"\\s__stack_chk_fail(@|$)"_s).isEmpty());
#ifdef MOORING_FORTIFIED
    // __fprintf_chk and its kind: functions of libc that know how large their buffer is.
    QVERIFY(!linesWith(symbols, u"\\s__(?!stack)[a-z]+_chk(@|$)"_s).isEmpty());
#endif
}

void TestBinaries::controlFlow_data()
{
    QTest::addColumn<QString>("path");
    const QStringList archives = QStringLiteral(MOORING_ARCHIVES).split(u'|');
    for (const QString &archive : archives) {
        QTest::newRow(qPrintable(archive.section(u'/', -1))) << archive;
    }
}

void TestBinaries::controlFlow()
{
    QFETCH(QString, path);
#ifdef __x86_64__
    // Of each object: in a program the linker leaves the note out if the start-up code of the system has
    // none, which is so on Debian 12.
    const QByteArray notes = readelf({u"-n"_s, path});
    const qsizetype objects = linesWith(notes, u"^File: .*\\.o\\)$"_s).size();
    QVERIFY(objects > 0);
    QCOMPARE(linesWith(notes, u"x86 feature: IBT, SHSTK"_s).size(), objects);
#else
    // On ARM the packages of distributions decide (-mbranch-protection); the archive is there all the same.
    QVERIFY(QFile::exists(path));
#endif
}

QTEST_GUILESS_MAIN(TestBinaries)
#include "tst_binaries.moc"
