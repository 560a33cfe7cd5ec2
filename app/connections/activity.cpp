// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/activity.h"

#include "base/strictjson.h"
#include "storage/atomicfile.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace mooring::connections {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 maximumSize = 4 * 1024 * 1024;

void save(const QString &path, const Diary &diary)
{
    QJsonArray activity;
    for (const ActivityEntry &entry : diary.activity) {
        activity.append(
            QJsonObject{{u"at"_s, entry.at.toUTC().toString(Qt::ISODateWithMs)}, {u"text"_s, entry.text}});
    }
    QJsonObject json{{u"activity"_s, activity}};
    if (diary.lastProbe) {
        json["lastProbe"_L1] = diary.lastProbe->toJson();
    }
    if (diary.trouble) {
        json["trouble"_L1] = diary.trouble->toJson();
    }
    if (!diary.found.isEmpty()) {
        json["found"_L1] = diary.found;
    }
    // A diary may be lost, so a failure here is nobody's business.
    static_cast<void>(storage::writeFileAtomically(path, QJsonDocument(json).toJson(QJsonDocument::Compact)));
}

} // namespace

Diary Diary::load(const QString &path)
{
    Diary diary;
    const base::Result<QByteArray> bytes = storage::readFile(path, maximumSize);
    const base::Result<QJsonObject> json =
        bytes ? base::parseJsonObject(*bytes) : base::Result<QJsonObject>(QJsonObject());
    if (!json) {
        return diary;
    }
    const QJsonArray activity = (*json)["activity"_L1].toArray();
    for (const QJsonValue entry : activity) {
        diary.activity.append({QDateTime::fromString(entry["at"_L1].toString(), Qt::ISODateWithMs).toUTC(),
                               entry["text"_L1].toString()});
    }
    if (json->contains("lastProbe"_L1)) {
        diary.lastProbe = mcp::ProbeReport::fromJson((*json)["lastProbe"_L1].toObject());
    }
    diary.trouble = RecordedError::fromJson((*json)["trouble"_L1]);
    diary.found = (*json)["found"_L1].toObject();
    return diary;
}

Diary Diary::update(const QString &path, const std::function<void(Diary &)> &change)
{
    Diary diary = load(path);
    change(diary);
    if (diary.activity.size() > maximumEntries) {
        diary.activity.resize(maximumEntries);
    }
    save(path, diary);
    return diary;
}

Diary Diary::append(const QString &path, const ActivityEntry &entry)
{
    return update(path, [&entry](Diary &diary) { diary.activity.prepend(entry); });
}

} // namespace mooring::connections
