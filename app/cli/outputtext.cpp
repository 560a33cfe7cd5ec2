// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/outputtext.h"

#include "base/displaytext.h"
#include "base/moments.h"
#include "base/words.h"
#include "connections/revocation/disconnected.h"
#include "http/addresssecrets.h"
#include "storage/keychainreport.h"
#include "text/reporttext.h"
#include "text/revocationtext.h"
#include "text/settingstext.h"
#include "text/settingsvalues.h"
#include "text/wording.h"

#include <QLocale>

#include <algorithm>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::displayText;
using base::Words;
using text::Tone;

namespace {

constexpr qsizetype nameWidth = 30;
/// What a tool says may be long; it is the answer that was asked for.
constexpr qsizetype maximumWord = 100'000;

enum class Colour { None, Bold, Green, Yellow, Red, Dim };

QString coloured(const QString &text, Colour colour, Style style)
{
    if (!style.hasColours || colour == Colour::None) {
        return text;
    }
    const QHash<Colour, QString> codes = {{Colour::Bold, u"1"_s},
                                          {Colour::Green, u"32"_s},
                                          {Colour::Yellow, u"33"_s},
                                          {Colour::Red, u"31"_s},
                                          {Colour::Dim, u"2"_s}};
    return u"\x1b["_s + codes.value(colour) + u'm' + text + u"\x1b[0m"_s;
}

Colour colourOf(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return Colour::Green;
    case Tone::Attention:
        return Colour::Yellow;
    case Tone::Bad:
        return Colour::Red;
    case Tone::Neutral:
        break;
    }
    return Colour::None;
}

QString timeText(const std::optional<QDateTime> &time)
{
    return time && time->isValid() ? QLocale().toString(time->toLocalTime(), QLocale::ShortFormat)
                                   : QString();
}

QString joined(const QStringList &untrusted)
{
    return displayText(untrusted.join(u' '), 500);
}

QString urlText(const QUrl &url)
{
    return displayText(http::shownUrl(url), 500);
}

/// "X-Api-Key, X-Workspace: blue": the values of secret ones are in the keychain.
QString headersText(const connections::ConnectionRecord &record)
{
    QStringList texts;
    if (!record.headerName.isEmpty()) {
        texts.append(displayText(record.headerName));
    }
    for (const connections::SentHeader &header : record.headers) {
        const QString name = displayText(header.name);
        texts.append(header.isSecret ? name : name + u": "_s + displayText(header.value));
    }
    return texts.join(u", "_s);
}

/// Empty where nothing is kept, and in records of versions that took no note.
QString keptInText(const text::ConnectionView &view)
{
    const bool isKept = view.record.hasSecret && !view.state.isWindowOnly;
    return isKept ? displayText(storage::placeText(view.record.keptIn)) : QString();
}

QString forgetHint(const connections::RevocationRecord &pending)
{
    return Words::tr("To stop that: mooringctl forget %1").arg(displayText(pending.id, 80));
}

/// An issuer or a resource: addresses whose hosts are shown in ASCII, so that a look-alike letter shows.
QString identifierText(const QString &identifier)
{
    const QUrl url(identifier);
    return url.isValid() ? urlText(url) : displayText(identifier, 500);
}

} // namespace

QString errorText(const base::Error &error, Style style)
{
    QString text = coloured(displayText(error.sentence, 1000), Colour::Red, style);
    if (!error.detail.isEmpty()) {
        text += u"\n  "_s + Words::tr("Detail: %1").arg(displayText(error.detail, 1000));
    }
    return text;
}

QString factsText(const QList<std::pair<QString, QString>> &facts)
{
    qsizetype width = 0;
    for (const auto &[name, value] : facts) {
        width = value.isEmpty() ? width : std::max(width, name.size());
    }
    QStringList lines;
    for (const auto &[name, value] : facts) {
        if (!value.isEmpty()) {
            lines.append((name + u':').leftJustified(width + 3) + value);
        }
    }
    return lines.join(u'\n');
}

