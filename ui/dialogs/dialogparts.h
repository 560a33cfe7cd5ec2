// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/connectionview.h"
#include "ui/widgets/plainlabel.h"

class QDialog;
class QDialogButtonBox;

namespace mooring::ui {

// What several small dialogs have in common.

PlainLabel *labelFor(const QString &text, QWidget *field);
/// `yes` and Cancel, connected to the dialog.
QDialogButtonBox *buttonsFor(QDialog *dialog, const QString &yes);
/// The host where somebody signs in to that connection; before a sign-in, the server's.
QString serviceOf(const text::ConnectionView &view);

} // namespace mooring::ui
