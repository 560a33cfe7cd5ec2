// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/reporttext.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "text/settingstext.h"

#include <QSysInfo>

namespace mooring::text {

using namespace Qt::StringLiterals;
using base::displayText;
using base::Words;
using http::Step;
using Verdict = mcp::ProbeReport::Verdict;

namespace {

/// Where to, without what may be secret: a query can hold a key.
QString placeText(const QUrl &url)
{
    return base::displayAuthority(url) + http::shownPath(url);
}

/// As Markdown text: what a server said must not become a heading, a link or an image.
QString inMarkdown(const QString &text)
{
    QString safe;
    for (const QChar c : text) {
        if (u"\\`*_[]<>#|!~&"_s.contains(c)) {
            safe += u'\\';
        }
        safe += c;
    }
    return safe;
}

/// As Markdown code; a backtick in it would end it.
QString asCode(QString text)
{
    return u'`' + text.replace(u'`', u'\'') + u'`';
}

QString markText(Step::Outcome outcome)
{
    switch (outcome) {
    case Step::Outcome::Done:
        return u"✓"_s;
    case Step::Outcome::NotThere:
        return u"–"_s;
    case Step::Outcome::Failed:
        break;
    }
    return u"✗"_s;
}

QString stepLines(const Step &step, int number)
{
    QString text =
        u"%1. %2 %3"_s.arg(number).arg(markText(step.outcome), inMarkdown(displayText(step.learnt, 400)));
    const QStringList below = {requestText(step), displayText(step.detail, 400)};
    for (const QString &line : below) {
        if (!line.isEmpty()) {
            text += u"\n   "_s + asCode(line);
        }
    }
    return text;
}

QString factLines(const QUrl &server, const mcp::ProbeReport &report)
{
    QList<std::pair<QString, QString>> facts = {
        {Words::tr("Server"), asCode(placeText(server))},
        {Words::tr("Looked at"), report.at.isValid() ? report.at.toUTC().toString(Qt::ISODate) : QString()},
        {Words::tr("Mooring"),
         u"%1, Qt %2, %3"_s.arg(QStringLiteral(MOORING_VERSION), QString::fromLatin1(qVersion()),
                                QSysInfo::prettyProductName())},
        {Words::tr("Speaks"), inMarkdown(eraText(report.era))},
    };
    if (report.discovery) {
        facts.append(
            {Words::tr("Sign-in service"), asCode(placeText(QUrl(report.discovery->server.issuer)))});
    }
    QString text;
    for (const auto &[name, value] : std::as_const(facts)) {
        text += value.isEmpty() ? QString() : u"- %1: %2\n"_s.arg(name, value);
    }
    return text;
}

} // namespace

QString verdictSentence(const mcp::ProbeReport &report)
{
    const bool isTrouble = report.verdict != Verdict::Open && report.verdict != Verdict::NeedsSignIn;
    if (isTrouble && report.error && !report.error->sentence.isEmpty()) {
        return displayText(report.error->sentence, 1000);
    }
    switch (report.verdict) {
    case Verdict::Open:
        return report.discovery
                   ? Words::tr(
                         "This is an MCP server. It lets you in, but some of its tools may want a sign-in.")
                   : Words::tr("This is an MCP server that needs no sign-in.");
    case Verdict::NeedsSignIn:
        return Words::tr("This is an MCP server that wants you to sign in.");
    case Verdict::NeedsKey:
        return Words::tr("This server wants a key, or some other sign-in that it does not describe.");
    case Verdict::KeyRefused:
        return Words::tr("The server does not accept this key.");
    case Verdict::NotMcp:
        return Words::tr("Something answers at this address, but it is no MCP server.");
    case Verdict::Unreachable:
        return Words::tr("The server can't be reached.");
    case Verdict::SignInUnusable:
        return Words::tr("This server has a sign-in, but it can't be used.");
    case Verdict::Blocked:
        return Words::tr("Something in front of this server doesn't let Mooring through.");
    case Verdict::UnknownVersions:
        return Words::tr("This is an MCP server, but of a version that this Mooring doesn't know.");
    case Verdict::Refused:
        break;
    }
    return Words::tr("Stopped for safety.");
}

QString askedText(const Step &step)
{
    if (step.verb.isEmpty()) {
        return {};
    }
    const QString host = base::displayAuthority(step.url);
    const QString path = step.url.path();
    if (path.contains("/.well-known/oauth-protected-resource"_L1)) {
        return Words::tr("Looked for a description of the sign-in at %1").arg(host);
    }
    if (path.contains("/.well-known/"_L1)) {
        return Words::tr("Asked the sign-in service %1 what it can do").arg(host);
    }
    return step.verb == "POST" ? Words::tr("Asked %1 whether it is an MCP server").arg(host)
                               : Words::tr("Looked at %1").arg(host);
}

QString requestText(const Step &step)
{
    if (step.verb.isEmpty()) {
        return {};
    }
    return QStringList{QString::fromLatin1(step.verb) + u' ' + placeText(step.url),
                       step.status > 0 ? QString::number(step.status) : Words::tr("no answer"),
                       Words::tr("%1 ms").arg(step.took.count())}
        .join(u" · "_s);
}

QString eraText(mcp::Era era, const QString &protocolVersion)
{
    switch (era) {
    case mcp::Era::Unknown:
        break;
    case mcp::Era::Stateless:
        return Words::tr("newest kind, no sessions");
    case mcp::Era::Sessions:
        return protocolVersion.isEmpty()
                   ? Words::tr("with sessions (2025)")
                   : Words::tr("with sessions (%1)").arg(displayText(protocolVersion, 20));
    case mcp::Era::HttpSse:
        return Words::tr("old kind (HTTP+SSE, 2024)");
    }
    return {};
}

QString reportText(const QUrl &server, const mcp::ProbeReport &report, const oauth::SignInSettings &settings)
{
    QString text = u"## "_s + Words::tr("Probe report of %1").arg(inMarkdown(base::displayAuthority(server)))
                   + u"\n\n"_s + inMarkdown(verdictSentence(report)) + u"\n\n"_s + factLines(server, report)
                   + u'\n';
    int number = 0;
    for (const Step &step : report.steps) {
        text += stepLines(step, ++number) + u'\n';
    }
    if (report.error && !report.error->detail.isEmpty()) {
        text += u'\n' + Words::tr("Trouble: %1").arg(asCode(displayText(report.error->detail, 400))) + u'\n';
    }
    const QStringList bent = bentRules(settings);
    if (!bent.isEmpty()) {
        text += u'\n' + Words::tr("Rules bent: %1").arg(inMarkdown(bent.join(u"; "_s))) + u'\n';
    }
    return text;
}

} // namespace mooring::text
