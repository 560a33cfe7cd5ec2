// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connection.h"

#include <optional>

namespace mooring::text {

/// What window and terminal show of a connection: plain values, made from a Connection by one of the
/// functions below, or by hand.
struct ConnectionView {
    connections::ConnectionRecord record;
    connections::ConnectionState state;
    /// Rights that the server has asked for beyond those that it was given.
    QStringList wantedScopes = {};
    /// The service is still to be told that a sign-in before has ended.
    std::optional<connections::RevocationRecord> pending = {};
    /// How Mooring is known at the service. Of lastKnownViewOf() only.
    std::optional<connections::RegistrationRecord> registration = {};
    /// Since when the trouble in `state` is known. Of lastKnownViewOf() only.
    std::optional<QDateTime> noticedAt = {};
};

/// As this process knows it. Reads no file, so it may be asked for all rows of a list at each tick.
ConnectionView viewOf(const connections::Connection &connection);
/// With the trouble that another process has met last; reads the connection's state file.
ConnectionView lastKnownViewOf(const connections::Connection &connection);

} // namespace mooring::text
