// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/hairline.h"

#include "ui/widgets/statuscolors.h"

#include <QPainter>

namespace mooring::ui {

HairLine::HairLine(QWidget *parent)
    : QWidget(parent)
{
    setFixedHeight(1);
}

void HairLine::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), hairline(palette()));
}

} // namespace mooring::ui
