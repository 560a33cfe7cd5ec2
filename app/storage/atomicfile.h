// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QString>

namespace mooring::storage {

/// The whole content of a file. NotFound if there is none; Storage error if it can't be read, is no
/// regular file or has more than `maximumSize` bytes.
base::Result<QByteArray> readFile(const QString &path, qint64 maximumSize);

/// Replaces a file as a whole: after it, and after a power cut at any moment, the old or the new
/// content is there, never a mixture. Only this user can read it. A Storage error means that the
/// old content is still in place, except for one that says that the folder could not be synced.
base::Result<void> writeFileAtomically(const QString &path, const QByteArray &bytes);

/// Removes what writes of this file have left beside it when their process was killed. For somebody who holds
/// the lock that everybody takes who writes it.
void removeLeftovers(const QString &path);

/// Renames a file that can't be understood to `<name>.damaged-<UTC time>`, so that nothing overwrites
/// it. Never replaces another file. Returns the new path.
base::Result<QString> setAside(const QString &path);

} // namespace mooring::storage
