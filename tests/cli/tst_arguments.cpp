// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/arguments.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring::cli;

namespace {

Arguments parsed(const QStringList &words)
{
    const auto result = parseArguments(words);
    if (const auto *end = std::get_if<EarlyEnd>(&result)) {
        qWarning("ended early: %s", qPrintable(end->text));
        QTest::qFail("the arguments were not accepted", __FILE__, __LINE__);
        return {};
    }
    return std::get<Arguments>(result);
}

EarlyEnd ended(const QStringList &words)
{
    const auto result = parseArguments(words);
    const auto *end = std::get_if<EarlyEnd>(&result);
    return end ? *end : EarlyEnd{-1, {}, false};
}

} // namespace

class TstArguments final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsEachCommand_data();
    void knowsEachCommand();
    void takesOptionsOnEitherSide();
    void readsTheOptionsOfAdd();
    void readsTheOptionsOfAuthorize();
    void readsHowASignInIsToGo();
    void readsSettings();
    void takesAnEmptyLabel();
    void readsACall();
    void hasSafeDefaults();
    void refusesAMistake_data();
    void refusesAMistake();
    void saysAMistakeForPrograms();
    void helps_data();
    void helps();
    void tellsItsVersion();
};

void TstArguments::knowsEachCommand_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("command");

    const auto row = [](const QStringList &words, Command command) {
        QTest::newRow(qPrintable(words.join(u' '))) << words << static_cast<int>(command);
    };
    row({u"list"_s}, Command::List);
    row({u"add"_s, u"https://a.example/mcp"_s}, Command::Add);
    row({u"probe"_s, u"https://a.example/mcp"_s}, Command::Probe);
    row({u"authorize"_s, u"Tides"_s}, Command::Authorize);
    row({u"status"_s}, Command::Status);
    row({u"status"_s, u"Tides"_s}, Command::Status);
    row({u"tools"_s, u"Tides"_s}, Command::Tools);
    row({u"call"_s, u"Tides"_s, u"echo"_s}, Command::Call);
    row({u"token"_s, u"Tides"_s}, Command::Token);
    row({u"refresh"_s, u"Tides"_s}, Command::Refresh);
    row({u"disconnect"_s, u"Tides"_s}, Command::Disconnect);
    row({u"forget"_s, u"Tides"_s}, Command::Forget);
    row({u"remove"_s, u"Tides"_s}, Command::Remove);
    row({u"rename"_s, u"Tides"_s, u"Ebb"_s}, Command::Rename);
    row({u"label"_s, u"Tides"_s, u"Ebb"_s}, Command::Label);
    row({u"key"_s, u"Tides"_s, u"X-Api-Key"_s}, Command::Key);
    row({u"settings"_s, u"Tides"_s}, Command::Settings);
    row({u"profile-settings"_s}, Command::ProfileSettings);
}

void TstArguments::knowsEachCommand()
{
    QFETCH(const QStringList, words);
    QFETCH(const int, command);
    const Arguments arguments = parsed(words);
    QCOMPARE(static_cast<int>(arguments.command), command);
    const bool takesUrl = arguments.command == Command::Add || arguments.command == Command::Probe;
    QCOMPARE(arguments.url, arguments.command == Command::Probe ? words.at(1) : QString());
    QCOMPARE(arguments.pasted, arguments.command == Command::Add ? words.mid(1) : QStringList());
    QCOMPARE(arguments.connection, takesUrl ? QString() : words.value(1));
    const bool takesName = arguments.command == Command::Rename || arguments.command == Command::Label;
    QCOMPARE(arguments.newName, takesName ? u"Ebb"_s : QString());
    QCOMPARE(arguments.headers,
             arguments.command == Command::Key ? QStringList(u"X-Api-Key"_s) : QStringList());
}

void TstArguments::takesOptionsOnEitherSide()
{
    for (const QStringList &words :
         {QStringList{u"--profile"_s, u"list"_s, u"--json"_s, u"tools"_s, u"Tides"_s},
          QStringList{u"tools"_s, u"Tides"_s, u"--json"_s, u"--profile=list"_s}}) {
        const Arguments arguments = parsed(words);
        QCOMPARE(arguments.command, Command::Tools);
        QCOMPARE(arguments.profile, u"list"_s);
        QVERIFY(arguments.json);
        QCOMPARE(arguments.connection, u"Tides"_s);
    }
}

