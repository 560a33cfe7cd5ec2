// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "connections/records/records.h"

namespace mooring::connections {

/// The records as the file has them: one JSON object.
QByteArray toDocument(const Records &records);
/// Entries that can't be understood are kept apart. Errors: Storage for a document of a newer version,
/// Protocol for anything that is no such document.
base::Result<Records> recordsFrom(const QByteArray &bytes);

} // namespace mooring::connections
