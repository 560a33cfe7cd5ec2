// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demotools.h"

#include "base/displaytext.h"

#include <QDateTime>
#include <QJsonArray>
#include <QStringList>
#include <QTimeZone>

#include <memory>

namespace mooring::demo {

using namespace Qt::StringLiterals;

namespace {

/// Half a lunar day: from one high water to the next.
constexpr qint64 tideSeconds = 44714;

QJsonObject property(const QString &type, const QString &description)
{
    return {{u"type"_s, type}, {u"description"_s, description}};
}

QJsonObject schema(const QJsonObject &properties = {}, const QStringList &required = {})
{
    return {{u"type"_s, u"object"_s},
            {u"properties"_s, properties},
            {u"required"_s, QJsonArray::fromStringList(required)}};
}

QDate dateIn(const QJsonObject &arguments)
{
    const QString text = arguments.value("date"_L1).toString();
    return text.isEmpty() ? QDate::currentDate() : QDate::fromString(text, Qt::ISODate);
}

ToolAnswer badDate()
{
    return {u"The date has to look like 2026-11-20."_s, true};
}

ToolAnswer tideTimes(const QJsonObject &arguments)
{
    const QDate date = dateIn(arguments);
    if (!date.isValid()) {
        return badDate();
    }
    const qint64 start = date.startOfDay(Qt::UTC).toSecsSinceEpoch();
    QStringList lines = {u"Northport, %1 (UTC)"_s.arg(date.toString(Qt::ISODate))};
    // High and low water take turns, each half a tide after the other.
    qint64 half = start / (tideSeconds / 2) + 1;
    for (; half * (tideSeconds / 2) < start + 86400; ++half) {
        const auto at = QDateTime::fromSecsSinceEpoch(half * (tideSeconds / 2), Qt::UTC);
        const bool isHigh = half % 2 == 0;
        const double metres = (isHigh ? 4.1 : 0.9) + double(half % 7) / 10;
        lines.append(u"%1  %2 water  %3 m"_s.arg(at.toString(u"HH:mm"_s), isHigh ? u"high"_s : u"low "_s,
                                                 QString::number(metres, 'f', 1)));
    }
    return {lines.join(u'\n')};
}

ToolAnswer harbourWeather(const QJsonObject &arguments)
{
    const QDate date = dateIn(arguments);
    if (!date.isValid()) {
        return badDate();
    }
    const QStringList skies = {u"clear"_s, u"hazy"_s, u"cloudy"_s, u"light rain"_s, u"showers"_s, u"fog"_s};
    const QStringList winds = {u"north"_s, u"north-west"_s, u"west"_s, u"south-west"_s, u"south"_s};
    const qint64 day = date.toJulianDay();
    return {u"Northport, %1: %2, %3 °C, wind from %4, force %5."_s.arg(
        date.toString(Qt::ISODate), skies.at(day % skies.size()), QString::number(6 + day * 7 % 13),
        winds.at(day * 3 % winds.size()), QString::number(2 + day * 5 % 5))};
}

ToolAnswer add(const QJsonObject &arguments)
{
    if (!arguments.value("a"_L1).isDouble() || !arguments.value("b"_L1).isDouble()) {
        return {u"Two numbers, a and b, are needed."_s, true};
    }
    const double sum = arguments.value("a"_L1).toDouble() + arguments.value("b"_L1).toDouble();
    return {QString::number(sum, 'g', 15)};
}

ToolAnswer arrivals(const QJsonObject &)
{
    const QStringList ships = {u"Annelise"_s, u"Grey Heron"_s, u"Marta II"_s, u"Polar Tern"_s, u"Solveig"_s};
    const qint64 day = QDate::currentDate().toJulianDay();
    QStringList lines;
    for (qint64 i = 0; i < 3; ++i) {
        lines.append(u"%1:%2  %3, berth %4"_s.arg(6 + 5 * i, 2, 10, QChar(u'0'))
                         .arg(day * (i + 2) % 60, 2, 10, QChar(u'0'))
                         .arg(ships.at((day + 2 * i) % ships.size()))
                         .arg(1 + (day + i) % 9));
    }
    return {lines.join(u'\n')};
}

ToolAnswer book(QStringList *bookings, const QJsonObject &arguments)
{
    constexpr qsizetype berths = 20;
    const QString boat = base::displayText(arguments.value("boat"_L1).toString(), 60);
    const QDate date = dateIn(arguments);
    if (boat.isEmpty()) {
        return {u"The name of the boat is needed."_s, true};
    }
    if (!date.isValid()) {
        return badDate();
    }
    if (bookings->size() >= berths) {
        return {u"The harbour is full."_s, true};
    }
    bookings->append(u"berth %1 for %2, %3"_s.arg(QString::number(bookings->size() + 1), boat,
                                                  date.toString(Qt::ISODate)));
    return {u"Booked: %1."_s.arg(bookings->last())};
}

QJsonObject dateProperty()
{
    return {{u"date"_s, property(u"string"_s, u"A day such as 2026-11-20; today if left out"_s)}};
}

} // namespace

QJsonObject Tool::toJson() const
{
    return {{u"name"_s, name},
            {u"title"_s, title},
            {u"description"_s, description},
            {u"inputSchema"_s, inputSchema}};
}

Tool tideTimesTool()
{
    return {u"tide_times"_s, u"Tide times"_s, u"High and low water in Northport on a day"_s,
            schema(dateProperty()), tideTimes};
}

Tool harbourWeatherTool()
{
    return {u"harbour_weather"_s, u"Harbour weather"_s, u"Sky, temperature and wind in Northport on a day"_s,
            schema(dateProperty()), harbourWeather};
}

Tool echoTool()
{
    return {u"echo"_s, u"Echo"_s, u"Gives back what it is told"_s,
            schema({{u"text"_s, property(u"string"_s, u"Any text"_s)}}, {u"text"_s}),
            [](const QJsonObject &arguments) { return ToolAnswer{arguments.value("text"_L1).toString()}; }};
}

Tool addTool()
{
    return {u"add"_s, u"Add"_s, u"Adds two numbers"_s,
            schema({{u"a"_s, property(u"number"_s, u"One number"_s)},
                    {u"b"_s, property(u"number"_s, u"Another number"_s)}},
                   {u"a"_s, u"b"_s}),
            add};
}

Tool arrivalsTool()
{
    return {u"arrivals_today"_s, u"Arrivals"_s, u"The ships that come into Northport today"_s, schema(),
            arrivals};
}

std::vector<Tool> berthTools()
{
    const auto bookings = std::make_shared<QStringList>();
    QJsonObject properties = dateProperty();
    properties.insert(u"boat"_s, property(u"string"_s, u"The name of the boat"_s));
    return {{u"book_berth"_s, u"Book a berth"_s, u"Books a berth for a boat on a day"_s,
             schema(properties, {u"boat"_s}),
             [bookings](const QJsonObject &arguments) { return book(bookings.get(), arguments); }},
            {u"my_bookings"_s, u"My bookings"_s, u"The berths that have been booked in your name"_s, schema(),
             [bookings](const QJsonObject &) {
                 return ToolAnswer{bookings->isEmpty() ? u"No berth has been booked yet."_s
                                                       : bookings->join(u'\n')};
             }}};
}

} // namespace mooring::demo