void TstArguments::readsTheOptionsOfAdd()
{
    const Arguments arguments =
        parsed({u"add"_s, u"--name"_s, u"My tides"_s, u"--header"_s, u"X-Api-Key"_s, u"a.example"_s});
    QCOMPARE(arguments.newName, u"My tides"_s);
    QCOMPARE(arguments.headers, QStringList(u"X-Api-Key"_s));
    QCOMPARE(arguments.pasted, QStringList(u"a.example"_s));
    QVERIFY(arguments.remedies.isEmpty() && !arguments.force);
    const Arguments all =
        parsed({u"add"_s, u"--header"_s, u"DD-API-KEY"_s, u"--header"_s, u"X-Region: eu"_s, u"--force"_s,
                u"--allow-missing-pkce"_s, u"--allow-foreign-resource"_s, u"a.example"_s});
    QCOMPARE(all.headers, (QStringList{u"DD-API-KEY"_s, u"X-Region: eu"_s}));
    QVERIFY(all.force);
    QCOMPARE(all.remedies, (QStringList{u"tolerates-missing-pkce"_s, u"tolerates-foreign-resource"_s}));
    // Without a word it reads standard input; another app's command line comes behind --.
    QVERIFY(parsed({u"add"_s}).pasted.isEmpty());
    QCOMPARE(parsed({u"add"_s, u"--"_s, u"claude"_s, u"mcp"_s, u"add"_s, u"-t"_s, u"http"_s}).pasted,
             (QStringList{u"claude"_s, u"mcp"_s, u"add"_s, u"-t"_s, u"http"_s}));
    QVERIFY(parsed({u"list"_s, u"--ids"_s}).showsIds);
    const Arguments two = parsed({u"key"_s, u"Tides"_s, u"DD-API-KEY"_s, u"--header"_s, u"DD-APP-KEY"_s});
    QCOMPARE(two.headers, (QStringList{u"DD-API-KEY"_s, u"DD-APP-KEY"_s}));
}

void TstArguments::readsTheOptionsOfAuthorize()
{
    const Arguments arguments = parsed({u"authorize"_s, u"Tides"_s, u"--no-browser"_s, u"--client-id"_s,
                                        u"id"_s, u"--client-secret-stdin"_s});
    QVERIFY(!arguments.opensBrowser);
    QCOMPARE(arguments.clientId, u"id"_s);
    QVERIFY(arguments.readsClientSecret);
}

void TstArguments::readsHowASignInIsToGo()
{
    const Arguments plain = parsed({u"authorize"_s, u"Tides"_s});
    QVERIFY(!plain.allowsMore && !plain.choosesAccount && plain.remedies.isEmpty());
    QVERIFY(!plain.readsPrivateKey && !plain.readsWorkloadToken);
    QVERIFY(!plain.readsIdToken && plain.scopes.isEmpty());
    const Arguments all = parsed({u"authorize"_s, u"Tides"_s, u"--allow-more"_s, u"--scope"_s, u"a"_s,
                                  u"--scope"_s, u"b"_s, u"--choose-account"_s, u"--accept-new-service"_s,
                                  u"--accept-foreign-page"_s, u"--forget-registration"_s, u"--client-id"_s,
                                  u"id"_s, u"--private-key"_s, u"--id-token"_s, u"--idp-token-endpoint"_s,
                                  u"https://idp.example/token"_s, u"--idp-client-id"_s, u"mooring"_s});
    QVERIFY(all.allowsMore && all.choosesAccount && all.readsPrivateKey && all.readsIdToken);
    QCOMPARE(all.remedies,
             (QStringList{u"accepts-new-issuer"_s, u"accepts-foreign-page"_s, u"forgets-registration"_s}));
    QCOMPARE(all.scopes, (QStringList{u"a"_s, u"b"_s}));
    QCOMPARE(all.idpTokenEndpoint, u"https://idp.example/token"_s);
    QCOMPARE(all.idpClientId, u"mooring"_s);
    QVERIFY(parsed({u"authorize"_s, u"Tides"_s, u"--workload-token"_s}).readsWorkloadToken);
}

