// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "text/connectionview.h"

#include <QDialog>

class QLineEdit;

namespace mooring::ui {

/// Asks for the value of a header key, and for the header's name.
class KeyDialog final : public QDialog {
    Q_OBJECT
public:
    explicit KeyDialog(const text::ConnectionView &view, QWidget *parent = nullptr);

Q_SIGNALS:
    void keyEntered(const QString &headerName, const mooring::base::Secret &value);

private:
    QLineEdit *m_header;
    QLineEdit *m_value;
};

} // namespace mooring::ui
