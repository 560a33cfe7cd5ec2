// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/signininput.h"
#include "support/await.h"

#include <QTest>

#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::cli;
using connections::AuthorizeOptions;

namespace {

const QByteArray pem = "-----BEGIN PRIVATE KEY-----\nMIGHAgEA\nMBMGByqG\n-----END PRIVATE KEY-----\n";

Arguments argumentsOf(const QStringList &options)
{
    const auto parsed = parseArguments(QStringList{u"authorize"_s, u"Tides"_s} + options);
    if (const auto *end = std::get_if<EarlyEnd>(&parsed)) {
        qFatal("%s", qPrintable(end->text));
    }
    return std::get<Arguments>(parsed);
}

/// With these bytes on standard input.
base::Result<AuthorizeOptions> read(const QStringList &options, const QByteArray &input = {},
                                    const QStringList &wantedScopes = {})
{
    int ends[2] = {};
    if (::pipe(ends) != 0 || ::write(ends[1], input.constData(), size_t(input.size())) != input.size()) {
        qFatal("there is no pipe for the test");
    }
    ::close(ends[1]);
    const int before = ::dup(STDIN_FILENO);
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    Terminal terminal(false);
    auto done = support::await(readSignInOptions(terminal, argumentsOf(options), wantedScopes, {}));
    ::dup2(before, STDIN_FILENO);
    ::close(before);
    return done;
}

} // namespace

class TstSignInInput final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsNothingUnlessAsked();
    void takesTheChoices();
    void asksForWhatWasRefused();
    void readsASecret();
    void readsAKey();
    void readsAWorkloadToken();
    void readsAnIdTokenAndItsProvider();
    void readsEverythingInOrder();
    void refuses_data();
    void refuses();
};

void TstSignInInput::readsNothingUnlessAsked()
{
    const auto options = read({}, "left alone\n");
    QVERIFY(options.has_value());
    QVERIFY(!options->client && !options->assertion);
    QVERIFY(options->moreScopes.isEmpty());
    QVERIFY(!options->selectAccount && !options->acceptNewIssuer && !options->forgetRegistration);
    QVERIFY(!options->acceptForeignPage);
}

void TstSignInInput::takesTheChoices()
{
    const auto options = read({u"--choose-account"_s, u"--accept-new-service"_s, u"--accept-foreign-page"_s,
                               u"--forget-registration"_s});
    QVERIFY(options.has_value());
    QVERIFY(options->selectAccount && options->acceptNewIssuer && options->forgetRegistration);
    QVERIFY(options->acceptForeignPage);
}

void TstSignInInput::asksForWhatWasRefused()
{
    QCOMPARE(read({u"--allow-more"_s, u"--scope"_s, u"admin"_s}, {}, {u"write"_s, u"admin"_s})->moreScopes,
             (QStringList{u"write"_s, u"admin"_s}));
    QCOMPARE(read({u"--scope"_s, u"admin"_s}, {}, {u"write"_s})->moreScopes, QStringList{u"admin"_s});
    const auto nothing = read({u"--allow-more"_s});
    QVERIFY(!nothing);
    QCOMPARE(nothing.error().kind, base::ErrorKind::InvalidInput);
}

void TstSignInInput::readsASecret()
{
    const auto options = read({u"--client-id"_s, u"app"_s, u"--client-secret-stdin"_s}, "hush\n");
    QVERIFY(options.has_value());
    QCOMPARE(options->client->clientId, u"app"_s);
    QCOMPARE(options->client->clientSecret.reveal(), QByteArray("hush"));
}

void TstSignInInput::readsAKey()
{
    const auto options = read({u"--client-id"_s, u"app"_s, u"--private-key"_s}, pem);
    QVERIFY(options.has_value());
    QCOMPARE(options->client->privateKey.reveal(), pem);
    QVERIFY(options->client->clientSecret.isEmpty());
}

void TstSignInInput::readsAWorkloadToken()
{
    const auto options = read({u"--workload-token"_s}, "a.b.c\n");
    QVERIFY(options.has_value());
    QVERIFY(!options->client);
    QCOMPARE(options->assertion->token.reveal(), QByteArray("a.b.c"));
    QVERIFY(!options->assertion->idpTokenEndpoint.isValid());
}

void TstSignInInput::readsAnIdTokenAndItsProvider()
{
    const QStringList words = {u"--id-token"_s, u"--idp-token-endpoint"_s, u"https://idp.example/token"_s,
                               u"--idp-client-id"_s, u"mooring"_s};
    const auto confidential = read(words, "a.b.c\nidp-hush\n");
    QVERIFY(confidential.has_value());
    QCOMPARE(confidential->assertion->token.reveal(), QByteArray("a.b.c"));
    QCOMPARE(confidential->assertion->idpTokenEndpoint, QUrl(u"https://idp.example/token"_s));
    QCOMPARE(confidential->assertion->idpClient.clientId, u"mooring"_s);
    QCOMPARE(confidential->assertion->idpClient.clientSecret.reveal(), QByteArray("idp-hush"));
    for (const QByteArray &input : {QByteArray("a.b.c\n"), QByteArray("a.b.c\n\n")}) {
        const auto open = read(words, input);
        QVERIFY(open.has_value());
        QVERIFY(open->assertion->idpClient.clientSecret.isEmpty());
    }
}

void TstSignInInput::readsEverythingInOrder()
{
    const auto options =
        read({u"--client-id"_s, u"app"_s, u"--private-key"_s, u"--id-token"_s, u"--idp-token-endpoint"_s,
              u"https://idp.example/token"_s, u"--idp-client-id"_s, u"mooring"_s},
             pem + "a.b.c\nidp-hush\n");
    QVERIFY(options.has_value());
    QCOMPARE(options->client->privateKey.reveal(), pem);
    QCOMPARE(options->assertion->token.reveal(), QByteArray("a.b.c"));
    QCOMPARE(options->assertion->idpClient.clientSecret.reveal(), QByteArray("idp-hush"));
}

void TstSignInInput::refuses_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("said");
    const QStringList key = {u"--client-id"_s, u"app"_s, u"--private-key"_s};
    const QStringList plainProvider = {u"--id-token"_s, u"--idp-token-endpoint"_s,
                                       u"http://idp.example/token"_s, u"--idp-client-id"_s, u"mooring"_s};
    QTest::newRow("no secret") << QStringList{u"--client-id"_s, u"app"_s, u"--client-secret-stdin"_s}
                               << QByteArray() << u"standard input"_s;
    QTest::newRow("no key") << key << QByteArray("hush\n") << u"BEGIN PRIVATE KEY"_s;
    QTest::newRow("half a key") << key << pem.left(40) << u"standard input"_s;
    QTest::newRow("endless key") << key
                                 << QByteArray("-----BEGIN PRIVATE KEY-----\n")
                                        + QByteArray("x\n").repeated(300)
                                 << u"END PRIVATE KEY"_s;
    QTest::newRow("no token") << QStringList{u"--workload-token"_s} << QByteArray() << u"standard input"_s;
    QTest::newRow("provider without encryption")
        << plainProvider << QByteArray("a.b.c\n") << u"without encryption"_s;
}

void TstSignInInput::refuses()
{
    QFETCH(const QStringList, words);
    QFETCH(const QByteArray, input);
    QFETCH(const QString, said);
    const auto options = read(words, input);
    QVERIFY(!options);
    QVERIFY2(options.error().sentence.contains(said), qPrintable(options.error().sentence));
    QVERIFY2(!options.error().sentence.contains(u"hush"_s), "a secret is in no message");
}

QTEST_GUILESS_MAIN(TstSignInInput)
#include "tst_signininput.moc"
