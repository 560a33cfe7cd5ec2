// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/activitylog.h"

#include "base/strictjson.h"
#include "storage/atomicfile.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace mooring::connections {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 maximumSize = 4 * 1024 * 1024;

void save(const QString &path, const ActivityLog &activityLog)
{
    QJsonArray activity;
    for (const ActivityEntry &entry : activityLog.activity) {
        activity.append(
            QJsonObject{{u"at"_s, entry.at.toUTC().toString(Qt::ISODateWithMs)}, {u"text"_s, entry.text}});
    }
    QJsonObject json{{u"activity"_s, activity}};
    if (activityLog.lastProbe) {
        json["lastProbe"_L1] = activityLog.lastProbe->toJson();
    }
    if (activityLog.trouble) {
        json["trouble"_L1] = activityLog.trouble->toJson();
    }
    if (!activityLog.found.isEmpty()) {
        json["found"_L1] = activityLog.found;
    }
    // The log may be lost, so a failure here is nobody's business.
    static_cast<void>(storage::writeFileAtomically(path, QJsonDocument(json).toJson(QJsonDocument::Compact)));
}

} // namespace

ActivityLog ActivityLog::load(const QString &path)
{
    ActivityLog activityLog;
    const base::Result<QByteArray> bytes = storage::readFile(path, maximumSize);
    const base::Result<QJsonObject> json =
        bytes ? base::parseJsonObject(*bytes) : base::Result<QJsonObject>(QJsonObject());
    if (!json) {
        return activityLog;
    }
    const QJsonArray activity = (*json)["activity"_L1].toArray();
    for (const QJsonValue entry : activity) {
        activityLog.activity.append(
            {QDateTime::fromString(entry["at"_L1].toString(), Qt::ISODateWithMs).toUTC(),
             entry["text"_L1].toString()});
    }
    if (json->contains("lastProbe"_L1)) {
        activityLog.lastProbe = mcp::ProbeReport::fromJson((*json)["lastProbe"_L1].toObject());
    }
    activityLog.trouble = RecordedError::fromJson((*json)["trouble"_L1]);
    activityLog.found = (*json)["found"_L1].toObject();
    return activityLog;
}

ActivityLog ActivityLog::update(const QString &path, const std::function<void(ActivityLog &)> &change)
{
    ActivityLog activityLog = load(path);
    change(activityLog);
    if (activityLog.activity.size() > maximumEntries) {
        activityLog.activity.resize(maximumEntries);
    }
    save(path, activityLog);
    return activityLog;
}

ActivityLog ActivityLog::append(const QString &path, const ActivityEntry &entry)
{
    return update(path, [&entry](ActivityLog &activityLog) { activityLog.activity.prepend(entry); });
}

} // namespace mooring::connections
