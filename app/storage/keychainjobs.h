// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"

#include <QByteArray>
#include <QString>

namespace mooring::storage {

/// QtKeychain's errors as far as they make a difference.
enum class JobOutcome {
    Done,
    NotFound, ///< can't be believed while the keychain is locked
    Denied,
    NoService,
    Failed,
};

/// How a job of QtKeychain ended.
struct JobResult {
    JobOutcome outcome = JobOutcome::Failed;
    /// QtKeychain's number and words, for a report.
    QString detail;
    /// Of a read: what is stored, as text.
    QString text;
};

// Each runs one job to its real end, however long that takes, and whoever waits for it; nothing can
// delete it unfinished. One at a time, from the main thread. keychainjobs.cpp is the only file that
// knows QtKeychain. The same kind of data for ever: text, because QtKeychain keeps text and binary
// data as two items, and finds the older one.
base::Task<JobResult> runReadJob(QString key);
base::Task<JobResult> runWriteJob(QString key, QString text);
/// A missing item is NotFound or Done, depending on the platform.
base::Task<JobResult> runDeleteJob(QString key);

} // namespace mooring::storage
