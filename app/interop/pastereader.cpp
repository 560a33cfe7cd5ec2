// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/pastereader.h"

#include "base/words.h"
#include "interop/addressrules.h"
#include "interop/hostcommand.h"
#include "interop/installlink.h"
#include "interop/jsonvalue.h"
#include "interop/prose.h"
#include "interop/quotes.h"
#include "interop/serverbuilder.h"
#include "interop/serverentries.h"
#include "interop/shellwords.h"
#include "interop/textlines.h"
#include "interop/tomlvalue.h"
#include "interop/yamlvalue.h"

#include <QRegularExpression>

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

namespace {

/// Texts in braces in the middle of prose; more are no instructions.
constexpr int maximumEmbedded = 20;
constexpr qsizetype maximumParts = 100;
/// Of all but JSON: a longer text is no instruction, and looking through it would hold up the window.
constexpr qsizetype maximumProse = 256 * 1024;

/// The first place that is neither blank nor comment.
qsizetype startOfJson(QStringView text)
{
    qsizetype at = 0;
    while (at < text.size()) {
        if (text.at(at).isSpace()) {
            ++at;
        } else if (text.sliced(at).startsWith(u"//")) {
            const qsizetype end = text.indexOf(u'\n', at);
            at = end < 0 ? text.size() : end;
        } else if (text.sliced(at).startsWith(u"/*")) {
            const qsizetype end = text.indexOf(u"*/", at);
            at = end < 0 ? text.size() : end + 2;
        } else {
            break;
        }
    }
    return at;
}

/// "name": {…} without the braces around it.
bool isMember(QStringView text)
{
    static const QRegularExpression member(
        u"^[\"\\x{201C}\\x{201D}\\x{201E}][^\"\\n]{0,200}[\"\\x{201D}\\x{201C}]\\s*:\\s*[\\[{\"]"_s);
    return member.match(text.left(400).toString()).hasMatch();
}

bool isJson(QStringView text)
{
    const QStringView start = text.sliced(startOfJson(text));
    if (start.startsWith(u'{') && !start.startsWith(u"{{")) {
        return true;
    }
    if (start.startsWith(u'[')) {
        const QStringView inner = start.sliced(1).trimmed();
        return inner.startsWith(u'{') || inner.startsWith(u"\"http") || inner == u"]";
    }
    return isMember(start);
}

bool isToml(const QString &text)
{
    static const QRegularExpression header(
        u"^[ \\t]*\\[{1,2}[A-Za-z_\"'][\\w.\"' @/:-]{0,200}\\]{1,2}[ \\t]*(#.*)?$"_s,
        QRegularExpression::MultilineOption);
    static const QRegularExpression pair(u"^[ \\t]*[\\w.\"-]{1,100}[ \\t]*=[ \\t]*[\\[{\"'\\w]"_s,
                                         QRegularExpression::MultilineOption);
    static const QRegularExpression loose(
        u"^[ \\t]*(?:url|command|mcp_servers[\\w.-]*)[ \\t]*=[ \\t]*[\\[{\"']"_s,
        QRegularExpression::MultilineOption);
    const QString start = text.left(64 * 1024);
    return (header.match(start).hasMatch() && pair.match(start).hasMatch()) || loose.match(start).hasMatch();
}

/// Has a line that only YAML has, and that names a list of servers.
bool isSurelyYaml(const QString &text)
{
    static const QRegularExpression list(
        u"^[ \\t]*(?:mcpServers|mcp_servers|mcp|extensions|servers|context_servers)[ \\t]*:[ \\t]*$"_s,
        QRegularExpression::MultilineOption);
    return list.match(text.left(64 * 1024)).hasMatch();
}

bool isYaml(const QString &text)
{
    static const QRegularExpression member(
        u"^[ \\t]*(?:- +)?(?:url|uri|serverUrl|server_url|httpUrl|endpoint|baseUrl|cmd|command)[ \\t]*:[ \\t]+\\S"_s,
        QRegularExpression::MultilineOption);
    return isSurelyYaml(text) || member.match(text.left(64 * 1024)).hasMatch();
}

/// Braces in a sentence may be program code; these are an app's settings.
bool speaksOfServers(const QString &json)
{
    static const QRegularExpression member(
        u"\"(?:mcpServers|servers|context_servers|mcp|url|serverUrl|httpUrl|command)\"[ \\t]*:"_s);
    return member.match(json).hasMatch();
}

bool isOneWord(QStringView text)
{
    return std::none_of(text.begin(), text.end(), [](QChar c) { return c.isSpace(); });
}

} // namespace

base::Result<Paste> PasteReader::result()
{
    for (const QStringList &words : m_findings.isEmpty() ? m_runs : QList<QStringList>()) {
        readHostCommand(words, m_around, &m_findings);
    }
    const base::Error nothing =
        base::makeError(ErrorKind::InvalidInput, Words::tr("There is no address of a server in this."));
    return m_findings.result(m_doubt.value_or(nothing));
}

void PasteReader::read(const QString &text)
{
    const QString bare = text.trimmed();
    if (bare.isEmpty() || readSingle(bare)) {
        return;
    }
    if (!isJson(bare) && bare.size() > maximumProse) {
        m_doubt =
            base::makeError(ErrorKind::InvalidInput,
                            Words::tr("This is too long. Paste only the part that is about the server."));
        return;
    }
    if (!isJson(bare) && readFences(text)) {
        return;
    }
    if (!readWhole(text, 1)) {
        readSentence(text);
    }
}

