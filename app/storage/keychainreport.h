// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mooring::storage {

/// The program behind a keychain, as far as it has words of its own.
enum class KeychainProgram {
    Unknown, ///< a Secret Service of another program
    GnomeKeyring,
    KWallet,
    KeePassXC,
    MacOs,
    Windows,
};

/// What can be said about a keychain without asking the person anything.
enum class KeychainState {
    Missing, ///< no such program, and none that could be started
    SwitchedOff, ///< the program is there, and its own settings say that it keeps nothing
    NoDefaultCollection, ///< a service without a keyring; writing would make it ask for a new password
    Locked,
    Asks, ///< open, or opened by itself: the next job makes it ask the person first
    Unlocked,
    Slow, ///< it has not answered in time
    Failed, ///< it answered nonsense
};

struct KeychainReport {
    KeychainState state = KeychainState::Failed;
    QString detail;
    /// Of Unlocked and Asks: which of the program's keyrings it is ("login", "KWallet"), as records keep it.
    QString identity = {};
    KeychainProgram program = KeychainProgram::Unknown;
};

/// The program's own name, for a person; "the keychain" for Unknown.
QString nameOf(KeychainProgram program);

} // namespace mooring::storage
