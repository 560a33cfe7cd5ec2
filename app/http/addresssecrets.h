// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Some services put a key into the address of their server: "?tavilyApiKey=…", "/api/mcp/s/…/mcp". Such an
// address is a password, and nobody who shows, reports or logs an address may show that part.
//
// What is a key is a guess by its name and its look. A wrong "yes" hides a harmless filter, a wrong "no"
// publishes a key, so names that only ever mean a secret are believed, and other values have to look random.
#pragma once

#include "base/secret.h"

#include <QStringList>
#include <QUrl>

namespace mooring::http {

/// An address without the parameters of its query that are likely secrets, and those.
struct SplitAddress {
    QUrl url;
    /// As they stand in an address ("name=value&name=value"), for Request::secretQuery.
    base::Secret secretQuery;
    /// In their order; a name that comes twice is there twice.
    QStringList names;
};

SplitAddress withoutSecretQuery(const QUrl &url);
/// A segment of the path is likely a secret.
bool hasSecretPath(const QUrl &url);
/// In its query or in its path.
bool holdsSecret(const QUrl &url);

/// The address with "…" in the place of each secret, fit to be shown.
QString shownUrl(const QUrl &url);
/// The same for what a server named, which may be no address at all.
QString shownUrl(const QString &text);
/// The path alone.
QString shownPath(const QUrl &url);
/// A text in which addresses may stand. It is not made fit to be shown.
QString withoutSecrets(const QString &text);
/// An address for a report: its secret parameters are gone, and "…" stands for a secret of its path.
QUrl withoutSecrets(const QUrl &url);

} // namespace mooring::http