/// One address, whatever it is wrapped in.
bool PasteReader::readSingle(const QString &text)
{
    const QString bare = withoutWrapping(text);
    if (bare.isEmpty() || isJson(text)) {
        return false;
    }
    if (isInstallLink(bare)) {
        readInstallLink(bare, &m_findings);
        return true;
    }
    if (!isOneWord(bare) || bare.contains("]("_L1)) {
        return false;
    }
    // "URL:https://…" is a label in front of an address, "javascript:…" is none.
    static const QRegularExpression scheme(u"^[A-Za-z][A-Za-z0-9+.-]{0,40}:(?!https?:)"_s);
    const QStringList inner = addressesIn(bare);
    const bool isAddress = inner.isEmpty() || scheme.match(bare.left(60)).hasMatch();
    if (isAddress) {
        // Half of the wrapping came along: "https://…)", "<https://…|name>".
        const bool isCut = inner.size() == 1 && bare.startsWith(inner.first())
                           && bare.size() > inner.first().size()
                           && u")]}>|"_s.contains(bare.at(inner.first().size()));
        takeAddress(isCut ? inner.first() : bare, {});
    }
    return isAddress;
}

bool PasteReader::readFences(const QString &text)
{
    const QList<TextPart> parts = fencedParts(text);
    for (const TextPart &part : parts.first(std::min(parts.size(), maximumParts))) {
        if (!readWhole(part.text, part.line)) {
            readSentence(part.text);
        }
    }
    return m_findings.hasServers() || m_findings.hasProblem();
}

bool PasteReader::readWhole(const QString &text, int line)
{
    if (isJson(text)) {
        takeValue(readJsonValue(text, line));
        return true;
    }
    if (readQuotedCommands(text) || readCommands(text)) {
        return true;
    }
    if (isToml(text)) {
        takeValue(readTomlValue(text, line));
        return m_findings.hasServers() || !m_findings.isEmpty();
    }
    if (isYaml(text)) {
        const base::Result<Value> value = readYamlValue(text, line);
        if (value || isSurelyYaml(text)) {
            takeValue(value);
            return !m_findings.isEmpty();
        }
        m_doubt = value.error();
    }
    return false;
}

void PasteReader::takeValue(const base::Result<Value> &value)
{
    if (value) {
        readServerEntries(*value, m_around, &m_findings);
    } else {
        m_findings.addProblem(value.error());
    }
}

bool PasteReader::readCommands(const QString &text)
{
    QHash<QString, QString> variables;
    QList<QStringList> found;
    for (ShellCommand &command : shellCommands(text)) {
        takePromptAndVariables(&command.words, &variables);
        if (takeHostCommand(&command.words)) {
            found.append(command.words);
        }
    }
    if (!found.isEmpty()) {
        m_around.variables.insert(variables);
    }
    for (const QStringList &words : found) {
        if (onlyRuns(words) && m_runs.size() < maximumParts) {
            m_runs.append(words);
        } else if (!onlyRuns(words)) {
            readHostCommand(words, m_around, &m_findings);
        }
    }
    return !found.isEmpty() && !m_findings.isEmpty();
}

/// Commands in backticks in a sentence.
bool PasteReader::readQuotedCommands(const QString &text)
{
    const QStringList quoted = quotedParts(text);
    for (const QString &part : quoted.first(std::min(quoted.size(), maximumParts))) {
        readCommands(part);
    }
    return m_findings.hasServers();
}

/// "Add this to your settings: { … }".
bool PasteReader::readEmbedded(const QString &text)
{
    static const QRegularExpression opener(u"(?<![${/=\\w])\\{\\s*[\"\\x{201C}/]"_s);
    qsizetype at = 0;
    for (int count = 0; count < maximumEmbedded && at >= 0; ++count) {
        const QRegularExpressionMatch match = opener.match(text, at);
        if (!match.hasMatch()) {
            break;
        }
        const qsizetype start = match.capturedStart();
        at = endOfJson(text, start);
        const QString part = at < 0 ? text.sliced(start) : text.sliced(start, at - start);
        const base::Result<Value> value = readJsonValue(part, lineOf(text, start));
        if (value || speaksOfServers(part)) {
            takeValue(value);
        } else {
            m_doubt = m_doubt.value_or(value.error());
        }
    }
    return m_findings.hasServers() || m_findings.hasProblem();
}

bool PasteReader::readAddresses(const QString &text)
{
    QStringList addresses = addressesIn(text);
    const auto isLink = [](const QString &address) { return isInstallLink(address); };
    if (std::any_of(addresses.begin(), addresses.end(), isLink)) {
        addresses.removeIf([&](const QString &address) { return !isLink(address); });
    } else if (std::any_of(addresses.begin(), addresses.end(), speaksOfMcp)) {
        addresses.removeIf([](const QString &address) { return !speaksOfMcp(address); });
    } else if (const QString request = requestAddressIn(text); !request.isEmpty()) {
        addresses = QStringList(request);
    } else if (const QStringList bare = bareAddressesIn(text); !bare.isEmpty()) {
        addresses = bare;
    }
    const QStringList headers = headerLinesIn(text);
    for (const QString &address : addresses) {
        if (isInstallLink(address)) {
            readInstallLink(address, &m_findings);
        } else {
            takeAddress(address, headers);
        }
    }
    return m_findings.hasServers();
}

void PasteReader::takeAddress(const QString &address, const QStringList &headers)
{
    ServerBuilder builder(m_around);
    for (const QString &header : headers) {
        builder.addHeaderLine(header);
    }
    builder.setAddress(address);
    m_findings.add(builder.server());
}

void PasteReader::readSentence(const QString &text)
{
    if (readEmbedded(text)) {
        return;
    }
    readAddresses(text);
}

} // namespace mooring::interop
