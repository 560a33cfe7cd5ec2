// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

#include <functional>
#include <vector>

namespace mooring::demo {

struct ToolAnswer {
    QString text;
    bool isError = false;
};

struct Tool {
    QString name;
    QString title;
    QString description;
    QJsonObject inputSchema;
    std::function<ToolAnswer(const QJsonObject &arguments)> run;

    /// As tools/list gives it.
    QJsonObject toJson() const;
};

// The harbour is made up, but its answers are worked out: tides follow the moon's half day, the
// weather follows the date.
Tool tideTimesTool();
Tool harbourWeatherTool();
Tool echoTool();
Tool addTool();
Tool arrivalsTool();
/// Two tools over one list of bookings, which lives as long as they do.
std::vector<Tool> berthTools();

} // namespace mooring::demo
