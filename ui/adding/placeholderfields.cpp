// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/placeholderfields.h"

#include "base/words.h"
#include "ui/widgets/excerpt.h"
#include "ui/widgets/layouthelpers.h"
#include "ui/widgets/plainlabel.h"

#include <QComboBox>
#include <QLineEdit>
#include <QVBoxLayout>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

PlaceholderFields::PlaceholderFields(QWidget *parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    setObjectName(u"placeholderFields"_s);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(ems(this, 0.25));
}

QString PlaceholderFields::Field::value() const
{
    return (choice ? choice->currentData().toString() : line->text()).trimmed();
}

void PlaceholderFields::ask(const QList<interop::Blank> &blanks)
{
    const QHash<QString, QString> before = values();
    clearLayout(m_column);
    m_fields.clear();
    if (!blanks.isEmpty()) {
        m_column->addWidget(
            wrapped(Words::tr("The instructions leave these to you:"), PlainLabel::Ink::Muted));
    }
    for (const interop::Blank &blank : blanks) {
        m_fields.append(addField(blank, before.value(blank.name, blank.suggestion)));
    }
}

PlaceholderFields::Field PlaceholderFields::addField(const interop::Blank &blank, const QString &value)
{
    const QString name = shownText(blank.name, 60);
    Field field;
    field.name = blank.name;
    QWidget *editor = makeEditor(blank, value, &field);
    editor->setObjectName(u"placeholderField"_s);
    editor->setAccessibleName(name);
    const QString description = shownText(blank.description, 200);
    editor->setAccessibleDescription(description);
    m_column->addWidget(singleLine(name, PlainLabel::Ink::Bold));
    m_column->addWidget(editor);
    if (!description.isEmpty()) {
        m_column->addWidget(wrapped(description, PlainLabel::Ink::Muted));
    }
    return field;
}

QWidget *PlaceholderFields::makeEditor(const interop::Blank &blank, const QString &value, Field *field)
{
    if (!blank.choices.isEmpty()) {
        field->choice = new QComboBox;
        for (const QString &one : blank.choices) {
            field->choice->addItem(shownText(one, 80), one);
        }
        field->choice->setCurrentIndex(qMax(0, field->choice->findData(value)));
        connect(field->choice, &QComboBox::currentIndexChanged, this, &PlaceholderFields::edited);
        return field->choice;
    }
    field->line = new QLineEdit(value);
    field->line->setMaxLength(8192);
    if (blank.isSecret) {
        field->line->setEchoMode(QLineEdit::Password);
    }
    connect(field->line, &QLineEdit::textChanged, this, &PlaceholderFields::edited);
    connect(field->line, &QLineEdit::returnPressed, this, &PlaceholderFields::submitted);
    return field->line;
}

QHash<QString, QString> PlaceholderFields::values() const
{
    QHash<QString, QString> values;
    for (const Field &field : m_fields) {
        if (const QString value = field.value(); !value.isEmpty()) {
            values.insert(field.name, value);
        }
    }
    return values;
}

void PlaceholderFields::focusFirstEmpty()
{
    for (const Field &field : std::as_const(m_fields)) {
        if (field.line && field.line->text().isEmpty()) {
            field.line->setFocus();
            return;
        }
    }
}

} // namespace mooring::ui
