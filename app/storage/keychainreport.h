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

/// Nobody is there who could be asked, and waiting doesn't help.
bool isAbsent(const KeychainReport &report);

/// Which keychain a report is about, as records keep it: "GNOME Keyring/login", "KWallet". Versions before
/// wrote the keyring alone ("login").
QString placeOf(const KeychainReport &report);
/// Whether `place`, from a record of any version, is the keychain of that report.
bool isSamePlace(const QString &place, const KeychainReport &report);
/// The same for the place of a report, `now`.
bool isSamePlace(const QString &place, const QString &now);
/// Whether it is the same program, whichever of its keyrings; of a place that names none, any but KWallet and
/// KeePassXC, which have always been noted.
bool isSameProgram(const QString &place, const KeychainReport &report);
/// The program that a place names; Unknown for none.
KeychainProgram programOf(const QString &place);
/// The same for a person: "GNOME Keyring (login)"; only the program where the keyring's name says no more.
QString placeText(const QString &place);

} // namespace mooring::storage
