// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/clientchecks.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;

namespace {

const QString goodKey = u"-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----"_s;

}

class TstClientChecks final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void judgesIds_data();
    void judgesIds();
    void judgesSecrets_data();
    void judgesSecrets();
    void judgesKeys_data();
    void judgesKeys();
};

void TstClientChecks::judgesIds_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const QString &id, const QString &said) {
        QTest::newRow(name) << id << said;
    };
    row("usual", u"Iv1.8a61f9b3a7aba766"_s, {});
    row("a number", u"1234567890"_s, {});
    row("google", u"42-abc.apps.googleusercontent.com"_s, {});
    row("a document", u"https://mooring.example/client.json"_s, {});
    row("secret in the middle", u"my-secret-app"_s, {});
    row("empty", {}, u"Enter the client ID"_s);
    row("space", u"abc def"_s, u"gap"_s);
    row("line break", u"abc\ndef"_s, u"gap"_s);
    row("hidden", u"abc\u200Bdef"_s, u"gap"_s);
    row("redirect address", u"http://127.0.0.1:43917/callback"_s, u"redirect address"_s);
    row("redirect address by name", u"http://localhost:1/callback"_s, u"redirect address"_s);
    row("google's secret", u"GOCSPX-1234"_s, u"looks like the secret"_s);
    row("secret key", u"sk_live_1234"_s, u"looks like the secret"_s);
}

void TstClientChecks::judgesIds()
{
    QFETCH(const QString, id);
    QFETCH(const QString, said);
    const QString problem = ui::problemWithClientId(id);
    QCOMPARE(problem.isEmpty(), said.isEmpty());
    QVERIFY2(problem.contains(said), qPrintable(problem));
}

void TstClientChecks::judgesSecrets_data()
{
    QTest::addColumn<QString>("secret");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const QString &secret, const QString &said) {
        QTest::newRow(name) << secret << said;
    };
    row("none", {}, {});
    row("usual", u"a9f!~8-Q.z"_s, {});
    row("a star in it", u"a*b"_s, {});
    row("space", u"a b"_s, u"gap"_s);
    row("the id", u"the-id"_s, u"client ID once more"_s);
    row("dots", u"••••••••"_s, u"dots"_s);
    row("stars", u"********"_s, u"dots"_s);
}

void TstClientChecks::judgesSecrets()
{
    QFETCH(const QString, secret);
    QFETCH(const QString, said);
    const QString problem = ui::problemWithClientSecret(secret, u"the-id"_s);
    QCOMPARE(problem.isEmpty(), said.isEmpty());
    QVERIFY2(problem.contains(said), qPrintable(problem));
}

void TstClientChecks::judgesKeys_data()
{
    QTest::addColumn<QString>("pem");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, const QString &pem, const QString &said) {
        QTest::newRow(name) << pem << said;
    };
    row("none", {}, {});
    row("pkcs8", goodKey, {});
    row("sec1", QString(goodKey).replace(u"PRIVATE"_s, u"EC PRIVATE"_s), {});
    row("rsa", QString(goodKey).replace(u"PRIVATE"_s, u"RSA PRIVATE"_s), {});
    row("public half", QString(goodKey).replace(u"PRIVATE"_s, u"PUBLIC"_s), u"public half"_s);
    row("certificate", QString(goodKey).replace(u"PRIVATE KEY"_s, u"CERTIFICATE"_s), u"public half"_s);
    row("locked", QString(goodKey).replace(u"PRIVATE"_s, u"ENCRYPTED PRIVATE"_s), u"password"_s);
    row("half of it", goodKey.left(40), u"Copy all of it"_s);
    row("a secret", u"a9f!~8-Q.z"_s, u"-----BEGIN PRIVATE KEY-----"_s);
}

void TstClientChecks::judgesKeys()
{
    QFETCH(const QString, pem);
    QFETCH(const QString, said);
    const QString problem = ui::problemWithPrivateKey(pem);
    QCOMPARE(problem.isEmpty(), said.isEmpty());
    QVERIFY2(problem.contains(said), qPrintable(problem));
}

QTEST_GUILESS_MAIN(TstClientChecks)
#include "tst_clientchecks.moc"
