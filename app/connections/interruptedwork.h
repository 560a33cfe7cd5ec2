// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connection.h"

#include <QTimer>

namespace mooring::connections {

/// Finishes what processes began that ended too early: disconnects, the storing of a sign-in or of a key, and
/// the removal of keychain items. Disconnects that a keychain held up are tried again, without a prompt.
/// Touches the keychain only if there is any such thing. Main thread only.
class InterruptedWork final {
public:
    using Connections = QList<std::shared_ptr<Connection>>;

    /// What is handed in outlives it; `services.tasks` is drained before this dies.
    InterruptedWork(const Connections &connections, storage::SecretStore &secrets, Services services);

    /// Begins, and goes on from then on.
    void finish();
    /// The list is another one: there may be something new to finish.
    void finishLater();

private:
    /// Those that are being disconnected, or whose credential was being written.
    Connections unfinished() const;
    static base::Task<void> finishOne(std::shared_ptr<Connection> connection);
    static base::Task<void> finishQuietly(InterruptedWork *self);
    /// What connections that are gone, or that need it no more, have left in the keychain.
    static base::Task<void> sweepRequestSecrets(InterruptedWork *self);

    const Connections &m_connections;
    storage::SecretStore &m_secrets;
    Services m_services;
    QTimer m_timer;
    bool m_goesOn = false;
};

} // namespace mooring::connections
