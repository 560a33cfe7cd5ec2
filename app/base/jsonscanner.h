// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArrayView>
#include <QString>

#include <vector>

namespace mooring::base {

/// Recursive descent over RFC 8259 that only judges, under the rules of strictjson.h; the value is made by
/// Qt afterwards, which is several times faster than putting objects together member by member.
class JsonScanner final {
public:
    /// `list` names a member of the root whose array is remembered, with its elements.
    explicit JsonScanner(QByteArrayView bytes, QByteArrayView list = {})
        : m_bytes(bytes)
        , m_listName(list)
    {
    }

    /// Errors: Protocol, with the place of the first problem.
    Result<void> scan();

    /// After a good scan(): the text of that array, empty if there is none, and of its elements.
    QByteArrayView list() const { return m_list; }
    const std::vector<QByteArrayView> &elements() const { return m_elements; }

private:
    void refuse(const QString &problem)
    {
        if (m_problem.isEmpty()) {
            m_problem = problem;
        }
    }
    bool isGood() const { return m_problem.isEmpty(); }
    char peek() const { return m_at < m_bytes.size() ? m_bytes[m_at] : '\0'; }
    bool take(char expected)
    {
        if (m_at < m_bytes.size() && m_bytes[m_at] == expected) {
            ++m_at;
            return true;
        }
        return false;
    }
    void skipSpace()
    {
        while (m_at < m_bytes.size()
               && (m_bytes[m_at] == ' ' || m_bytes[m_at] == '\t' || m_bytes[m_at] == '\n'
                   || m_bytes[m_at] == '\r')) {
            ++m_at;
        }
    }

    void scanValue(int depth);
    void scanObject(int depth);
    void scanArray(int depth);
    void scanMember(int depth, const QByteArray &name);
    void scanLiteral(QByteArrayView text);
    void scanNumber();
    /// The text in UTF-8; a view of the document itself where nothing is escaped.
    QByteArray scanString();
    /// To the next quote or backslash.
    QByteArrayView scanRun();
    QString scanEscape();
    char16_t scanHex4();
    qsizetype skipDigits();

    QByteArrayView m_bytes;
    QByteArrayView m_listName;
    QByteArrayView m_list;
    std::vector<QByteArrayView> m_elements;
    bool m_isInList = false;
    qsizetype m_at = 0;
    /// Empty as long as all is well.
    QString m_problem;
};

} // namespace mooring::base
