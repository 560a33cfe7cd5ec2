// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QString>

namespace mooring::storage {

/// Which data folder this is. Items of the keychain know it too, for they stay where they are when a folder
/// is copied: the copy has the same list and names the same items, but locks of its own, and the two would
/// use up each other's refresh tokens.
///
/// What can be known of a folder, from `folder.json` in it:
///
///  - It has the inode that it had: it is the same folder, under another name perhaps. Nothing changes.
///  - It has another one: it was moved to another disk, restored from a backup, or copied. It gets a new id.
///    If the folder that it was is still in its place, this one is a copy of it; else it goes on in its
///    place.
///
/// And of an item, from its stamp: it belongs to the folder that wrote it for as long as that folder is
/// there. So by moving, restoring or in doubt nothing is lost; only beside a living original a folder is a
/// copy. A copy keeps what it signs in to under keys of its own, and what the original has stays the
/// original's.
///
/// Items without a stamp, of versions before this, belong to whoever reads them, and get one when they are
/// written the next time.
class FolderIdentity final {
public:
    struct Stamp {
        QString id;
        QString path;

        static Stamp fromJson(const QJsonObject &json);
        QJsonObject toJson() const;
    };

    /// That of nobody: no item is anybody else's.
    FolderIdentity() = default;
    /// Reads it, notices what has become of the folder since, and writes that down where it may.
    static FolderIdentity of(const QString &folder);

    const Stamp &stamp() const { return m_stamp; }
    bool isCopy() const { return !m_original.isEmpty(); }
    /// Of a copy: where the folder is that it was copied from.
    const QString &original() const { return m_original; }
    /// To be put between the prefix and the name of a key; empty for a folder that isn't a copy.
    const QString &keyPart() const { return m_keyPart; }

    /// Whether the item with this stamp is that of a folder that is there, and isn't this one.
    bool belongsElsewhere(const Stamp &item) const;
    /// This folder turned out to be a copy of that one.
    void becomeCopyOf(const Stamp &original);

private:
    struct Place {
        qint64 inode = 0;
        qint64 device = 0;
    };
    static Place placeOf(const QString &folder);
    static QJsonObject read(const QString &folder);
    static QString filePath(const QString &folder);
    void write() const;

    Stamp m_stamp;
    Place m_place;
    QString m_keyPart;
    QString m_original;
};

} // namespace mooring::storage
