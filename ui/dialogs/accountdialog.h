// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/connectionview.h"

#include <QDialog>

class QLineEdit;

namespace mooring::ui {

/// A name for the account that is signed in.
class AccountDialog final : public QDialog {
    Q_OBJECT
public:
    explicit AccountDialog(const text::ConnectionView &view, QWidget *parent = nullptr);

Q_SIGNALS:
    /// Empty: the one that the service tells.
    void labelEntered(const QString &label);

private:
    QLineEdit *m_label;
};

} // namespace mooring::ui
