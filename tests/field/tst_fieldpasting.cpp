// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Kind 1: what people paste has an address in it. Each paste is read, its blanks are filled in as a person
// would, and from there it goes the way of everybody: look, keep, sign in, list, call.
#include "field/journey.h"
#include "interop/paste.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace mooring;
using support::FakeRequest;

namespace {

/// HERE stands for the server's address.
QString withAddress(QString text, const QUrl &url)
{
    return text.replace("HERE"_L1, url.toString());
}

QString encoded(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

/// The one server of a paste, with this value in all its blanks.
base::Result<interop::PastedServer> takenFrom(const QString &text, const QString &value)
{
    const base::Result<interop::Paste> paste = interop::readPaste(text);
    if (!paste) {
        return base::failed(paste.error());
    }
    if (paste->servers.size() != 1) {
        return base::failed(base::makeError(base::ErrorKind::InvalidInput, u"not one server"_s));
    }
    QHash<QString, QString> values;
    for (const interop::Blank &blank : paste->servers.first().blanks()) {
        values.insert(blank.name, value);
    }
    return paste->servers.first().filled(values);
}

field::Traveller travellerOf(const interop::PastedServer &server)
{
    field::Traveller traveller{server.url.text()};
    for (const interop::PastedHeader &header : server.headers) {
        traveller.headers.append({header.name, base::Secret(header.value.text().toUtf8()), header.isSecret});
    }
    return traveller;
}

/// The last request to the server that called a tool.
FakeRequest lastCall(support::Testbed *bed)
{
    const std::vector<FakeRequest> &all = bed->mcp.http().requests();
    for (auto it = all.crbegin(); it != all.crend(); ++it) {
        if (it->body.contains("tools/call")) {
            return *it;
        }
    }
    return {};
}

} // namespace

class TstFieldPasting final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void signsIn_data();
    void signsIn();
    void sendsWhatWasPasted_data();
    void sendsWhatWasPasted();
    void sendsTheKeyInTheAddress();
    void tellsTheLineOfAMistake();
    void namesTheProgramBesideIt();
};

// Field: 1.4-1.5, 1.8-1.11, 1.14-1.15
void TstFieldPasting::signsIn_data()
{
    QTest::addColumn<QString>("text");
    const QString json = uR"({"name":"harbour","url":"HERE"})"_s;
    QTest::newRow("1.4 baseUrl") << uR"({"mcpServers":{"a":{"baseUrl":"HERE"}}})"_s;
    QTest::newRow("1.4 endpoint in a list") << uR"([{"name":"a","endpoint":"HERE"}])"_s;
    QTest::newRow("1.4 servers as a list") << uR"({"servers":[{"name":"a","server_url":"HERE"}]})"_s;
    QTest::newRow("1.5 only technical headers")
        << uR"({"a":{"url":"HERE","headers":{"Accept":"application/json, text/event-stream","Content-Type":"application/json"}}})"_s;
    QTest::newRow("1.8 quotes") << u"\"HERE\","_s;
    QTest::newRow("1.8 angle brackets") << u"<HERE>"_s;
    QTest::newRow("1.8 a label") << u"URL: HERE"_s;
    QTest::newRow("1.8 a comma") << u"HERE,"_s;
    QTest::newRow("1.9 Goose")
        << u"extensions:\n  a:\n    type: streamable_http\n    uri: HERE\n    enabled: true\n"_s;
    QTest::newRow("1.10 Cursor")
        << u"[![Add](https://cursor.com/deeplink/mcp-install-dark.svg)](cursor-link)"_s;
    QTest::newRow("1.11 vscode.dev") << u"https://vscode.dev/redirect?url=vscode-link"_s;
    QTest::newRow("1.14 a sentence") << u"Connect\u00A0to\u00A0\u201CHERE\u201D.\u200B"_s;
    QTest::newRow("1.15 two instructions")
        << u"# Claude\n```sh\nclaude mcp add --transport http harbour HERE\n```\n# Cursor\n```json\n"_s
               + u"{\"mcpServers\": {\"harbour\": "_s + json + u"}}\n```\n"_s;
}

void TstFieldPasting::signsIn()
{
    QFETCH(QString, text);
    support::Testbed bed;
    bed.mcp.protect(bed.auth.issuer(), [&bed](const QByteArray &token) { return bed.auth.isActive(token); });
    const QString json = withAddress(uR"({"name":"harbour","url":"HERE"})"_s, bed.mcp.url());
    text.replace("cursor-link"_L1, u"cursor://anysphere.cursor-deeplink/mcp/install?name=harbour&config="_s
                                       + QString::fromLatin1(json.toUtf8().toBase64()));
    text.replace("vscode-link"_L1, encoded(u"vscode:mcp/install?"_s + encoded(json)));
    const base::Result<interop::PastedServer> server = takenFrom(withAddress(text, bed.mcp.url()), {});
    QVERIFY2(server.has_value(), server ? "" : qPrintable(server.error().sentence));
    QCOMPARE(server->url.text(), bed.mcp.url().toString());
    QVERIFY(server->headers.isEmpty());
    field::Arrival arrival = field::travel(&bed, travellerOf(*server));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.answer, u"ahoy"_s);
    field::liveOn(&bed, &arrival);
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
}

