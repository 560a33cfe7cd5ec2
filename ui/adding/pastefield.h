// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

namespace mooring::ui {

/// One line in which anything can be pasted. A QLineEdit makes spaces of line breaks and cuts a long text
/// without a word; here what was pasted stays as it is, and only its beginning is shown.
class PasteField final : public QLineEdit {
    Q_OBJECT
public:
    explicit PasteField(QWidget *parent = nullptr);

    /// What was typed or pasted, with its line breaks.
    QString whole() const { return m_whole.isEmpty() ? text() : m_whole; }
    /// As if it had been pasted over everything.
    void take(const QString &pasted);

Q_SIGNALS:
    void wholeChanged();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void paste(const QString &text);

    /// Empty if the field shows all of it.
    QString m_whole;
};

} // namespace mooring::ui
