// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/wording.h"

#include <QFrame>

#include <optional>

namespace mooring::ui {

/// A quiet surface with round corners; tinted if it has a tone.
class CardFrame : public QFrame {
    Q_OBJECT
public:
    explicit CardFrame(QWidget *parent = nullptr);
    void setTone(std::optional<text::Tone> tone);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::optional<text::Tone> m_tone;
};

} // namespace mooring::ui
