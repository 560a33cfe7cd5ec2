// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/connectionview.h"

#include <QMessageBox>

namespace mooring::ui {

/// Removing was not possible because disconnecting was not. What loses nothing comes first: Enter never
/// leaves a sign-in behind at the service.
class ForceRemoveDialog final : public QMessageBox {
    Q_OBJECT
public:
    ForceRemoveDialog(const text::ConnectionView &view, const base::Error &error, QWidget *parent = nullptr);

Q_SIGNALS:
    /// Only offered where the keychain is locked.
    void unlockChosen();
    void removeChosen();
};

} // namespace mooring::ui
