// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/blanks.h"

namespace mooring::interop {

/// One pass over a short text; see readBlanks().
class BlankScanner final {
public:
    BlankScanner(const QString &text, const Surroundings &around, const QString &place)
        : m_text(text)
        , m_around(around)
        , m_place(place)
    {
    }

    PastedText scan();

private:
    bool takeDollar();
    bool takeBraced(qsizetype start, qsizetype end);
    bool takeBrace();
    bool takeMarks();
    bool takePercent();
    bool takeWord();
    bool takeDots();
    qsizetype dotsAt(qsizetype at) const;
    bool isStandInHere(QStringView word) const;
    bool isUrl() const { return m_text.startsWith(QLatin1String("http"), Qt::CaseInsensitive); }

    /// What is between `opener` at m_at and `closer`, if that comes soon; else an empty view.
    QStringView between(QStringView opener, QStringView closer) const;
    QStringView nameAt(qsizetype at) const;
    QString placeHere() const;
    void takeVariable(const QString &content, qsizetype length);
    void takeBlank(Blank blank, qsizetype length);

    const QString m_text;
    const Surroundings &m_around;
    const QString m_place;
    PastedText m_result;
    qsizetype m_at = 0;
};

} // namespace mooring::interop
