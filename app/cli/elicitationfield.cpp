// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/elicitationfield.h"

#include "base/displaytext.h"
#include "base/words.h"

#include <QJsonArray>

#include <cmath>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Words;

namespace {

/// Nobody answers more than these.
constexpr qsizetype maximumFields = 50;
constexpr qsizetype maximumChoices = 200;

std::unexpected<base::Error> mistake(const QString &sentence)
{
    return base::failed(base::makeError(ErrorKind::InvalidInput, sentence));
}

/// MCP elicitation, "Enum Schema": a list of `const` with titles, or `enum` with the older `enumNames`.
void readChoices(const QJsonObject &property, Field *field)
{
    const QJsonArray names = property["enumNames"_L1].toArray();
    const QJsonArray values = property["enum"_L1].toArray();
    for (qsizetype i = 0; i < values.size(); ++i) {
        field->values.append(values.at(i).toString());
        field->titles.append(names.at(i).toString(values.at(i).toString()));
    }
    for (const QJsonValue choice : property["oneOf"_L1].toArray()) {
        field->values.append(choice["const"_L1].toString());
        field->titles.append(choice["title"_L1].toString(field->values.last()));
    }
    if (!field->values.isEmpty()) {
        field->kind = Field::Kind::Choice;
    }
}

Result<Field> fieldOf(const QString &name, const QJsonObject &property)
{
    Field field{name};
    field.title = property["title"_L1].toString();
    field.description = property["description"_L1].toString();
    field.otherwise = property.value("default"_L1);
    const QString type = property["type"_L1].toString(u"string"_s);
    if (type == "number"_L1) {
        field.kind = Field::Kind::Number;
    } else if (type == "integer"_L1) {
        field.kind = Field::Kind::Integer;
    } else if (type == "boolean"_L1) {
        field.kind = Field::Kind::YesOrNo;
    } else if (type != "string"_L1) {
        return base::failed(base::makeError(
            ErrorKind::Protocol, Words::tr("The server asks for something that can't be typed here."),
            u"elicitation of type "_s + base::displayText(type, 40)));
    } else {
        readChoices(property, &field);
    }
    if (field.values.size() > maximumChoices) {
        return base::failed(
            base::makeError(ErrorKind::Protocol, Words::tr("The server offers too many choices.")));
    }
    return field;
}

Result<QJsonValue> choiceOf(const Field &field, const QString &typed)
{
    bool isNumber = false;
    const int number = typed.toInt(&isNumber);
    if (isNumber && number >= 1 && number <= field.values.size()) {
        return QJsonValue(field.values.at(number - 1));
    }
    if (field.values.contains(typed)) {
        return QJsonValue(typed);
    }
    return mistake(Words::tr("Type the number of one of them."));
}

Result<QJsonValue> numberOf(const Field &field, const QString &typed)
{
    bool isNumber = false;
    const double number = typed.toDouble(&isNumber);
    if (!isNumber || !std::isfinite(number)) {
        return mistake(Words::tr("That is no number."));
    }
    if (field.kind == Field::Kind::Integer && number != std::floor(number)) {
        return mistake(Words::tr("It has to be a whole number."));
    }
    return QJsonValue(number);
}

} // namespace

Result<QList<Field>> fieldsOf(const QJsonObject &schema)
{
    const QJsonObject properties = schema["properties"_L1].toObject();
    const QJsonArray required = schema["required"_L1].toArray();
    if (properties.size() > maximumFields) {
        return base::failed(base::makeError(ErrorKind::Protocol, Words::tr("The server asks for too much.")));
    }
    QList<Field> fields;
    for (auto it = properties.begin(); it != properties.end(); ++it) {
        Result<Field> field = fieldOf(it.key(), it.value().toObject());
        if (!field) {
            return base::failed(field.error());
        }
        field->isRequired = required.contains(it.key());
        fields.append(*field);
    }
    return fields;
}

QString questionText(const Field &field)
{
    const QString name = base::displayText(field.title.isEmpty() ? field.name : field.title, 100);
    QStringList lines = {name + (field.isRequired ? QString() : u' ' + Words::tr("(Enter to leave it out)"))};
    if (!field.description.isEmpty()) {
        lines.append(u"  "_s + base::displayText(field.description, 400));
    }
    for (qsizetype i = 0; i < field.titles.size(); ++i) {
        lines.append(u"  %1. %2"_s.arg(i + 1).arg(base::displayText(field.titles.at(i), 100)));
    }
    if (field.kind == Field::Kind::YesOrNo) {
        lines.append(u"  "_s + Words::tr("y or n"));
    }
    if (!field.otherwise.isUndefined()) {
        lines.append(u"  "_s
                     + Words::tr("Enter takes: %1")
                           .arg(base::displayText(field.otherwise.toVariant().toString(), 100)));
    }
    return lines.join(u'\n');
}

Result<QJsonValue> valueOf(const Field &field, const QString &typed)
{
    const QString text = typed.trimmed();
    if (text.isEmpty()) {
        if (field.isRequired && field.otherwise.isUndefined()) {
            return mistake(Words::tr("The server needs this one."));
        }
        return field.otherwise;
    }
    switch (field.kind) {
    case Field::Kind::Text:
        break;
    case Field::Kind::Choice:
        return choiceOf(field, text);
    case Field::Kind::Number:
    case Field::Kind::Integer:
        return numberOf(field, text);
    case Field::Kind::YesOrNo:
        if (text.compare(u"y"_s, Qt::CaseInsensitive) == 0
            || text.compare(u"yes"_s, Qt::CaseInsensitive) == 0) {
            return QJsonValue(true);
        }
        if (text.compare(u"n"_s, Qt::CaseInsensitive) == 0
            || text.compare(u"no"_s, Qt::CaseInsensitive) == 0) {
            return QJsonValue(false);
        }
        return mistake(Words::tr("Type y or n."));
    }
    return QJsonValue(typed);
}

} // namespace mooring::cli
