// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/hiddenrefusal.h"

#include <QTest>

using namespace mooring;
using namespace Qt::StringLiterals;

class TestHiddenRefusal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsBadTokensByName_data();
    void knowsBadTokensByName();
    void readsAnswers_data();
    void readsAnswers();
    void repeatsOnlyWhatHasNotRun_data();
    void repeatsOnlyWhatHasNotRun();
};

void TestHiddenRefusal::knowsBadTokensByName_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("isBad");
    const auto row = [](const QString &text, bool isBad) {
        QTest::newRow(qPrintable(text)) << text << isBad;
    };
    row(uR"({"error":"invalid_token"})"_s, true);
    row(uR"({"error":"invalid_client","error_description":"x"})"_s, true);
    row(u"jwt expired"_s, true);
    row(u"JWT Expired"_s, true);
    row(u"The access token has expired."_s, true);
    row(u"Token is not valid"_s, true);
    row(u"Bearer token revoked"_s, true);
    row(u"Your credentials are no longer accepted"_s, true);
    row(u"Unauthorized"_s, true);
    row(u"User is UNAUTHENTICATED"_s, true);
    row(u"Authentication required"_s, true);
    row(u"Please log in again"_s, true);
    row(u"Session not found"_s, false);
    row(u"Bad Request: No valid session ID provided"_s, false);
    row(u"Session expired"_s, false);
    row(u"Forbidden"_s, false);
    row(u"Internal server error"_s, false);
    row(u"Unexpected token < in JSON at position 0 is invalid"_s, false);
    row(u"Invalid page token"_s, false);
    row(u"max_tokens is invalid"_s, false);
    row(u"Unsupported protocol version"_s, false);
    row(u"text is missing"_s, false);
    row(QString(), false);
}

void TestHiddenRefusal::knowsBadTokensByName()
{
    QFETCH(QString, text);
    QFETCH(bool, isBad);
    QCOMPARE(mcp::namesBadToken(text), isBad);
}

namespace {

mcp::Answer answerOf(int status, const QByteArray &words, qint64 code = 0)
{
    mcp::Answer answer;
    answer.head.status = status;
    if (code != 0) {
        const QByteArray error = mcp::errorText("1", code, QString::fromUtf8(words));
        answer.message = mcp::Message::read(error).value();
    } else {
        answer.words = words;
        answer.isPage = words.startsWith('<');
    }
    return answer;
}

} // namespace

void TestHiddenRefusal::readsAnswers_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("words");
    QTest::addColumn<qint64>("code");
    QTest::addColumn<QByteArray>("challenge");
    QTest::addColumn<bool>("speaks");
    QTest::addColumn<bool>("speaksIfKnown");
    const auto row = [](const char *name, int status, const QByteArray &words, qint64 code,
                        const QByteArray &challenge, bool speaks, bool speaksIfKnown) {
        QTest::newRow(name) << status << words << code << challenge << speaks << speaksIfKnown;
    };
    row("400", 400, R"({"error":"invalid_token"})", 0, "", true, true);
    row("403", 403, "token expired", 0, "", true, true);
    row("500", 500, "jwt expired", 0, "", true, true);
    row("a JSON-RPC error", 200, "Unauthorized", -32001, "", true, true);
    row("other JSON with 200", 200, R"({"error":"unauthorized"})", 0, "", true, true);
    row("a challenge", 400, "", 0, "Bearer error=\"invalid_token\"", true, true);
    row("another challenge", 403, "", 0, "Bearer error=\"insufficient_scope\"", false, false);
    row("a sign-in page", 200, "<html>Sign in</html>", 0, "", false, true);
    row("a firewall's page", 403, "<html>Unauthorized</html>", 0, "", false, false);
    row("401 says it itself", 401, "token expired", 0, "", false, false);
    row("a code alone", 404, "Session not found", -32001, "", false, false);
    row("nothing", 400, "", 0, "", false, false);
}

void TestHiddenRefusal::readsAnswers()
{
    QFETCH(int, status);
    QFETCH(QByteArray, words);
    QFETCH(qint64, code);
    QFETCH(QByteArray, challenge);
    QFETCH(bool, speaks);
    QFETCH(bool, speaksIfKnown);
    mcp::Answer answer = answerOf(status, words, code);
    if (!challenge.isEmpty()) {
        answer.head.headers.add("WWW-Authenticate", challenge);
    }
    QCOMPARE(mcp::speaksOfToken(answer, false), speaks);
    QCOMPARE(mcp::speaksOfToken(answer, true), speaksIfKnown);
}

void TestHiddenRefusal::repeatsOnlyWhatHasNotRun_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<qint64>("code");
    QTest::addColumn<bool>("repeats");
    QTest::newRow("400, words") << 400 << qint64(0) << true;
    QTest::newRow("400, an error") << 400 << qint64(-32603) << true;
    QTest::newRow("403") << 403 << qint64(0) << true;
    QTest::newRow("500, words") << 500 << qint64(0) << true;
    QTest::newRow("200, not let in") << 200 << qint64(-32001) << true;
    QTest::newRow("200, the server's own code") << 200 << qint64(-32000) << true;
    QTest::newRow("200, it went wrong inside") << 200 << qint64(-32603) << false;
    QTest::newRow("500, it went wrong inside") << 500 << qint64(-32603) << false;
    QTest::newRow("200, a code of its own") << 200 << qint64(17) << false;
}

void TestHiddenRefusal::repeatsOnlyWhatHasNotRun()
{
    QFETCH(int, status);
    QFETCH(qint64, code);
    QFETCH(bool, repeats);
    mcp::Call call;
    call.method = u"tools/call"_s;
    QCOMPARE(mcp::wasRefusedBeforehand(answerOf(status, "jwt expired", code), call), repeats);
    call.method = u"tools/list"_s;
    QVERIFY(mcp::wasRefusedBeforehand(answerOf(status, "jwt expired", code), call));
}

QTEST_GUILESS_MAIN(TestHiddenRefusal)
#include "tst_hiddenrefusal.moc"
