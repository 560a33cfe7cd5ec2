// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/challenge.h"

#include <QTest>

using namespace mooring::oauth;
using Parameters = QMap<QByteArray, QByteArray>;

class TestChallenge final : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void parse_data();
    void parse();
    void fieldsAreIndependent();
    void summary_data();
    void summary();
    void anyBytesEnd();
};

void TestChallenge::parse_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QList<Challenge>>("challenges");
    const auto row = [](const char *name, const QByteArray &field, const QList<Challenge> &challenges) {
        QTest::newRow(name) << field << challenges;
    };
    row("empty", "", {});
    row("only separators", " , ,\t,", {});
    row("scheme alone", "Negotiate", {{"negotiate", {}, {}}});
    row("two schemes alone", "Negotiate, NTLM", {{"negotiate", {}, {}}, {"ntlm", {}, {}}});
    row("token68", "Negotiate YII/+-._~aa==", {{"negotiate", "YII/+-._~aa==", {}}});
    row("token68 then another", "NTLM abc=, Basic realm=\"x\"",
        {{"ntlm", "abc=", {}}, {"basic", {}, {{"realm", "x"}}}});
    row("one parameter", "Bearer realm=\"mcp\"", {{"bearer", {}, {{"realm", "mcp"}}}});
    row("bare value", "Bearer realm=mcp, error=invalid_token",
        {{"bearer", {}, {{"realm", "mcp"}, {"error", "invalid_token"}}}});
    row("bare URL", "Bearer resource_metadata=https://a.example/x?y=1, scope=a",
        {{"bearer", {}, {{"resource_metadata", "https://a.example/x?y=1"}, {"scope", "a"}}}});
    row("space around the equals sign", "Bearer realm = \"a\" ,\t error\t=\tb",
        {{"bearer", {}, {{"realm", "a"}, {"error", "b"}}}});
    row("quoted comma, equals and scheme", "Bearer realm=\"a, Basic realm=\\\"b\\\"\", scope=\"c d\"",
        {{"bearer", {}, {{"realm", "a, Basic realm=\"b\""}, {"scope", "c d"}}}});
    row("escapes", "Bearer realm=\"a\\\\b\\c\"", {{"bearer", {}, {{"realm", "a\\bc"}}}});
    row("empty quoted value", "Bearer realm=\"\", scope=\"x\"",
        {{"bearer", {}, {{"realm", ""}, {"scope", "x"}}}});
    row("empty elements", ",, Bearer realm=\"a\",,, scope=\"b\", ,",
        {{"bearer", {}, {{"realm", "a"}, {"scope", "b"}}}});
    row("names without case", "BEARER ReAlM=\"A\"", {{"bearer", {}, {{"realm", "A"}}}});
    row("first of two equal names", "Bearer scope=\"a\", Scope=\"b\"", {{"bearer", {}, {{"scope", "a"}}}});
    row("three schemes joined by Qt",
        "Negotiate, Basic realm=\"b\", charset=\"UTF-8\", Bearer realm=\"c\", scope=\"d\"",
        {{"negotiate", {}, {}},
         {"basic", {}, {{"realm", "b"}, {"charset", "UTF-8"}}},
         {"bearer", {}, {{"realm", "c"}, {"scope", "d"}}}});
    row("parameters after a lone scheme", "DPoP algs=\"ES256 PS256\", Bearer",
        {{"dpop", {}, {{"algs", "ES256 PS256"}}}, {"bearer", {}, {}}});
    row("a name that ends like another", "Bearer x_scope=\"no\", scope=\"yes\"",
        {{"bearer", {}, {{"x_scope", "no"}, {"scope", "yes"}}}});
    row("a quoted value that does not end", "Bearer realm=\"a\", scope=\"b",
        {{"bearer", {}, {{"realm", "a"}}}});
    row("ends in an escape", "Bearer realm=\"a\\", {{"bearer", {}, {}}});
    row("parameter without a scheme", "realm=\"a\", Bearer scope=\"b\"", {});
    row("rubbish", "\"Bearer\" realm=x", {});
    row("rubbish behind", "Bearer realm=\"a\", \x01 scope=\"b\"", {{"bearer", {}, {{"realm", "a"}}}});
}

// Proves: PRB-2, PRB-6
void TestChallenge::parse()
{
    QFETCH(QByteArray, field);
    QFETCH(QList<Challenge>, challenges);
    const QList<Challenge> parsed = parseChallenges({field});
    QCOMPARE(parsed.size(), challenges.size());
    for (qsizetype i = 0; i < parsed.size(); ++i) {
        QCOMPARE(parsed.at(i).scheme, challenges.at(i).scheme);
        QCOMPARE(parsed.at(i).token68, challenges.at(i).token68);
        QCOMPARE(parsed.at(i).parameters, challenges.at(i).parameters);
    }
}

void TestChallenge::fieldsAreIndependent()
{
    const QList<Challenge> parsed = parseChallenges({"Bearer realm=\"", "Bearer scope=\"a\"", "Basic"});
    QCOMPARE(parsed.size(), 3);
    QCOMPARE(parsed.at(0).parameters, Parameters());
    QCOMPARE(parsed.at(1).parameters, (Parameters{{"scope", "a"}}));
    QCOMPARE(parsed.at(2).scheme, "basic");
}

void TestChallenge::summary_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("bearer") << QByteArray(
        "Bearer resource_metadata=\"u\", scope=\"a b\", error=\"e\", error_description=\"d\"")
                            << QByteArray("u|a b|e|d|bearer");
    QTest::newRow("pointer under another scheme")
        << QByteArray("Negotiate, Custom resource_metadata=\"u\", scope=\"no\"")
        << QByteArray("u||||negotiate,custom");
    QTest::newRow("dpop counts") << QByteArray("DPoP scope=\"a\", error=\"e\"") << QByteArray("|a|e||dpop");
    QTest::newRow("first pointer wins")
        << QByteArray("Bearer resource_metadata=\"u\", DPoP resource_metadata=\"v\"")
        << QByteArray("u||||bearer,dpop");
    QTest::newRow("schemes once") << QByteArray("Bearer realm=\"a\", Bearer realm=\"b\"")
                                  << QByteArray("||||bearer");
}

// Proves: PRB-3, PRB-4, PRB-6
void TestChallenge::summary()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, expected);
    const ChallengeInfo info = summarize(parseChallenges({field}));
    const QList<QByteArray> parts = {info.resourceMetadata.toUtf8(), info.scope.toUtf8(), info.error.toUtf8(),
                                     info.errorDescription.toUtf8(), info.schemes.join(',')};
    QCOMPARE(parts.join('|'), expected);
}

void TestChallenge::anyBytesEnd()
{
    const QByteArray alphabet = "aB =,\"\\/\t\x01\xff";
    quint32 seed = 1;
    for (int round = 0; round < 20000; ++round) {
        QByteArray field;
        for (int i = 0; i < round % 40; ++i) {
            seed = seed * 1664525 + 1013904223;
            field += alphabet.at(qsizetype((seed >> 16) % quint32(alphabet.size())));
        }
        for (const Challenge &challenge : parseChallenges({field})) {
            QVERIFY2(!challenge.scheme.isEmpty(), field.toHex().constData());
        }
    }
}

QTEST_GUILESS_MAIN(TestChallenge)
#include "tst_challenge.moc"
