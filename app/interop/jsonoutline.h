// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringView>

#include <vector>

namespace mooring::interop {

/// The braces of a JSON text with comments, found in one pass that needs no memory to speak of: what a parser
/// must not be given is so found before it.
class JsonOutline final {
public:
    /// Reads from `start` on; to the end of the first value only if `onlyFirst`.
    explicit JsonOutline(QStringView text, qsizetype start = 0, bool onlyFirst = false);

    /// Behind the last brace of the first value; -1 if it has no end.
    qsizetype firstEnd() const { return m_firstEnd; }
    bool isTooDeep() const { return m_isTooDeep; }
    bool hasTooMuch() const { return m_hasTooMuch; }
    /// Where a brace is that nothing closes, or that closes nothing; -1 for none.
    qsizetype unclosed() const { return m_unclosed; }
    qsizetype surplus() const { return m_surplus; }
    /// A text without its closing quote, in a line; -1 for none.
    qsizetype openText() const { return m_openText; }

private:
    qsizetype skipText(QStringView text, qsizetype at);
    static qsizetype skipComment(QStringView text, qsizetype at);
    bool takeBrace(QChar c, qsizetype at);

    std::vector<qsizetype> m_open;
    qsizetype m_values = 1;
    qsizetype m_firstEnd = -1;
    qsizetype m_unclosed = -1;
    qsizetype m_surplus = -1;
    qsizetype m_openText = -1;
    bool m_isTooDeep = false;
    bool m_hasTooMuch = false;
};

} // namespace mooring::interop
