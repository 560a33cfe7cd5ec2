// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace mooring::interop {

/// A value of JSON, TOML or YAML, with the members of objects in the order in which they were written: apps
/// have the same shapes in all three languages. Small by construction, see the limits in the readers.
struct Value {
    enum class Kind { Nothing, Text, Number, Truth, List, Object };

    Kind kind = Kind::Nothing;
    /// Of Text; of Number and Truth as it is written.
    QString text = {};
    /// Of an Object: the names of `items`, one each.
    QStringList names = {};
    /// Of a List, or the members of an Object.
    QList<Value> items = {};

    bool isText() const { return kind == Kind::Text; }
    bool isList() const { return kind == Kind::List; }
    bool isObject() const { return kind == Kind::Object; }
    bool isTrue() const { return kind == Kind::Truth && text == QLatin1String("true"); }
    bool isFalse() const { return kind == Kind::Truth && text == QLatin1String("false"); }

    /// A member of that name; null if there is none.
    const Value *find(QStringView name) const;
    /// The text of the first of these members that has one, without spaces around it; else empty.
    QString textOf(const QStringList &members) const;
};

/// No list of servers has more values, or is nested more deeply. What has is refused before it costs memory.
constexpr qsizetype maximumValues = 20'000;
constexpr int maximumDepth = 64;

} // namespace mooring::interop