// Field: 1.1-1.3, 1.7, 1.12-1.13
void TstFieldPasting::sendsWhatWasPasted_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<int>("secrets");
    const QByteArray authorization = "Authorization";
    const QByteArray bearer = "Bearer harbour-key";
    QTest::newRow("1.1 Claude Code")
        << u"claude mcp add --transport http a HERE --header \"Authorization: Bearer harbour-key\""_s
        << authorization << bearer << 1;
    QTest::newRow("1.2 Codex") << u"[mcp_servers.a]\nurl = \"HERE\"\nbearer_token_env_var = \"A_KEY\"\n"_s
                               << authorization << bearer << 1;
    QTest::newRow("1.3 env of the entry")
        << uR"({"mcpServers":{"a":{"command":"npx","args":["mcp-remote","HERE","--header","Authorization:Bearer ${K}"],"env":{"K":"harbour-key"}}}})"_s
        << authorization << bearer << 1;
    QTest::newRow("1.7 inputs of VS Code")
        << uR"({"inputs":[{"id":"k","type":"promptString","password":true}],"servers":{"a":{"url":"HERE","headers":{"Authorization":"Bearer ${input:k}"}}}})"_s
        << authorization << bearer << 1;
    QTest::newRow("1.12 curl")
        << u"curl -X POST HERE \\\n -H 'Accept: application/json' -H 'X-Workspace: blue' \\\n -H 'X-Api-Key: harbour-key'"_s
        << QByteArray("X-Api-Key") << QByteArray("harbour-key") << 1;
    QTest::newRow("1.13 a registry document")
        << uR"({"name":"io.example/a","remotes":[{"type":"streamable-http","url":"HERE","headers":[{"name":"X-Api-Key","isSecret":true,"isRequired":true}]}]})"_s
        << QByteArray("X-Api-Key") << QByteArray("harbour-key") << 1;
}

void TstFieldPasting::sendsWhatWasPasted()
{
    QFETCH(const QString, text);
    QFETCH(const QByteArray, header);
    QFETCH(const QByteArray, value);
    QFETCH(const int, secrets);
    support::Testbed bed;
    bed.mcp.admits = {};
    bed.mcp.keyHeader = header;
    bed.mcp.keyValue = value;
    const auto server = takenFrom(withAddress(text, bed.mcp.url()), u"harbour-key"_s);
    QVERIFY2(server.has_value(), server ? "" : qPrintable(server.error().sentence));
    const qsizetype secret = std::count_if(server->headers.begin(), server->headers.end(),
                                           [](const interop::PastedHeader &one) { return one.isSecret; });
    QCOMPARE(secret, secrets);
    const field::Arrival arrival = field::travel(&bed, travellerOf(*server));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QCOMPARE(arrival.answer, u"ahoy"_s);
    const FakeRequest call = lastCall(&bed);
    for (const interop::PastedHeader &one : server->headers) {
        QCOMPARE(call.headers.value(one.name.toUtf8()), one.value.text().toUtf8());
    }
}

// Field: 1.16
void TstFieldPasting::sendsTheKeyInTheAddress()
{
    support::Testbed bed;
    bed.mcp.admits = {};
    const auto server = takenFrom(bed.mcp.url().toString() + u"?api_key=YOUR_API_KEY"_s, u"harbour-key"_s);
    QVERIFY2(server.has_value(), server ? "" : qPrintable(server.error().sentence));
    const field::Arrival arrival = field::travel(&bed, travellerOf(*server));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
    QVERIFY2(lastCall(&bed).target.endsWith("?api_key=harbour-key"), lastCall(&bed).target.constData());
}

// Field: 1.6
void TstFieldPasting::tellsTheLineOfAMistake()
{
    support::Testbed bed;
    const QString good =
        withAddress(u"{\n  \"a\": {\n    \"url\": \"HERE\",\n    \"headers\": {}\n  }\n}"_s, bed.mcp.url());
    const auto refused = interop::readPaste(QString(good).replace(u"\",\n"_s, u"\"\n"_s));
    QVERIFY(!refused.has_value());
    QCOMPARE(refused.error().kind, base::ErrorKind::InvalidInput);
    QVERIFY2(refused.error().sentence.contains(u"between line 3 and line 4"_s),
             qPrintable(refused.error().sentence));
    QVERIFY(bed.mcp.http().requests().empty());
    const auto server = takenFrom(good, {});
    QVERIFY(server.has_value());
    const field::Arrival arrival = field::travel(&bed, travellerOf(*server));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
}

// Field: 1.17
void TstFieldPasting::namesTheProgramBesideIt()
{
    support::Testbed bed;
    const QString text = withAddress(
        uR"({"mcpServers":{"fs":{"command":"npx","args":["-y","@x/files"]},"a":{"url":"HERE"}}})"_s,
        bed.mcp.url());
    const auto paste = interop::readPaste(text);
    QVERIFY(paste.has_value());
    QCOMPARE(paste->servers.size(), 1);
    QVERIFY2(paste->notes.value(0).contains(u"npx @x/files"_s), qPrintable(paste->notes.value(0)));
    const field::Arrival arrival = field::travel(&bed, travellerOf(paste->servers.first()));
    QVERIFY2(arrival.gotIn(), qPrintable(arrival.told()));
}

QTEST_GUILESS_MAIN(TstFieldPasting)
#include "tst_fieldpasting.moc"
