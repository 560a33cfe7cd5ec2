// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "interop/value.h"

namespace mooring::interop {

/// TOML 1.0, as Codex and others have it; dates are taken as nothing. Longer than a configuration, too many
/// values or too deep is refused before it is parsed. Errors: InvalidInput, with the line of the mistake.
base::Result<Value> readTomlValue(const QString &text, int firstLine = 1);

} // namespace mooring::interop
