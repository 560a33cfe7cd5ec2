// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/settingrow.h"

#include "ui/widgets/excerpt.h"
#include "ui/widgets/layouthelpers.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using text::SettingText;

SettingRow::SettingRow(const SettingText &setting, QWidget *parent)
    : QWidget(parent)
    , m_name(setting.name)
    , m_problem(wrapped({}))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(ems(this, 0.2));
    QWidget *editor = makeEditor(setting);
    editor->setObjectName(setting.name + u"Editor"_s);
    editor->setAccessibleName(setting.title);
    editor->setAccessibleDescription(setting.explanation);
    if (!m_box) {
        PlainLabel *title = singleLine(setting.title);
        title->setBuddy(editor);
        column->addWidget(title);
    }
    column->addWidget(editor);
    column->addWidget(wrapped(setting.explanation, PlainLabel::Ink::Muted));
    m_problem->setObjectName(setting.name + u"ProblemLabel"_s);
    m_problem->setTone(text::Tone::Attention);
    m_problem->hide();
    column->addWidget(m_problem);
    setFocusProxy(editor);
}

QWidget *SettingRow::makeEditor(const SettingText &setting)
{
    const auto onEdit = [this] {
        showProblem({});
        Q_EMIT edited();
    };
    switch (setting.kind) {
    case SettingText::Kind::Switch:
        m_box = new QCheckBox(setting.title);
        connect(m_box, &QCheckBox::toggled, this, onEdit);
        return m_box;
    case SettingText::Kind::Choice:
        m_choice = new QComboBox;
        for (const auto &[value, title] : setting.choices) {
            m_choice->addItem(title, value);
        }
        // A long choice must not make the window wide.
        m_choice->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        m_choice->setMinimumContentsLength(20);
        connect(m_choice, &QComboBox::currentIndexChanged, this, onEdit);
        return m_choice;
    case SettingText::Kind::Text:
        break;
    }
    m_text = new QLineEdit;
    m_text->setPlaceholderText(setting.form);
    connect(m_text, &QLineEdit::textChanged, this, [this, onEdit] {
        m_uncut.clear();
        onEdit();
    });
    return m_text;
}

QString SettingRow::value() const
{
    if (m_box) {
        return m_box->isChecked() ? u"yes"_s : u"no"_s;
    }
    if (m_choice) {
        return m_choice->currentData().toString();
    }
    return m_uncut.isEmpty() ? m_text->text() : m_uncut;
}

void SettingRow::setValue(const QString &value)
{
    if (m_box) {
        m_box->setChecked(value == "yes"_L1);
    } else if (m_choice) {
        m_choice->setCurrentIndex(qMax(0, m_choice->findData(value)));
    } else {
        // What is seen is what is saved; of what is too much to be seen nothing is lost unless it is edited.
        const Excerpt excerpt = excerptOf(value, 4000);
        m_text->setText(excerpt.text);
        m_uncut = excerpt.isCut ? value : QString();
    }
}

void SettingRow::showProblem(const QString &sentence)
{
    m_problem->setText(shownText(sentence, 400));
    m_problem->setVisible(!sentence.isEmpty());
}

} // namespace mooring::ui
