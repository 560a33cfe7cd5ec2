// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/recordmembers.h"

#include <array>

namespace mooring::connections {

QJsonValue timeValue(const QDateTime &time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODateWithMs))
                          : QJsonValue(QJsonValue::Undefined);
}

QJsonValue timeValue(const std::optional<QDateTime> &time)
{
    return timeValue(time.value_or(QDateTime()));
}

namespace {

/// The very form that timeValue() writes; Qt's parser, which takes any form, is what start-up would
/// spend most of its time in.
QDateTime ownTimeFrom(const QString &text)
{
    static constexpr char16_t form[] = u"dddd-dd-ddTdd:dd:dd.dddZ";
    std::array<int, 7> fields = {};
    std::size_t field = 0;
    if (text.size() != static_cast<qsizetype>(std::size(form)) - 1) {
        return {};
    }
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text.at(i).unicode();
        if (form[i] != u'd') {
            ++field;
            if (c != form[i]) {
                return {};
            }
        } else if (c < u'0' || c > u'9') {
            return {};
        } else {
            fields.at(field) = fields.at(field) * 10 + (c - u'0');
        }
    }
    const auto [year, month, day, hour, minute, second, millisecond] = fields;
    return QDateTime(QDate(year, month, day), QTime(hour, minute, second, millisecond), Qt::UTC);
}

} // namespace

QDateTime timeFrom(const QJsonValue &value)
{
    const QString text = value.toString();
    const QDateTime own = ownTimeFrom(text);
    return own.isValid() || text.isEmpty() ? own : QDateTime::fromString(text, Qt::ISODateWithMs).toUTC();
}

std::optional<QDateTime> optionalTimeFrom(const QJsonValue &value)
{
    const QDateTime time = timeFrom(value);
    return time.isValid() ? std::optional(time) : std::nullopt;
}

void putText(QJsonObject *json, QLatin1StringView name, const QString &text)
{
    if (!text.isEmpty()) {
        json->insert(name, text);
    }
}

} // namespace mooring::connections
