// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/probe.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace mooring::connections {

/// One line of what happened; `text` is a translated sentence in plain text, without secrets.
struct ActivityEntry {
    QDateTime at;
    QString text;
};

/// What may be lost: the last 200 lines of activity and the last probe report of a connection, in
/// one file. Read when somebody looks at it, not at start-up.
struct Diary {
    static constexpr qsizetype maximumEntries = 200;

    QList<ActivityEntry> activity; ///< newest first
    std::optional<mcp::ProbeReport> lastProbe;

    /// An unreadable file is an empty diary.
    static Diary load(const QString &path);
    /// Reads the file anew, adds, writes: another process may have written meanwhile.
    static Diary append(const QString &path, const std::optional<ActivityEntry> &entry,
                        const std::optional<mcp::ProbeReport> &probe);
};

} // namespace mooring::connections
