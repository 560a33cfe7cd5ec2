// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <expected>

namespace mooring::base {

/// A value, or the Error that explains why there is none. `Result<void>` is a step that can fail.
template <typename T>
using Result = std::expected<T, Error>;

/// `return failed(error);` from any function that returns a Result.
inline std::unexpected<Error> failed(Error error)
{
    return std::unexpected<Error>(std::move(error));
}

} // namespace mooring::base
