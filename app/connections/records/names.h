// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/records.h"

namespace mooring::connections {

/// Names differ if more than case, or what is never shown, is different: they are kept as they are shown,
/// which is not always as somebody types them.
bool isSameName(const QString &one, const QString &other);
/// The connection of that name; null if there is none.
const ConnectionRecord *connectionCalled(const QString &name, const Records &records);
/// "mcp.linear.app" → "Linear": a first name for a server, made from its host.
QString nameFromUrl(const QUrl &url);
/// "Linear 2" where "Linear" is taken: a name that two have is of no use to whoever types it.
QString freeName(const QString &name, const Records &records);

} // namespace mooring::connections
