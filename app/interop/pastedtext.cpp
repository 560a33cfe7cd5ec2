// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/pastedtext.h"

namespace mooring::interop {

void PastedText::append(const QString &fixed)
{
    m_fixed.last() += fixed;
}

void PastedText::append(const Blank &blank)
{
    m_blanks.append(blank);
    m_fixed.append(QString());
}

void PastedText::setSecret(bool isSecret)
{
    for (Blank &blank : m_blanks) {
        blank.isSecret = isSecret;
    }
}

QString PastedText::text() const
{
    QString all = m_fixed.first();
    for (qsizetype i = 0; i < m_blanks.size(); ++i) {
        all += m_blanks.at(i).written + m_fixed.at(i + 1);
    }
    return all;
}

PastedText PastedText::filled(const QHash<QString, QString> &values) const
{
    PastedText result(m_fixed.first());
    for (qsizetype i = 0; i < m_blanks.size(); ++i) {
        const Blank &blank = m_blanks.at(i);
        if (const auto value = values.constFind(blank.name); value != values.constEnd()) {
            result.append(*value);
        } else {
            result.append(blank);
        }
        result.append(m_fixed.at(i + 1));
    }
    return result;
}

} // namespace mooring::interop
