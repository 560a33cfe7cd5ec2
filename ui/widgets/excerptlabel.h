// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/plainlabel.h"

class QToolButton;

namespace mooring::ui {

/// A wrapped text that may have any length: as much of it as a person reads, and a button that shows all of
/// it where that is not everything.
class ExcerptLabel final : public QWidget {
    Q_OBJECT
public:
    explicit ExcerptLabel(qsizetype limit, PlainLabel::Ink ink = PlainLabel::Ink::Normal,
                          QWidget *parent = nullptr);
    ExcerptLabel(const QString &whole, qsizetype limit, PlainLabel::Ink ink = PlainLabel::Ink::Normal);

    void setText(const QString &whole);
    /// A text that has been cut by somebody else.
    void setText(const QString &shown, const QString &whole);
    /// The part that is shown.
    PlainLabel *label() const { return m_label; }

private:
    void setAllVisible(bool visible);
    void showAll();

    qsizetype m_limit;
    QString m_whole;
    PlainLabel *m_label;
    /// Made when it is first needed.
    QToolButton *m_all = nullptr;
};

/// For a text that does not change: a plain label where nothing is cut, because there are many of them.
QWidget *makeExcerpt(const QString &whole, qsizetype limit, PlainLabel::Ink ink = PlainLabel::Ink::Normal);

} // namespace mooring::ui
