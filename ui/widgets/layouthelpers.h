// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QLayout;
class QWidget;

namespace mooring::ui {

// Lengths in the window's own measure, and what QLayout has no function for.

/// A length in the window's own measure: `ems` times the height of the font.
int ems(const QWidget *widget, double ems);
/// A round width for columns of text: `characters` average letters.
int letters(const QWidget *widget, double characters);

/// Takes everything out; the widgets are hidden now and deleted when the event loop is back.
void clearLayout(QLayout *layout);

} // namespace mooring::ui
