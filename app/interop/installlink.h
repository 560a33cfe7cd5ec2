// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/findings.h"

namespace mooring::interop {

/// Whether an address is a link that installs a server into another app (VS Code, Cursor, Goose, LM Studio,
/// …), or a web page that passes one on.
bool isInstallLink(const QString &link);

/// Reads such a link. It is only read: nothing is opened, and a link that passes on a link that passes on a
/// link is refused.
void readInstallLink(const QString &link, Findings *findings);

} // namespace mooring::interop
