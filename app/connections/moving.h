// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QList>
#include <QStringList>

#include <memory>

namespace mooring::connections {

class Connection;

/// What became of a move of all secrets to the keychain that new ones go to.
struct Moved {
    /// Names of the connections whose secrets are there now, also of those whose were there before.
    QStringList names;
    /// The keychain, as records keep it; empty if there was nothing to be moved.
    QString place;
    /// What could not be moved, by the connection's name (empty: what belongs to several), and why. It is
    /// where it was, and nothing is lost.
    QList<std::pair<QString, base::Error>> left;
};

/// In which keychain something of a connection is.
struct Keeping {
    QString connectionId;
    QString name;
    /// SecretStore::placeOf() when it was written; empty where the version that wrote it kept no note.
    QString place;
};

/// Of all connections that have something in a keychain, as it is on record; asks no keychain.
QList<Keeping> keepingsOf(const QList<std::shared_ptr<Connection>> &connections);

/// The names of those that are in another keychain than `now`, which is where something new goes. "login" of
/// a version before is the same as "GNOME Keyring/login".
QStringList straysOf(const QList<Keeping> &keepings, const QString &now);

} // namespace mooring::connections
