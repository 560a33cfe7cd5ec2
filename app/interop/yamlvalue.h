// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "interop/value.h"

namespace mooring::interop {

/// The first document of a YAML text, as Goose and Continue have it. Aliases are followed as far as the
/// result stays small; too long or too deep is refused before it is parsed. Errors: InvalidInput, with the
/// line of the mistake.
base::Result<Value> readYamlValue(const QString &text, int firstLine = 1);

} // namespace mooring::interop
