// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QDialog;
class QWidget;

namespace mooring::ui {

/// What Mooring is, its version and its licence. Open it with open().
QDialog *makeAboutDialog(QWidget *parent);

} // namespace mooring::ui
