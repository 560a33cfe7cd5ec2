// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/wording.h"
#include "ui/widgets/icons.h"

#include <QWidget>

#include <optional>

namespace mooring::ui {

/// A dot in the colour of a tone, or a symbol in it. Only ever beside words that say the same.
class StatusMark final : public QWidget {
    Q_OBJECT
public:
    explicit StatusMark(text::Tone tone = text::Tone::Neutral, std::optional<Symbol> symbol = std::nullopt,
                        QWidget *parent = nullptr);
    void setTone(text::Tone tone);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    text::Tone m_tone;
    std::optional<Symbol> m_symbol;
};

} // namespace mooring::ui
