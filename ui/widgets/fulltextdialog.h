// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QTimer>

class QPlainTextEdit;

namespace mooring::ui {

/// A text of any length and any origin to be read in full. It comes in pieces while the window has nothing
/// else to do, in lines short enough that none of them takes long to lay out: what is far down costs nothing
/// before somebody scrolls there.
class FullTextDialog final : public QDialog {
    Q_OBJECT
public:
    /// Nobody reads more, and a server could send any amount.
    static constexpr qsizetype longest = 200'000;

    FullTextDialog(const QString &title, const QString &whole, QWidget *parent = nullptr);

    bool isComplete() const { return m_at >= m_whole.size(); }

private:
    void addPieces();
    /// The next line, made fit to be shown.
    QString takePiece();

    QString m_whole;
    qsizetype m_at = 0;
    /// What has been shown so far, with the line breaks that the text itself has.
    QString m_shown;
    QTimer m_feed;
    QPlainTextEdit *m_view;
};

} // namespace mooring::ui
