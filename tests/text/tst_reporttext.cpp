// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/reporttext.h"

#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::text;
using http::Step;
using mcp::ProbeReport;

namespace {

const QUrl server(u"https://user:hunter2@mcp.example.com/mcp?key=canary-key#canary-fragment"_s);

ProbeReport report()
{
    ProbeReport made;
    made.verdict = ProbeReport::Verdict::NeedsSignIn;
    made.era = mcp::Era::Stateless;
    made.at = QDateTime(QDate(2026, 11, 20), QTime(14, 46), Qt::UTC);
    made.steps = {
        {u"It is an MCP server and wants you to sign in"_s, Step::Outcome::Done, "POST", server, 401,
         std::chrono::milliseconds(84), u"server/discover"_s},
        {u"Nothing here"_s, Step::Outcome::NotThere, "GET",
         QUrl(u"https://mcp.example.com/.well-known/oauth-protected-resource/mcp"_s), 404,
         std::chrono::milliseconds(40)},
        {u"Will ask for: read"_s, Step::Outcome::Done},
        {u"Too late"_s, Step::Outcome::Failed, "GET",
         QUrl(u"https://login.example.com/.well-known/oauth-authorization-server"_s), 0,
         std::chrono::milliseconds(5000)},
    };
    return made;
}

} // namespace

class TstReportText final : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hasEverythingADeveloperNeeds();
    void holdsNoSecret();
    void letsNoServerWriteMarkdown();
    void saysBentRules();
    void saysWhatWasAsked();
    void saysEras();
    void saysVerdicts_data();
    void saysVerdicts();
};

void TstReportText::hasEverythingADeveloperNeeds()
{
    const QStringList lines = reportText(server, report()).split(u'\n');
    QCOMPARE(lines.first(), u"## Probe report of mcp.example.com"_s);
    QCOMPARE(lines.at(2), u"This is an MCP server that wants you to sign in."_s);
    QVERIFY(lines.contains(u"- Server: `mcp.example.com/mcp`"_s));
    QVERIFY(lines.contains(u"- Looked at: 2026-11-20T14:46:00Z"_s));
    QVERIFY(lines.contains(u"- Speaks: newest kind, no sessions"_s));
    QVERIFY(lines.join(u'\n').contains(u"- Mooring: "_s + QStringLiteral(MOORING_VERSION)));
    QVERIFY(lines.contains(u"1. ✓ It is an MCP server and wants you to sign in"_s));
    QVERIFY(lines.contains(u"   `POST mcp.example.com/mcp · 401 · 84 ms`"_s));
    QVERIFY(lines.contains(u"   `server/discover`"_s));
    QVERIFY(lines.contains(u"2. – Nothing here"_s));
    QVERIFY(lines.contains(u"3. ✓ Will ask for: read"_s));
    QVERIFY(lines.contains(u"4. ✗ Too late"_s));
    QVERIFY(lines.contains(
        u"   `GET login.example.com/.well-known/oauth-authorization-server · no answer · 5000 ms`"_s));
}

void TstReportText::holdsNoSecret()
{
    const QString text = reportText(server, report());
    for (const QString &canary : {u"hunter2"_s, u"canary-key"_s, u"canary-fragment"_s}) {
        QVERIFY2(!text.contains(canary), qPrintable(text));
    }
}

void TstReportText::letsNoServerWriteMarkdown()
{
    ProbeReport hostile = report();
    hostile.steps.first().learnt = u"![x](https://evil.example/p.png) <img> `code` # \u202E"_s;
    hostile.steps.first().detail = u"a`b\n# heading"_s;
    const QString text = reportText(server, hostile);
    QVERIFY2(text.contains(uR"(\!\[x\](https://evil.example/p.png) \<img\> \`code\` \#)"_s),
             qPrintable(text));
    QVERIFY2(text.contains(u"`a'b # heading`"_s), qPrintable(text));
    QVERIFY(!text.contains(u'\u202E'));
}

void TstReportText::saysBentRules()
{
    oauth::SignInSettings settings;
    settings.sendsResource = false;
    QVERIFY(reportText(server, report(), settings)
                .contains(u"Rules bent: does not name the server when signing in"_s));
    QVERIFY(!reportText(server, report()).contains(u"Rules bent"_s));
}

void TstReportText::saysWhatWasAsked()
{
    const QList<Step> steps = report().steps;
    QCOMPARE(askedText(steps.at(0)), u"Asked mcp.example.com whether it is an MCP server"_s);
    QCOMPARE(askedText(steps.at(1)), u"Looked for a description of the sign-in at mcp.example.com"_s);
    QCOMPARE(askedText(steps.at(2)), QString());
    QCOMPARE(askedText(steps.at(3)), u"Asked the sign-in service login.example.com what it can do"_s);
}

void TstReportText::saysEras()
{
    QCOMPARE(eraText(mcp::Era::Unknown), QString());
    QCOMPARE(eraText(mcp::Era::Stateless), u"newest kind, no sessions"_s);
    QCOMPARE(eraText(mcp::Era::Sessions, u"2025-11-25"_s), u"with sessions (2025-11-25)"_s);
    QCOMPARE(eraText(mcp::Era::HttpSse), u"old kind (HTTP+SSE, 2024)"_s);
}

void TstReportText::saysVerdicts_data()
{
    QTest::addColumn<int>("verdict");
    QTest::addColumn<QString>("said");
    using V = ProbeReport::Verdict;
    const auto row = [](V verdict, const QString &said) {
        QTest::newRow(qPrintable(mcp::verdictName(verdict))) << static_cast<int>(verdict) << said;
    };
    row(V::Open, u"needs no sign-in"_s);
    row(V::NeedsSignIn, u"wants you to sign in"_s);
    row(V::NeedsKey, u"wants a key"_s);
    row(V::KeyRefused, u"not accept this key"_s);
    row(V::NotMcp, u"no MCP server"_s);
    row(V::Unreachable, u"can't be reached"_s);
    row(V::Refused, u"Stopped for safety"_s);
    row(V::SignInUnusable, u"can't be used"_s);
    row(V::Blocked, u"in front of this server"_s);
    row(V::UnknownVersions, u"of a version"_s);
}

void TstReportText::saysVerdicts()
{
    QFETCH(const int, verdict);
    QFETCH(const QString, said);
    ProbeReport made;
    made.verdict = static_cast<ProbeReport::Verdict>(verdict);
    QVERIFY2(verdictSentence(made).contains(said), qPrintable(verdictSentence(made)));
    made.error = base::makeError(base::ErrorKind::Network, u"Its own words."_s);
    const bool isGood =
        made.verdict == ProbeReport::Verdict::Open || made.verdict == ProbeReport::Verdict::NeedsSignIn;
    QCOMPARE(verdictSentence(made) == u"Its own words."_s, !isGood);
}

QTEST_GUILESS_MAIN(TstReportText)
#include "tst_reporttext.moc"
