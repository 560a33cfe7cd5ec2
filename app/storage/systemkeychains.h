// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychains.h"

#include <chrono>

namespace mooring::storage {

/// Makes the keychains that this system can have, in the order in which something new looks for its place: on
/// KDE first KWallet, elsewhere first the Secret Service (GNOME Keyring, KeePassXC). `deadline` is for each
/// look and each step without a question to the person.
Keychains::Maker systemKeychains(std::chrono::milliseconds deadline);

} // namespace mooring::storage
