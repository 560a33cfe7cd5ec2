// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

namespace mooring::cli {

/// One question to a person, made from one property of the schema.
struct Field {
    enum class Kind { Text, Number, Integer, YesOrNo, Choice };

    QString name;
    Kind kind = Kind::Text;
    bool isRequired = false;
    QString title = {};
    QString description = {};
    /// Of Choice: the values, and what they are called.
    QStringList values = {};
    QStringList titles = {};
    /// Taken where nothing is typed; undefined for none.
    QJsonValue otherwise = QJsonValue::Undefined;
};

/// Errors: Protocol for a schema that asks for more than flat values.
base::Result<QList<Field>> fieldsOf(const QJsonObject &schema);
/// The lines to show, fit to be shown.
QString questionText(const Field &field);
/// What a typed line means; undefined for nothing typed where that is allowed. Errors: InvalidInput.
base::Result<QJsonValue> valueOf(const Field &field, const QString &typed);

} // namespace mooring::cli