void TstArguments::readsSettings()
{
    const Arguments settings =
        parsed({u"settings"_s, u"Tides"_s, u"dpop=always"_s, u"login-hint="_s, u"--reset"_s});
    QCOMPARE(settings.connection, u"Tides"_s);
    QCOMPARE(settings.changes, (QStringList{u"dpop=always"_s, u"login-hint="_s}));
    QVERIFY(settings.reset);
    const Arguments profile = parsed({u"profile-settings"_s, u"client-metadata-url=https://a.example/c"_s});
    QCOMPARE(profile.changes, QStringList{u"client-metadata-url=https://a.example/c"_s});
    QVERIFY(profile.connection.isEmpty());
    QVERIFY(!profile.reset);
    QVERIFY(parsed({u"probe"_s, u"a.example"_s, u"--report"_s}).report);
}

void TstArguments::takesAnEmptyLabel()
{
    QCOMPARE(parsed({u"label"_s, u"Tides"_s, QString()}).newName, QString());
    QCOMPARE(ended({u"label"_s, QString(), u"work"_s}).exitCode, 2);
}

void TstArguments::readsACall()
{
    const Arguments withJson = parsed({u"call"_s, u"Tides"_s, u"add"_s, u"{\"a\": 1}"_s});
    QCOMPARE(withJson.tool, u"add"_s);
    QCOMPARE(withJson.toolArguments, u"{\"a\": 1}"_s);
    QCOMPARE(parsed({u"call"_s, u"Tides"_s, u"add"_s, u"-"_s}).toolArguments, u"-"_s);
    QCOMPARE(parsed({u"call"_s, u"Tides"_s, u"add"_s}).toolArguments, u"{}"_s);
    QCOMPARE(parsed({u"call"_s, u"--"_s, u"Tides"_s, u"-odd"_s}).tool, u"-odd"_s);
}

void TstArguments::hasSafeDefaults()
{
    const Arguments arguments = parsed({u"token"_s, u"Tides"_s});
    QVERIFY(!arguments.reveal);
    QVERIFY(!arguments.force);
    QVERIFY(!arguments.json);
    QVERIFY(arguments.opensBrowser);
    QVERIFY(parsed({u"token"_s, u"Tides"_s, u"--reveal"_s}).reveal);
    QVERIFY(parsed({u"remove"_s, u"Tides"_s, u"--force"_s}).force);
}

void TstArguments::refusesAMistake_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("named");

    const auto row = [](const char *name, const QStringList &words, const QString &named) {
        QTest::newRow(name) << words << named;
    };
    row("nothing", {}, u"what to do"_s);
    row("unknown command", {u"dance"_s}, u"dance"_s);
    row("help of an unknown command", {u"dance"_s, u"--help"_s}, u"dance"_s);
    row("unknown option", {u"list"_s, u"--loud"_s}, u"loud"_s);
    row("option of another command", {u"list"_s, u"--reveal"_s}, u"reveal"_s);
    row("an address and more", {u"add"_s, u"https://a.example/mcp"_s, u"more"_s}, u"more"_s);
    row("no name", {u"tools"_s}, u"tools CONNECTION"_s);
    row("no tool", {u"call"_s, u"Tides"_s}, u"TOOL"_s);
    row("too many", {u"tools"_s, u"Tides"_s, u"more"_s}, u"more"_s);
    row("empty name", {u"tools"_s, QString()}, u"empty"_s);
    row("empty option", {u"add"_s, u"a.example"_s, u"--header"_s, QString()}, u"--header"_s);
    row("option without value", {u"add"_s, u"a.example"_s, u"--header"_s}, u"header"_s);
    row("secret without id", {u"authorize"_s, u"Tides"_s, u"--client-secret-stdin"_s}, u"--client-id"_s);
    row("key without id", {u"authorize"_s, u"Tides"_s, u"--private-key"_s}, u"--client-id"_s);
    row("secret and key",
        {u"authorize"_s, u"Tides"_s, u"--client-id"_s, u"id"_s, u"--private-key"_s,
         u"--client-secret-stdin"_s},
        u"either a secret or a private key"_s);
    row("two tokens", {u"authorize"_s, u"Tides"_s, u"--workload-token"_s, u"--id-token"_s}, u"not both"_s);
    row("id token without a provider", {u"authorize"_s, u"Tides"_s, u"--id-token"_s}, u"--idp-client-id"_s);
    row("provider without a token", {u"authorize"_s, u"Tides"_s, u"--idp-client-id"_s, u"id"_s},
        u"--id-token"_s);
    row("unknown setting", {u"settings"_s, u"Tides"_s, u"colour=blue"_s}, u"colour"_s);
    row("setting without value", {u"settings"_s, u"Tides"_s, u"dpop"_s}, u"KEY=VALUE"_s);
    row("unknown profile setting", {u"profile-settings"_s, u"dpop=always"_s}, u"dpop"_s);
    row("key on the line of key", {u"key"_s, u"Tides"_s, u"X-Api-Key"_s, u"my-key"_s}, u"my-key"_s);
    row("key on the command line", {u"add"_s, u"a.example"_s, u"--header"_s, u"X-Api-Key"_s, u"my-key"_s},
        u"my-key"_s);
}

