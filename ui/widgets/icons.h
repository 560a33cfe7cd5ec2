// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPalette>

namespace mooring::ui {

/// The symbolic icons of resources/icons, by file name.
enum class Symbol {
    Add,
    Menu,
    Search,
    Check,
    Dash,
    Warning,
    Error,
    Key,
    Link,
    Copy,
    Refresh,
    Back,
    Close,
    Browser,
    More
};

/// An icon that takes the colour of the text of whatever shows it; drawn from SVG when it is painted,
/// so it is sharp at every scale and follows the palette.
QIcon icon(Symbol symbol, QPalette::ColorRole role = QPalette::ButtonText);
/// Paints a symbol in one colour.
void paintSymbol(QPainter *painter, const QRectF &rect, Symbol symbol, const QColor &color);
QIcon applicationIcon();

} // namespace mooring::ui
