// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/revocationrecord.h"

#include <QString>

namespace mooring::text {

/// connections::pendingText() for a list of many: it has the name of the connection in it.
QString namedPendingText(const connections::RevocationRecord &pending, const QDateTime &now);

} // namespace mooring::text