void TstArguments::refusesAMistake()
{
    QFETCH(const QStringList, words);
    QFETCH(const QString, named);
    const EarlyEnd end = ended(words);
    QCOMPARE(end.exitCode, 2);
    QVERIFY2(end.text.contains(named), qPrintable(end.text));
    QVERIFY2(end.text.contains("mooringctl --help"_L1), qPrintable(end.text));
    QVERIFY(!end.json);
}

void TstArguments::saysAMistakeForPrograms()
{
    const EarlyEnd end = ended({u"--json"_s, u"dance"_s});
    QCOMPARE(end.exitCode, 2);
    QVERIFY(end.json);
    QVERIFY(!end.text.contains(u'\n'));
}

void TstArguments::helps_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QStringList>("named");

    QTest::newRow("in general") << QStringList{u"--help"_s}
                                << QStringList{u"authorize CONNECTION"_s, u"--json"_s, u"130"_s, u"Usage:"_s};
    for (const QString &command :
         {u"list"_s, u"add"_s, u"probe"_s, u"authorize"_s, u"status"_s, u"tools"_s, u"call"_s, u"token"_s,
          u"refresh"_s, u"disconnect"_s, u"remove"_s, u"forget"_s, u"rename"_s, u"label"_s, u"key"_s,
          u"settings"_s, u"profile-settings"_s}) {
        QTest::newRow(qPrintable(command))
            << QStringList{command, u"--help"_s} << QStringList{u"mooringctl "_s + command, u"130"_s};
    }
    QTest::newRow("the settings") << QStringList{u"settings"_s, u"--help"_s}
                                  << QStringList{u"redirect-port"_s, u"where-wanted"_s, u"--reset"_s};
    QTest::newRow("the order of input")
        << QStringList{u"authorize"_s, u"--help"_s}
        << QStringList{u"read in this order"_s, u"--idp-token-endpoint URL"_s};
    QTest::newRow("its options") << QStringList{u"authorize"_s, u"-h"_s}
                                 << QStringList{u"--no-browser"_s, u"--client-id ID"_s, u"--profile NAME"_s};
}

void TstArguments::helps()
{
    QFETCH(const QStringList, words);
    QFETCH(const QStringList, named);
    const EarlyEnd end = ended(words);
    QCOMPARE(end.exitCode, 0);
    for (const QString &word : named) {
        QVERIFY2(end.text.contains(word), qPrintable(word + u" is missing in:\n"_s + end.text));
    }
}

void TstArguments::tellsItsVersion()
{
    const EarlyEnd end = ended({u"--version"_s});
    QCOMPARE(end.exitCode, 0);
    QCOMPARE(end.text, u"mooringctl "_s + QStringLiteral(MOORING_VERSION));
}

QTEST_GUILESS_MAIN(TstArguments)
#include "tst_arguments.moc"
