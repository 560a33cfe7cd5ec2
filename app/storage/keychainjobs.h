// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/jobresult.h"

#include "base/task.h"

#include <QLatin1StringView>
#include <QString>

namespace mooring::storage {

/// QtKeychain's "service", the same for all items: the Secret Service keeps it as an attribute of
/// each, Windows ignores it.
inline constexpr auto keychainServiceName = QLatin1StringView("Mooring");

// Each runs one job to its real end, however long that takes, and whoever waits for it; nothing can
// delete it unfinished. One at a time, from the main thread. keychainjobs.cpp is the only file that
// knows QtKeychain. The same kind of data for ever: text, because QtKeychain keeps text and binary
// data as two items, and finds the older one.
base::Task<JobResult> runReadJob(QString key);
base::Task<JobResult> runWriteJob(QString key, QString text);
/// A missing item is NotFound or Done, depending on the platform.
base::Task<JobResult> runDeleteJob(QString key);

} // namespace mooring::storage
