// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/page/schematext.h"

#include "ui/widgets/excerpt.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestKey = 80;
constexpr qsizetype longestValue = 160;
constexpr qsizetype indentWidth = 4;
constexpr qsizetype widestIndent = 40;

/// As JSON writes it, so that what is copied is JSON again.
QString quoted(const QString &text, qsizetype limit)
{
    const QJsonArray alone{shownText(text, limit)};
    return QString::fromUtf8(QJsonDocument(alone).toJson(QJsonDocument::Compact)).sliced(1).chopped(1);
}

QString scalarText(const QJsonValue &value)
{
    if (value.isString()) {
        return quoted(value.toString(), longestValue);
    }
    const QJsonArray alone{value};
    return QString::fromUtf8(QJsonDocument(alone).toJson(QJsonDocument::Compact)).sliced(1).chopped(1);
}

} // namespace

SchemaText::SchemaText(const QJsonObject &schema, qsizetype maximumLines)
    : m_maximum(maximumLines)
{
    append(0, {}, schema, {});
    if (m_isCut) {
        m_lines.append(u"…"_s);
    }
}

void SchemaText::addLine(qsizetype depth, const QString &text)
{
    if (m_lines.size() >= m_maximum) {
        m_isCut = true;
        return;
    }
    m_lines.append(QString(std::min(depth * indentWidth, widestIndent), u' ') + text);
}

void SchemaText::append(qsizetype depth, const QString &before, const QJsonValue &value, const QString &after)
{
    if (value.isObject() && !value.toObject().isEmpty()) {
        addLine(depth, before + u'{');
        appendMembers(depth + 1, value.toObject());
        addLine(depth, u'}' + after);
    } else if (value.isArray() && !value.toArray().isEmpty()) {
        addLine(depth, before + u'[');
        appendEntries(depth + 1, value.toArray());
        addLine(depth, u']' + after);
    } else {
        addLine(depth, before + scalarText(value) + after);
    }
}

void SchemaText::appendMembers(qsizetype depth, const QJsonObject &object)
{
    qsizetype left = object.size();
    for (auto it = object.begin(); it != object.end() && !m_isCut; ++it) {
        append(depth, quoted(it.key(), longestKey) + u": "_s, it.value(), --left > 0 ? u","_s : QString());
    }
}

void SchemaText::appendEntries(qsizetype depth, const QJsonArray &array)
{
    qsizetype left = array.size();
    for (auto it = array.begin(); it != array.end() && !m_isCut; ++it) {
        append(depth, {}, *it, --left > 0 ? u","_s : QString());
    }
}

} // namespace mooring::ui
