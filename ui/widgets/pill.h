// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/wording.h"

#include <QFontMetrics>
#include <QPalette>

class QPainter;

namespace mooring::ui {

// How a connection is doing, in a word or two on a tinted ground with round ends.

/// The room that a pill with this text wants.
QSize pillSize(const QString &text, const QFontMetrics &metrics);
void paintPill(QPainter *painter, const QRectF &rect, const QString &text, text::Tone tone,
               const QPalette &palette);

} // namespace mooring::ui
