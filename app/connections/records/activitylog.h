// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/recordederror.h"
#include "mcp/probe.h"

#include <QDateTime>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <functional>
#include <optional>

namespace mooring::connections {

/// One line of what happened; `text` is a translated sentence in plain text, without secrets.
struct ActivityEntry {
    QDateTime at;
    QString text;
};

/// What may be lost: the last 200 lines of activity, the last probe report of a connection and what came of
/// its last use, in one file. Read when somebody looks at it, not at start-up.
struct ActivityLog {
    static constexpr qsizetype maximumEntries = 200;

    QList<ActivityEntry> activity; ///< newest first
    std::optional<mcp::ProbeReport> lastProbe;
    /// Why the server could not be reached when it was last looked at or used; none if it could.
    std::optional<RecordedError> trouble;
    /// KeptDiscovery::toJson() of the last look; empty for none.
    QJsonObject found;

    /// An unreadable file is an empty log.
    static ActivityLog load(const QString &path);
    /// Reads the file anew, changes it, writes: another process may have written meanwhile.
    static ActivityLog update(const QString &path, const std::function<void(ActivityLog &)> &change);
    /// Adds a line.
    static ActivityLog append(const QString &path, const ActivityEntry &entry);
};

} // namespace mooring::connections
