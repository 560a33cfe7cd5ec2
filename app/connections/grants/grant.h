// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "oauth/tokenset.h"
#include "storage/secretitems.h"

#include <QString>
#include <QUrl>

#include <optional>

namespace mooring::connections {

/// What the keychain holds for a connection. It carries its address: it is sent nowhere else.
struct Grant {
    /// How it came about, and with that: how it is renewed.
    enum class Source {
        Browser, ///< with the refresh token, if there is one
        ClientCredentials, ///< by asking again as the same client
        Assertion, ///< not at all: the assertion isn't kept
    };

    qint64 generation = 0;
    oauth::TokenSet tokens;
    QString issuer;
    QString resource;
    QUrl tokenEndpoint;
    /// Empty only for a workload's assertion.
    QString clientId;
    Source source = Source::Browser;
    /// PEM of the key that the tokens are bound to (RFC 9449); empty if they are not.
    base::Secret dpopKey = {};
    /// Got because a server had refused its predecessor before its time. If this one is refused
    /// too without ever having been accepted, refreshing again would only be a loop.
    bool afterRefusal = false;

    /// Without a person.
    bool canRenew() const { return source == Source::ClientCredentials || !tokens.refreshToken.isEmpty(); }

    storage::SecretItem toItem() const;
    /// Nothing for an item of another kind.
    static std::optional<Grant> fromItem(const storage::SecretItem &item);
};

} // namespace mooring::connections
