// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/actionbutton.h"
#include "ui/widgets/headerrow.h"

class QVBoxLayout;

namespace mooring::ui {

class ActionButton;

/// The headers that a server is to get with every request, each in a row of its own.
class HeaderRows final : public QWidget {
    Q_OBJECT
public:
    /// Nobody needs more, and a paste could bring hundreds.
    static constexpr qsizetype maximumRows = 16;

    explicit HeaderRows(QWidget *parent = nullptr);

    /// In place of all that are there; one empty row if there are none.
    void setHeaders(const QList<connections::TypedHeader> &headers);
    /// The same for those of a connection: a secret one without a value is stored, and stays unless another
    /// value is typed.
    void setStoredHeaders(const QList<connections::TypedHeader> &headers);
    /// Those that have a value.
    QList<connections::TypedHeader> headers() const;
    bool isEmpty() const;
    /// There are some, and all of them can be sent.
    bool isComplete() const;
    /// One of them is the header that a sign-in would use.
    bool hasAuthorization() const;
    /// For a server that has refused them; empty for none.
    QString alternativeText() const;
    void takeAlternative();
    void focusFirst();

Q_SIGNALS:
    void edited();
    void submitted();

private:
    HeaderRow *addRow();
    void removeRow(HeaderRow *row);
    void onRowsChanged();
    HeaderRow *rowWithAlternative() const;

    QList<HeaderRow *> m_rows;
    QVBoxLayout *m_column;
    ActionButton *m_more;
};

} // namespace mooring::ui
