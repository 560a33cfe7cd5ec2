// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/toolheaders.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "mcp/negotiatedprotocol.h"

#include <QJsonArray>

#include <algorithm>
#include <cmath>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

constexpr auto annotation = "x-mcp-header"_L1;
/// The largest integer that every JSON reader takes as it is: 2^53 - 1.
constexpr double largestInteger = 9007199254740991.0;

/// RFC 9110 section 5.6.2.
bool isToken(const QString &text)
{
    constexpr QByteArrayView others = "!#$%&'*+-.^_`|~";
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [others](QChar c) {
        const char16_t u = c.unicode();
        return (u >= u'a' && u <= u'z') || (u >= u'A' && u <= u'Z') || (u >= u'0' && u <= u'9')
               || (u < 0x80 && others.contains(static_cast<char>(u)));
    });
}

/// One of the three types, alone or beside null.
bool hasFittingType(const QJsonObject &schema)
{
    const QJsonValue type = schema.value("type"_L1);
    QStringList types;
    const QJsonArray several = type.isString() ? QJsonArray{type} : type.toArray();
    for (const QJsonValue one : several) {
        types.append(one.toString());
    }
    types.removeAll(u"null"_s);
    const QString only = types.size() == 1 ? types.first() : QString();
    return only == "string"_L1 || only == "integer"_L1 || only == "boolean"_L1;
}

/// Keywords whose members are names, each with a schema (JSON Schema 2020-12, core, section 10).
bool holdsNamedSchemas(const QString &keyword)
{
    return keyword == "properties"_L1 || keyword == "patternProperties"_L1 || keyword == "$defs"_L1
           || keyword == "definitions"_L1 || keyword == "dependentSchemas"_L1;
}

/// Keywords whose values are data, not schemas.
bool holdsData(const QString &keyword)
{
    return keyword == "enum"_L1 || keyword == "const"_L1 || keyword == "default"_L1
           || keyword == "examples"_L1;
}

std::optional<QByteArray> valueText(const QJsonValue &value)
{
    if (value.isString()) {
        return headerValue(value.toString());
    }
    if (value.isBool()) {
        return value.toBool() ? "true"_ba : "false"_ba;
    }
    const double number = value.toDouble();
    if (value.isDouble() && std::abs(number) <= largestInteger && std::trunc(number) == number) {
        return QByteArray::number(value.toInteger());
    }
    return std::nullopt;
}

} // namespace

base::Result<ToolHeaders> ToolHeaders::fromSchema(const QJsonObject &inputSchema)
{
    ToolHeaders headers;
    const QString fault = headers.collect(inputSchema, {}, true);
    if (!fault.isEmpty()) {
        return base::failed(
            makeError(base::ErrorKind::Protocol, Words::tr("The tool is described wrongly."), fault));
    }
    return headers;
}

/// Everything of one schema; what is wrong with it, if anything.
QString ToolHeaders::collect(const QJsonObject &schema, const QStringList &path, bool isReachable)
{
    for (auto member = schema.begin(); member != schema.end(); ++member) {
        QString fault;
        if (member.value().isNull()) {
            continue;
        }
        if (member.key() == annotation) {
            fault = take(schema, path, isReachable);
        } else if (member.key() == "properties"_L1 && isReachable) {
            const QJsonObject properties = member.value().toObject();
            for (auto one = properties.begin(); one != properties.end() && fault.isEmpty(); ++one) {
                fault = collect(one.value().toObject(), path + QStringList(one.key()), true);
            }
        } else if (!holdsData(member.key())) {
            fault = searchElsewhere(member.key(), member.value());
        }
        if (!fault.isEmpty()) {
            return fault;
        }
    }
    return {};
}

QString ToolHeaders::take(const QJsonObject &schema, const QStringList &path, bool isReachable)
{
    const QString name = schema.value(annotation).toString();
    if (!isReachable || path.isEmpty()) {
        return u"x-mcp-header on something that is no plain property"_s;
    }
    if (!isToken(name)) {
        return u"x-mcp-header that is no header name: "_s + base::displayText(name, 40);
    }
    if (!hasFittingType(schema)) {
        return u"x-mcp-header on a property that is no string, integer or boolean"_s;
    }
    const QByteArray header = "Mcp-Param-" + name.toLatin1();
    const bool isTaken = std::any_of(m_mirrors.begin(), m_mirrors.end(), [&header](const Mirror &other) {
        return other.header.compare(header, Qt::CaseInsensitive) == 0;
    });
    if (isTaken) {
        return u"the same x-mcp-header twice: "_s + base::displayText(name, 40);
    }
    m_mirrors.append({header, path});
    return {};
}

/// Where no annotation may be: behind array, composition and conditional keywords, definitions.
QString ToolHeaders::searchElsewhere(const QString &keyword, const QJsonValue &value)
{
    QJsonArray schemas = value.toArray();
    if (value.isObject() && holdsNamedSchemas(keyword)) {
        const QJsonObject named = value.toObject();
        std::copy(named.begin(), named.end(), std::back_inserter(schemas));
    } else if (value.isObject()) {
        schemas.append(value);
    }
    for (const QJsonValue schema : std::as_const(schemas)) {
        if (const QString fault = collect(schema.toObject(), {}, false); !fault.isEmpty()) {
            return fault;
        }
    }
    return {};
}

http::Headers ToolHeaders::forArguments(const QJsonObject &arguments) const
{
    http::Headers headers;
    for (const Mirror &mirror : m_mirrors) {
        QJsonValue value = arguments;
        for (const QString &step : mirror.path) {
            value = value.toObject().value(step);
        }
        if (const std::optional<QByteArray> text = valueText(value)) {
            headers.add(mirror.header, *text);
        }
    }
    return headers;
}

} // namespace mooring::mcp
