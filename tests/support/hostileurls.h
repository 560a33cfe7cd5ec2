// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace mooring::support {

/// What hostile servers have named, or could name, in the place of a web address. None of these may ever be
/// fetched or opened, not even for a server on this computer.
QStringList hostileUrls();

} // namespace mooring::support