namespace {

/// "Linear" twice: then only the ids tell which is which.
bool haveSameNames(const QStringList &names)
{
    QStringList sorted = names;
    sorted.sort(Qt::CaseInsensitive);
    return std::adjacent_find(sorted.begin(), sorted.end(),
                              [](const QString &one, const QString &other) {
                                  return one.compare(other, Qt::CaseInsensitive) == 0;
                              })
           != sorted.end();
}

/// Since when its trouble is known: "15:40", with the date on other days; empty for none.
QString noticedText(const text::ConnectionView &view, const QDateTime &now)
{
    return view.noticedAt ? base::momentText(*view.noticedAt, now) : QString();
}

QString headlineOf(const text::ConnectionView &view, const text::Wording &wording, const QDateTime &now)
{
    const QString headline = displayText(wording.headline);
    const QString noticed = noticedText(view, now);
    return noticed.isEmpty() ? headline : u"%1 (%2)"_s.arg(headline, noticed);
}

qsizetype longest(const QStringList &texts)
{
    return std::ranges::max_element(texts, {}, &QString::size)->size();
}

} // namespace

QString listText(const QList<text::ConnectionView> &views, Style style, const QDateTime &now, bool showsIds)
{
    if (views.isEmpty()) {
        return Words::tr("There are no connections yet. Add one with: mooringctl add URL");
    }
    QStringList names;
    QStringList hosts;
    QStringList headlines;
    QList<Tone> tones;
    for (const text::ConnectionView &view : views) {
        const text::Wording wording = text::wordingOf(view.state, view.record, now);
        names.append(displayText(view.record.name, nameWidth));
        hosts.append(base::displayAuthority(view.record.url));
        headlines.append(headlineOf(view, wording, now));
        tones.append(wording.tone);
    }
    const bool withIds = showsIds || haveSameNames(names);
    QStringList lines;
    for (qsizetype i = 0; i < views.size(); ++i) {
        QString line = names.at(i).leftJustified(longest(names) + 2)
                       + hosts.at(i).leftJustified(longest(hosts) + 2)
                       + coloured(headlines.at(i), colourOf(tones.at(i)), style);
        if (withIds) {
            line += QString(longest(headlines) - headlines.at(i).size() + 2, u' ')
                    + displayText(views.at(i).record.id, 80);
        }
        lines.append(line);
    }
    return lines.join(u'\n');
}

QString statusText(const text::ConnectionView &view, Style style, const QDateTime &now)
{
    const text::Wording wording = text::wordingOf(view.state, view.record, now);
    const QString until = view.state.expiresAt ? base::durationText(now, *view.state.expiresAt) : QString();
    const QString expiry = timeText(view.state.expiresAt);
    const connections::ConnectionRecord &record = view.record;
    const bool gotLess = view.state.isSignedIn && record.scopesAsked != record.scopesGranted;
    const QString facts = factsText({
        {Words::tr("Address"), urlText(view.record.url)},
        {Words::tr("Speaks"), text::eraText(record.era)},
        // What is on record of a sign-in that has ended is no sign-in.
        {Words::tr("Signed in at"), view.state.isSignedIn ? identifierText(view.record.issuer) : QString()},
        {Words::tr("Account"), displayText(view.record.accountLabel)},
        {Words::tr("Asked for"), gotLess ? joined(record.scopesAsked) : QString()},
        {Words::tr("Permissions"), view.state.isSignedIn ? joined(view.record.scopesGranted) : QString()},
        {Words::tr("Server asks for"), joined(view.wantedScopes)},
        {Words::tr("Client ID"), view.registration ? displayText(view.registration->clientId) : QString()},
        {Words::tr("Rules bent"), displayText(text::bentRules(record.settings).join(u"; "_s), 600)},
        {Words::tr("Header"), headersText(view.record)},
        {Words::tr("Kept in"), keptInText(view)},
        {Words::tr("Key in the address"), displayText(view.record.secretQuery.join(u", "_s))},
        {Words::tr("Last tried"), noticedText(view, now)},
        {Words::tr("Token ends"), until.isEmpty() ? expiry : expiry + u" ("_s + until + u')'},
    });
    const QString pendingLine =
        view.pending ? displayText(connections::pendingText(*view.pending, view.state.isSignedIn, now), 500)
                           + u' ' + forgetHint(*view.pending) + u'\n'
                     : QString();
    return coloured(displayText(view.record.name), Colour::Bold, style) + u"  "_s
           + coloured(displayText(wording.headline), colourOf(wording.tone), style) + u'\n'
           + displayText(wording.sentence, 1000) + u'\n' + pendingLine + facts;
}

QString pendingText(const connections::RevocationRecord &pending, const QDateTime &now)
{
    return displayText(text::namedPendingText(pending, now), 500) + u' ' + forgetHint(pending);
}

