// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

class QMimeData;

namespace mooring::ui {

/// Whether there may be a server in what is dragged: a text, an address, or a file of another app's settings.
bool mayHoldServers(const QMimeData &dropped);

/// The text of what was dropped, as if it had been pasted; of a file its content. Errors: InvalidInput for a
/// file that is too large, can't be read or is none of those that hold settings.
base::Result<QString> textOf(const QMimeData &dropped);

} // namespace mooring::ui
