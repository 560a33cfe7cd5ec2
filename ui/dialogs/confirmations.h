// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/connectionview.h"

class QDialog;
class QWidget;

namespace mooring::ui {

/// What Disconnect does, and to whom; asked once. `accepted()` means yes. Open it with open().
QDialog *makeDisconnectConfirmation(const text::ConnectionView &view, QWidget *parent);
QDialog *makeRemoveConfirmation(const text::ConnectionView &view, QWidget *parent);

} // namespace mooring::ui
