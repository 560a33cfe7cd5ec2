// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/pastedtext.h"

#include <QHash>
#include <QWidget>

class QComboBox;
class QLineEdit;
class QVBoxLayout;

namespace mooring::ui {

/// A field for each place in a paste that waits for something of the person's own. Nothing is sent in their
/// place as long as they are empty.
class PlaceholderFields final : public QWidget {
    Q_OBJECT
public:
    explicit PlaceholderFields(QWidget *parent = nullptr);

    /// What was typed for a name that is still asked for stays.
    void ask(const QList<interop::Blank> &blanks);
    bool isEmpty() const { return m_fields.isEmpty(); }
    /// What has been filled in, by name.
    QHash<QString, QString> values() const;
    void focusFirstEmpty();

Q_SIGNALS:
    void edited();
    /// Enter was pressed in one of them.
    void submitted();

private:
    struct Field {
        QString name;
        /// One of the two.
        QLineEdit *line = nullptr;
        QComboBox *choice = nullptr;

        QString value() const;
    };

    Field addField(const interop::Blank &blank, const QString &value);
    QWidget *makeEditor(const interop::Blank &blank, const QString &value, Field *field);

    QList<Field> m_fields;
    QVBoxLayout *m_column;
};

} // namespace mooring::ui
