// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"
#include "cli/nextcommand.h"
#include "cli/remedyflags.h"
#include "support/testbed.h"

#include <QProcess>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::cli;
using base::ErrorKind;
using support::await;
using support::Testbed;

namespace {

std::shared_ptr<connections::Connection> called(Testbed &bed, const QString &name)
{
    connections::NewConnection request;
    request.url = bed.mcp.url();
    request.name = name;
    return bed.added(std::move(request));
}

} // namespace

/// The command that is told to type next holds the real name, and can be pasted.
class TstNextCommand final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void quotesForAShell_data();
    void quotesForAShell();
    void namesTheProfile();
    void namesTheConnection();
    void namesTheWayOn_data();
    void namesTheWayOn();
    void namesTheKeyWhereAKeyHelps();
    void namesWhatMakesSenseNow();
};

void TstNextCommand::quotesForAShell_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("quoted");
    QTest::newRow("plain") << u"Linear"_s << u"Linear"_s;
    QTest::newRow("an address") << u"https://a.example/mcp"_s << u"https://a.example/mcp"_s;
    QTest::newRow("a blank") << u"My tides"_s << u"\"My tides\""_s;
    QTest::newRow("empty") << QString() << u"\"\""_s;
    QTest::newRow("an apostrophe") << u"Sam's"_s << u"\"Sam's\""_s;
    QTest::newRow("quotes") << u"say \"hi\""_s << u"'say \"hi\"'"_s;
    QTest::newRow("a command") << u"$(rm -rf ~)`id`"_s << u"'$(rm -rf ~)`id`'"_s;
    QTest::newRow("both quotes") << u"Sam's \"x\""_s << u"'Sam'\\''s \"x\"'"_s;
    QTest::newRow("a backslash") << u"a\\b"_s << u"'a\\b'"_s;
    QTest::newRow("other letters") << u"München ⚓"_s << u"\"München ⚓\""_s;
    QTest::newRow("history") << u"Yahoo!"_s << u"'Yahoo!'"_s;
}

void TstNextCommand::quotesForAShell()
{
    QFETCH(const QString, word);
    QFETCH(const QString, quoted);
    QCOMPARE(quotedWord(word), quoted);
    QProcess shell;
    shell.start(u"/bin/sh"_s, {u"-c"_s, u"printf %s "_s + quotedWord(word)});
    QVERIFY(shell.waitForFinished());
    QCOMPARE(QString::fromUtf8(shell.readAllStandardOutput()), word);
}

void TstNextCommand::namesTheProfile()
{
    QCOMPARE(commandText({}, {u"tools"_s, u"My tides"_s}), u"mooringctl tools \"My tides\""_s);
    QCOMPARE(commandText(u"work"_s, {u"tools"_s, u"Tides"_s}), u"mooringctl --profile work tools Tides"_s);
}

void TstNextCommand::namesTheConnection()
{
    Testbed bed;
    const auto plain = called(bed, u"My tides"_s);
    QCOMPARE(handleOf(*bed.list, *plain), u"My tides"_s);
    // It would be taken for an option.
    const auto odd = called(bed, u"-x"_s);
    QCOMPARE(handleOf(*bed.list, *odd), odd->id());
}

void TstNextCommand::namesTheWayOn_data()
{
    QTest::addColumn<QString>("remedy");
    QTest::addColumn<QString>("option");
    const auto row = [](const char16_t *remedy, const QString &option) {
        const QString name = QString::fromUtf16(remedy);
        QTest::newRow(qPrintable(name)) << name << option;
    };
    row(oauth::remedies::acceptsNewIssuer, u"accept-new-service"_s);
    row(oauth::remedies::acceptsForeignPage, u"accept-foreign-page"_s);
    row(oauth::remedies::forgetsRegistration, u"forget-registration"_s);
    row(oauth::remedies::omitsResource, u"omit-resource"_s);
    row(oauth::remedies::sendsScopeOnRefresh, u"repeat-scope"_s);
    row(oauth::remedies::toleratesMissingPkce, u"allow-missing-pkce"_s);
    row(oauth::remedies::toleratesForeignResource, u"allow-foreign-resource"_s);
}

/// The option is there, and changes what it should.
void TstNextCommand::namesTheWayOn()
{
    QFETCH(const QString, remedy);
    QFETCH(const QString, option);
    base::Error error = base::makeError(ErrorKind::RefusedByPolicy, u"No."_s);
    connections::ConnectionRecord record;
    QVERIFY(wordsAfter(error, record, u"Linear"_s).isEmpty());
    error.remedy = remedy;
    const QStringList words = wordsAfter(error, record, u"Linear"_s);
    QCOMPARE(words, (QStringList{u"authorize"_s, u"Linear"_s, u"--"_s + option}));
    const auto parsed = parseArguments(words);
    QVERIFY(std::holds_alternative<Arguments>(parsed));
    QCOMPARE(std::get<Arguments>(parsed).remedies, QStringList(remedy));
    const bool isSetting = !(oauth::withRemedy({}, remedy) == oauth::SignInSettings());
    QCOMPARE(remedyFlag(remedy)->isSetting, isSetting);
}

void TstNextCommand::namesTheKeyWhereAKeyHelps()
{
    const base::Error error = base::makeError(ErrorKind::SignInNeeded, u"No."_s);
    connections::ConnectionRecord record;
    QCOMPARE(wordsAfter(error, record, u"T"_s), (QStringList{u"authorize"_s, u"T"_s}));
    record.verdict = mcp::Verdict::NeedsKey;
    QCOMPARE(wordsAfter(error, record, u"T"_s), (QStringList{u"key"_s, u"T"_s, u"Authorization"_s}));
    record.kind = connections::AuthorizationKind::Header;
    record.headerName = u"X-Api-Key"_s;
    QCOMPARE(wordsAfter(error, record, u"T"_s), (QStringList{u"key"_s, u"T"_s, u"X-Api-Key"_s}));
    base::Error plain = base::makeError(ErrorKind::RefusedByPolicy, u"No."_s);
    plain.remedy = QString::fromUtf16(oauth::remedies::allowsPlainHttp);
    QCOMPARE(wordsAfter(plain, {}, u"NAS"_s),
             (QStringList{u"settings"_s, u"NAS"_s, u"allows-plain-http=yes"_s}));
    const base::Error more = base::makeError(ErrorKind::MoreScopeNeeded, u"No."_s);
    QCOMPARE(wordsAfter(more, {}, u"T"_s), (QStringList{u"authorize"_s, u"T"_s, u"--allow-more"_s}));
}

void TstNextCommand::namesWhatMakesSenseNow()
{
    Testbed bed;
    const auto connection = called(bed, u"Tides"_s);
    QVERIFY(wordsFor(*connection, u"Tides"_s).isEmpty());
    await(connection->check({}, {}));
    QCOMPARE(wordsFor(*connection, u"Tides"_s), (QStringList{u"authorize"_s, u"Tides"_s}));
    bed.auth.metadataOverrides = {{u"code_challenge_methods_supported"_s, QJsonValue::Null}};
    await(connection->check({}, {}));
    QCOMPARE(wordsFor(*connection, u"Tides"_s),
             (QStringList{u"authorize"_s, u"Tides"_s, u"--allow-missing-pkce"_s}));
    bed.mcp.admits = nullptr;
    await(connection->check({}, {}));
    QCOMPARE(wordsFor(*connection, u"Tides"_s), (QStringList{u"tools"_s, u"Tides"_s}));
}

QTEST_GUILESS_MAIN(TstNextCommand)
#include "tst_nextcommand.moc"
