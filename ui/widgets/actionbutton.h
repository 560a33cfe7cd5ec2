// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/icons.h"

#include <QPushButton>

#include <optional>

namespace mooring::ui {

/// A push button that can be the one that makes sense now: then it is filled with the accent.
class ActionButton final : public QPushButton {
    Q_OBJECT
public:
    explicit ActionButton(const QString &text, QWidget *parent = nullptr);
    void setPrimary(bool primary);
    bool isPrimary() const { return m_primary; }
    /// Stands before the text, in its colour. Instead of setIcon(), which only shows as long as the button
    /// isn't the primary one.
    void setSymbol(Symbol symbol);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    /// Enter clicks it, as it does in dialogs: in a window Qt only lets the space bar.
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void paintLabel(QPainter *painter, const QColor &color) const;

    bool m_primary = false;
    std::optional<Symbol> m_symbol;
};

} // namespace mooring::ui
