// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QString>

namespace mooring::storage {

/// Which set of connections a process works on: "default", or another name with everything of its
/// own (the demo has one). Both programs with the same profile share folder, keychain and socket.
class Profile final {
public:
    /// The default profile.
    Profile();
    /// 1 to 32 of the letters a-z, digits and hyphens; InvalidInput otherwise.
    static base::Result<Profile> fromName(const QString &name);

    const QString &name() const { return m_name; }
    /// GenericDataLocation, not AppDataLocation: the two programs have different application names.
    QString folder() const;
    QString locksFolder() const;
    QString stateFolder() const;
    /// What every keychain key of the profile starts with. Windows knows an item by its key alone,
    /// so the prefix names the app too.
    QString keychainPrefix() const;
    /// For QLocalServer: one per user and profile folder, short enough for a socket address.
    QString socketName() const;
    /// Makes the folders, readable by this user only. Storage error if one of them is a link, belongs
    /// to somebody else or can't be written to.
    base::Result<void> prepare() const;
    /// For what only reads: success also where nothing is there yet, or where nothing can be written (a disk
    /// that is mounted read-only). The same errors as prepare() otherwise.
    base::Result<void> checkReadable() const;

    friend bool operator==(const Profile &, const Profile &) = default;

private:
    explicit Profile(const QString &name);
    /// Those that hold the list, outermost first.
    QStringList ownFolders() const;
    QString m_name;
};

} // namespace mooring::storage
