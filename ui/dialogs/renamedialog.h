// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/connectionview.h"

#include <QDialog>

class QLineEdit;

namespace mooring::ui {

/// Asks for another name of the connection.
class RenameDialog final : public QDialog {
    Q_OBJECT
public:
    explicit RenameDialog(const text::ConnectionView &view, QWidget *parent = nullptr);

Q_SIGNALS:
    void nameEntered(const QString &name);

private:
    QLineEdit *m_name;
};

} // namespace mooring::ui
