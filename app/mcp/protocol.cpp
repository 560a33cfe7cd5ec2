// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/protocol.h"

#include <QJsonArray>

namespace mooring::mcp {

using namespace Qt::StringLiterals;

QString eraName(Era era)
{
    switch (era) {
    case Era::Stateless:
        return u"stateless"_s;
    case Era::Sessions:
        return u"sessions"_s;
    case Era::HttpSse:
        return u"http-sse"_s;
    case Era::Unknown:
        break;
    }
    return {};
}

Era eraFromName(QStringView name)
{
    if (name == "stateless"_L1) {
        return Era::Stateless;
    }
    if (name == "http-sse"_L1) {
        return Era::HttpSse;
    }
    return name == "sessions"_L1 ? Era::Sessions : Era::Unknown;
}

QString ToolResult::text() const
{
    QStringList parts;
    const QJsonArray content = result.value("content"_L1).toArray();
    for (const QJsonValue part : content) {
        if (part["type"_L1].toString() == "text"_L1) {
            parts.append(part["text"_L1].toString());
        }
    }
    return parts.join(u'\n');
}

} // namespace mooring::mcp
