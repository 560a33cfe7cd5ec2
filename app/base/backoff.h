// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace mooring::base {

/// How long to leave a service alone after trouble, by the number of failures before: 2 s, 15 s, 1 min,
/// 5 min, then 15 min each, all up to a fifth shorter or longer, so that nobody comes in a crowd.
std::chrono::milliseconds backoff(int failures);

} // namespace mooring::base
