// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "support/testbed.h"

#include <QSet>

namespace mooring::field {

/// What a person brings along.
struct Traveller {
    /// As it is typed; for what is pasted, see tst_fieldpasting.
    QString address;
    /// Headers that were pasted with it: they go along from the first look on.
    QList<connections::TypedHeader> headers = {};
    /// Keys that the person has, for a server that asks for one.
    QList<connections::TypedHeader> keys = {};
    /// Registers an app by hand at the service's site; unset for somebody who won't.
    std::function<connections::ClientCredentials(const QString &redirectUri)> registersApp = {};
    /// Remedies (oauth::remedies) that this person says no to.
    QStringList declines = {};
    /// What is called in the end, with {"text": "ahoy"}.
    QString tool = QStringLiteral("echo");
};

/// What became of it.
struct Arrival {
    /// mcp::verdictName() of each look, in order.
    QStringList verdicts;
    /// The remedies that were offered and taken, in order: at the looks, then at the sign-in.
    QStringList taken;
    /// Null if it could not be kept.
    std::shared_ptr<connections::Connection> connection;
    /// Where the way ended; nothing if the tool has answered.
    std::optional<base::Error> error;
    QStringList tools;
    /// What the tool said.
    QString answer;

    bool gotIn() const { return connection && !error; }
    /// For a failed test: how far it came, in one line.
    QString told() const;
};

/// The way of a person, through the same calls as window and terminal: look at the server, take what is
/// offered and look again, keep it, sign in where it wants that (taking what is offered), list the tools,
/// call one. Nothing is put into the list by hand.
Arrival travel(support::Testbed *bed, const Traveller &traveller);

/// travel(), and the rest of a sign-in's life: the access ends and is renewed once by use, then the person
/// leaves. `arrival->error` says where it stopped.
void liveOn(support::Testbed *bed, Arrival *arrival);

} // namespace mooring::field
