// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/settingstext.h"
#include "ui/widgets/plainlabel.h"

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace mooring::ui {

/// One setting of a sign-in: what it is called, where it is entered, one line that explains it, and
/// below that what is wrong with what was entered.
class SettingRow final : public QWidget {
    Q_OBJECT
public:
    /// A text to type, a box to tick or one of a few choices, as its kind says.
    explicit SettingRow(const text::SettingText &setting, QWidget *parent = nullptr);

    const QString &name() const { return m_name; }
    QString value() const;
    void setValue(const QString &value);
    /// Empty: nothing is wrong.
    void showProblem(const QString &sentence);

Q_SIGNALS:
    void edited();

private:
    QWidget *makeEditor(const text::SettingText &setting);

    QString m_name;
    /// The value, where the field shows its beginning only; empty where it shows all of it.
    QString m_uncut;
    QLineEdit *m_text = nullptr;
    QCheckBox *m_box = nullptr;
    QComboBox *m_choice = nullptr;
    PlainLabel *m_problem;
};

} // namespace mooring::ui
