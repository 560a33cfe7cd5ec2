// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commandline.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;

class TstCommandLine final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsBeforeThereIsAnApplication_data();
    void readsBeforeThereIsAnApplication();
};

void TstCommandLine::readsBeforeThereIsAnApplication_data()
{
    QTest::addColumn<QList<QByteArray>>("words");
    QTest::addColumn<QString>("profile");
    QTest::addColumn<bool>("onlyTells");
    const auto row = [](const char *name, const QList<QByteArray> &words, const QString &profile,
                        bool onlyTells = false) { QTest::newRow(name) << words << profile << onlyTells; };
    row("nothing", {}, u"default"_s);
    row("a profile", {"--profile", "work"}, u"work"_s);
    row("a profile after =", {"--profile=work"}, u"work"_s);
    row("the last of two", {"--profile=one", "--profile", "two"}, u"two"_s);
    row("with options of Qt", {"-platform", "offscreen", "--profile", "work", "-reverse"}, u"work"_s);
    row("help", {"--profile", "work", "--help"}, u"work"_s, true);
    row("help, briefly", {"-h"}, u"default"_s, true);
    row("all of the help", {"--help-all"}, u"default"_s, true);
    row("version", {"--version"}, u"default"_s, true);
    row("version, briefly", {"-v"}, u"default"_s, true);
}

void TstCommandLine::readsBeforeThereIsAnApplication()
{
    QFETCH(QList<QByteArray>, words);
    QFETCH(const bool, onlyTells);
    words.prepend("mooring");
    QList<char *> argv;
    for (QByteArray &word : words) {
        argv.append(word.data());
    }
    ui::CommandLine commandLine;
    commandLine.read(static_cast<int>(argv.size()), argv.data());
    const base::Result<storage::Profile> profile = commandLine.profile();
    QVERIFY(profile);
    QTEST(profile->name(), "profile");
    QCOMPARE(commandLine.onlyTells(), onlyTells);
}

QTEST_APPLESS_MAIN(TstCommandLine)
#include "tst_commandline.moc"
