// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

namespace mooring::oauth {

/// One challenge of a WWW-Authenticate field (RFC 9110 section 11.6.1).
struct Challenge {
    /// In lower case: "bearer", "dpop", "basic".
    QByteArray scheme;
    QByteArray token68;
    /// Names in lower case; quoted values are unquoted. The first of two equal names counts.
    QMap<QByteArray, QByteArray> parameters;

    friend bool operator==(const Challenge &, const Challenge &) = default;
};

/// All challenges of all WWW-Authenticate fields of one answer. A field may hold several schemes,
/// and Qt joins several fields into one. What can't be parsed ends that field, not the others.
QList<Challenge> parseChallenges(const QList<QByteArray> &fields);

/// What an OAuth client needs to know of them (RFC 9728 section 5.1, RFC 6750 section 3). The
/// metadata URL counts under any scheme, scope and error only under Bearer and DPoP.
struct ChallengeInfo {
    QString resourceMetadata;
    QString scope;
    QString error;
    QString errorDescription;
    /// What servers say instead of a metadata URL about who signs people in, under any scheme:
    /// authorization_uri (Entra), authorization_server, as_uri (UMA), issuer.
    QStringList serverHints;
    /// The schemes that were offered, in order, without repetition.
    QList<QByteArray> schemes;
};
ChallengeInfo summarize(const QList<Challenge> &challenges);

/// Whether it is an access token that the server wants (RFC 6750, RFC 9449, RFC 9728).
bool asksForToken(const ChallengeInfo &info);

} // namespace mooring::oauth
