// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace mooring::test {

/// The keys of all of Mooring's items in the keyring of this session, sorted; one that is there twice is
/// named twice. Asked of the Secret Service itself, because QtKeychain can't list.
QStringList keysInKeyring();

} // namespace mooring::test
