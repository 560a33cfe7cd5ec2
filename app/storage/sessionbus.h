// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadline.h"
#include "base/task.h"

#include <QString>

#include <functional>
#include <memory>

using GDBusConnection = struct _GDBusConnection;
using GVariant = struct _GVariant;

namespace mooring::storage {

/// A value as D-Bus has them; shared, never changed.
using BusValue = std::shared_ptr<GVariant>;
/// Takes over a new (floating) value.
BusValue busValue(GVariant *value);

/// The values of an answer as one tuple, or the name and the words of the D-Bus error.
struct BusReply {
    BusValue values = {};
    QString error = {};
    QString words = {};
};

/// GLib's connection to the session bus, the very one that libsecret, and with it QtKeychain, uses. What a
/// keychain allows one connection (KeePassXC asks the person for each) holds for both this way, which no
/// other connection, QtDBus' for instance, could have. Main thread only, under GLib's event loop.
class SessionBus final {
public:
    /// Connects, unless somebody in this process has. Without a bus, connectionError() has the reason.
    static base::Task<SessionBus> connect(const base::Deadline *deadline);

    bool isConnected() const { return m_connection != nullptr; }
    /// As an answer to any call.
    const BusReply &connectionError() const { return m_error; }

    /// There always is an answer or an error; NoReply once the deadline, which outlives the call, has
    /// passed. Null: none, for what waits for a person. Starts nobody. `arguments` is a tuple, or empty.
    base::Task<BusReply> call(QString peer, QString path, QString interface, QString method,
                              BusValue arguments, const base::Deadline *deadline) const;
    /// A method of the bus itself.
    base::Task<BusReply> callBus(QString method, BusValue arguments, const base::Deadline *deadline) const;
    /// For a message whose answer changes nothing.
    void send(const QString &peer, const QString &path, const QString &interface, const QString &method,
              const BusValue &arguments) const;

    /// Calls `heard` with the values of each such signal, for as long as the returned handle lives.
    /// `argument`: only those whose first value it is; empty: all.
    [[nodiscard]] std::shared_ptr<void> listen(const QString &peer, const QString &path,
                                               const QString &interface, const QString &signal,
                                               const QString &argument,
                                               std::function<void(GVariant *)> heard) const;

private:
    std::shared_ptr<GDBusConnection> m_connection;
    BusReply m_error;
};

} // namespace mooring::storage
