// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/shellscanner.h"

#include "interop/quotes.h"

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

/// No instructions have more; a text that has is none.
constexpr qsizetype maximumWords = 10'000;
constexpr qsizetype maximumPiece = 200;

} // namespace

QList<ShellCommand> ShellScanner::scan()
{
    while (m_at < m_text.size() && m_count < maximumWords) {
        takeOne();
    }
    endCommand();
    return m_commands;
}

QChar ShellScanner::at(qsizetype offset) const
{
    return m_at + offset < m_text.size() ? m_text.at(m_at + offset) : QChar();
}

void ShellScanner::add(QChar c)
{
    m_word += c;
    m_isInWord = true;
}

void ShellScanner::endWord()
{
    if (!m_isInWord) {
        return;
    }
    // What a word processor made of "--" and "-".
    if (m_word.startsWith(u'\u2014')) {
        m_word.replace(0, 1, u"--"_s);
    } else if (m_word.startsWith(u'\u2013')) {
        m_word.replace(0, 1, m_word.size() > 2 ? u"--"_s : u"-"_s);
    }
    if (m_command.words.isEmpty()) {
        m_command.line = m_line;
    }
    m_command.words.append(m_word);
    ++m_count;
    m_word.clear();
    m_isInWord = false;
}

void ShellScanner::endCommand()
{
    endWord();
    if (!m_command.words.isEmpty()) {
        m_commands.append(m_command);
    }
    m_command = {};
}

void ShellScanner::takeOne()
{
    if (takeLineEnd() || takeSeparator() || takeQuoted() || takePiece()) {
        return;
    }
    if (at() == u'\\') {
        takeEscape();
        return;
    }
    add(at());
    ++m_at;
}

/// A backslash, caret or backtick with nothing but blanks behind it: the command goes on in the next line.
bool ShellScanner::goesOn(qsizetype offset, qsizetype *length) const
{
    const QChar c = at(offset);
    if (c != u'\\' && c != u'^' && c != u'`') {
        return false;
    }
    qsizetype end = offset + 1;
    while (at(end) == u' ' || at(end) == u'\t') {
        ++end;
    }
    *length = end - offset + 1;
    return at(end) == u'\n';
}

bool ShellScanner::takeLineEnd()
{
    qsizetype length = 0;
    if (goesOn(0, &length)) {
        if (at() != u'\\' || length > 2) {
            endWord();
        }
        m_at += length;
        ++m_line;
        return true;
    }
    if (at() != u'\n') {
        return false;
    }
    endCommand();
    ++m_at;
    ++m_line;
    return true;
}

bool ShellScanner::takeSeparator()
{
    const QChar c = at();
    if (c == u' ' || c == u'\t') {
        endWord();
        ++m_at;
        return true;
    }
    if (c == u'#' && !m_isInWord) {
        const qsizetype end = m_text.indexOf(u'\n', m_at);
        m_at = end < 0 ? m_text.size() : end;
        return true;
    }
    // An address with "&" in it is often pasted without quotes.
    const bool isLoneAnd = c == u'&' && (!m_isInWord || at(1) == u' ' || at(1) == u'&');
    if (c == u';' || c == u'|' || isLoneAnd) {
        endCommand();
        ++m_at;
        return true;
    }
    return false;
}

bool ShellScanner::takeQuoted()
{
    const QChar c = at();
    if (c == u'$' && (at(1) == u'\'' || at(1) == u'"')) {
        ++m_at;
        if (at() == u'\'') {
            takeDollarQuoted();
        } else {
            takeDoubleQuoted();
        }
        return true;
    }
    if (c == u'"' || isDoubleQuote(c)) {
        takeDoubleQuoted();
        return true;
    }
    // "Don't" in a sentence; but -H'Name: value' begins a quote.
    const bool isApostrophe =
        !m_word.isEmpty() && !m_word.startsWith(u'-') && m_word.back().isLetter() && at(1).isLetter();
    if ((c != u'\'' && !isSingleQuote(c)) || isApostrophe) {
        return false;
    }
    m_isInWord = true;
    for (++m_at; m_at < m_text.size() && !isQuotePair(c, at()); ++m_at) {
        add(at());
    }
    ++m_at;
    return true;
}

/// A backslash keeps its meaning only in front of a few characters.
void ShellScanner::takeDoubleQuoted()
{
    const QChar opener = at();
    m_isInWord = true;
    for (++m_at; m_at < m_text.size() && !isQuotePair(opener, at()); ++m_at) {
        const QChar next = at(1);
        if (at() == u'\\' && (next == u'"' || next == u'\\' || next == u'$' || next == u'`')) {
            ++m_at;
        } else if (at() == u'\\' && next == u'\n') {
            ++m_at;
            continue;
        }
        add(at());
    }
    ++m_at;
}

/// $'…': the escapes of C.
void ShellScanner::takeDollarQuoted()
{
    static const QString letters = u"ntre0"_s;
    static const QString meant = u"\n\t\r\x1b\0"_s;
    m_isInWord = true;
    for (++m_at; m_at < m_text.size() && at() != u'\''; ++m_at) {
        if (at() == u'\\' && m_at + 1 < m_text.size()) {
            ++m_at;
            const qsizetype known = letters.indexOf(at());
            add(known >= 0 ? meant.at(known) : at());
        } else {
            add(at());
        }
    }
    ++m_at;
}

void ShellScanner::takeEscape()
{
    // "C:\Program Files" of Windows is no escape, but then the words are only shown.
    ++m_at;
    if (m_at < m_text.size()) {
        add(at());
        ++m_at;
    }
}

/// `<your key>` and `$(command)` are one word, blanks and all.
bool ShellScanner::takePiece()
{
    const bool isCommand = at() == u'$' && at(1) == u'(';
    if (!isCommand && (at() != u'<' || !at(1).isLetter())) {
        return false;
    }
    const QStringView rest = QStringView(m_text).sliced(m_at, std::min(maximumPiece, m_text.size() - m_at));
    const qsizetype end = rest.indexOf(isCommand ? u')' : u'>');
    if (end < 0 || rest.left(end).contains(u'\n')) {
        return false;
    }
    for (const QChar c : rest.left(end + 1)) {
        add(c);
    }
    m_at += end + 1;
    return true;
}

} // namespace mooring::interop