QString stepText(const http::Step &step, Style style)
{
    // Words in front, so that a step can be read without colours.
    QString mark = coloured(Words::tr("ok"), Colour::Green, style);
    if (step.outcome == http::Step::Outcome::NotThere) {
        mark = coloured(Words::tr("--"), Colour::Dim, style);
    } else if (step.outcome == http::Step::Outcome::Failed) {
        mark = coloured(Words::tr("!!"), Colour::Red, style);
    }
    QString text = mark + u"  "_s + displayText(step.learnt, 500);
    if (!step.verb.isEmpty()) {
        const QUrl shown = step.url.adjusted(QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo);
        QString request = QString::fromLatin1(step.verb) + u' ' + urlText(shown);
        request += step.status != 0 ? u"  "_s + QString::number(step.status) : QString();
        request += u"  %1 ms"_s.arg(step.took.count());
        text += u"\n    "_s + coloured(request, Colour::Dim, style);
    }
    return text;
}

QString verdictText(const mcp::ProbeReport &report, Style style)
{
    using Verdict = mcp::ProbeReport::Verdict;
    const bool isGood = report.verdict == Verdict::Open || report.verdict == Verdict::NeedsSignIn;
    // A server can want a sign-in and not say how.
    QString text = isGood && report.error && !report.error->sentence.isEmpty()
                       ? displayText(report.error->sentence, 1000)
                       : text::verdictSentence(report);
    text = coloured(text, isGood ? Colour::Green : Colour::Yellow, style);
    const QString server =
        report.server ? displayText(report.server->name + u' ' + report.server->version) : QString();
    const QString issuer = report.discovery ? identifierText(report.discovery->server.issuer) : QString();
    const QString facts =
        factsText({{Words::tr("It calls itself"), server}, {Words::tr("Sign-in service"), issuer}});
    return facts.isEmpty() ? text : text + u'\n' + facts;
}

QString tokenText(const connections::TokenFacts &facts, const QDateTime &now)
{
    const QString left = facts.expiresAt ? base::durationText(now, *facts.expiresAt) : QString();
    return factsText({
        {Words::tr("Issued"), timeText(facts.issuedAt)},
        {Words::tr("Ends"),
         facts.expiresAt ? timeText(facts.expiresAt) : Words::tr("The service did not tell.")},
        {Words::tr("Time left"), left},
        {Words::tr("Permissions"), joined(facts.scopes)},
        {Words::tr("Good for"), identifierText(facts.resource)},
        {Words::tr("Issued by"), identifierText(facts.issuer)},
        {Words::tr("Length"), QLocale().toString(facts.length)},
    });
}

QString settingsText(const oauth::SignInSettings &settings, Style style)
{
    const oauth::SignInSettings normal;
    QStringList lines;
    const QList<text::SettingText> all = text::allSettings();
    for (const text::SettingText &setting : all) {
        const QString value = displayText(text::settingValue(settings, setting.name), 500);
        const bool isNormal = value == text::settingValue(normal, setting.name);
        const QString line = setting.name + u'=' + value;
        lines.append(isNormal ? line : coloured(line, Colour::Bold, style));
        lines.append(u"    "_s + coloured(setting.title + u". "_s + setting.explanation, Colour::Dim, style));
    }
    return lines.join(u'\n');
}

QString toolsText(const QList<mcp::Tool> &tools, Style style)
{
    if (tools.isEmpty()) {
        return Words::tr("This server offers no tools.");
    }
    QStringList names;
    qsizetype width = 0;
    for (const mcp::Tool &tool : tools) {
        names.append(displayText(tool.name, 60));
        width = std::max(width, names.last().size());
    }
    QStringList lines;
    for (qsizetype i = 0; i < tools.size(); ++i) {
        const QString &words =
            tools.at(i).description.isEmpty() ? tools.at(i).title : tools.at(i).description;
        lines.append((coloured(names.at(i), Colour::Bold, style)
                      + QString(width - names.at(i).size() + 2, u' ') + displayText(words))
                         .trimmed());
    }
    return lines.join(u'\n');
}

QString resultText(const mcp::ToolResult &result)
{
    QStringList lines;
    for (const QString &line : result.text().split(u'\n')) {
        // Word by word, because spaces make columns and indents here.
        QStringList words;
        for (const QString &word : line.split(u' ')) {
            words.append(displayText(word, maximumWord));
        }
        lines.append(words.join(u' '));
    }
    return lines.join(u'\n');
}

} // namespace mooring::cli
