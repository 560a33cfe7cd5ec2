// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/jsonoutline.h"

#include "interop/value.h"

namespace mooring::interop {

JsonOutline::JsonOutline(QStringView text, qsizetype start, bool onlyFirst)
{
    qsizetype at = start;
    while (at < text.size() && !m_isTooDeep && !m_hasTooMuch) {
        const QChar c = text.at(at);
        if (c == u'"') {
            at = skipText(text, at);
            continue;
        }
        const qsizetype behind = skipComment(text, at);
        if (behind > at) {
            at = behind;
            continue;
        }
        if (!takeBrace(c, at)) {
            return;
        }
        ++at;
        if (onlyFirst && m_firstEnd >= 0) {
            return;
        }
    }
    if (!m_open.empty()) {
        m_unclosed = m_open.back();
    }
}

/// False if a brace closes nothing.
bool JsonOutline::takeBrace(QChar c, qsizetype at)
{
    if (c == u'{' || c == u'[') {
        m_open.push_back(at);
        m_isTooDeep = m_open.size() > maximumDepth;
    } else if (c == u'}' || c == u']') {
        if (m_open.empty()) {
            m_surplus = at;
            return false;
        }
        m_open.pop_back();
        if (m_open.empty() && m_firstEnd < 0) {
            m_firstEnd = at + 1;
        }
    }
    if (c == u'{' || c == u'[' || c == u',') {
        m_hasTooMuch = ++m_values > maximumValues;
    }
    return true;
}

/// Behind the closing quote. JSON has no text of several lines, so a missing quote doesn't reach further.
qsizetype JsonOutline::skipText(QStringView text, qsizetype at)
{
    for (qsizetype i = at + 1; i < text.size(); ++i) {
        if (text.at(i) == u'\\') {
            ++i;
        } else if (text.at(i) == u'"') {
            return i + 1;
        } else if (text.at(i) == u'\n') {
            m_openText = m_openText < 0 ? at : m_openText;
            return i;
        }
    }
    m_openText = m_openText < 0 ? at : m_openText;
    return text.size();
}

/// Behind the comment that begins here; `at` itself if none does.
qsizetype JsonOutline::skipComment(QStringView text, qsizetype at)
{
    if (text.at(at) != u'/' || at + 1 >= text.size()) {
        return at;
    }
    if (text.at(at + 1) == u'/') {
        const qsizetype end = text.indexOf(u'\n', at);
        return end < 0 ? text.size() : end;
    }
    if (text.at(at + 1) == u'*') {
        const qsizetype end = text.indexOf(u"*/", at + 2);
        return end < 0 ? text.size() : end + 2;
    }
    return at;
}

} // namespace mooring::interop
