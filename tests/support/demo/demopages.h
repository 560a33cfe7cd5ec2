// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/demogrants.h"

namespace mooring::demo {

/// The scopes that the demo's consent page has words for.
QStringList knownScopes();

// Whole HTML pages. Every text that is handed in is escaped.
QByteArray consentPage(const QByteArray &requestId, const Client &client, const QString &redirectUri,
                       const QString &resource, const QStringList &scopes);
/// `problem` is a sentence about the last attempt; empty for the first.
QByteArray registerAppPage(const QString &problem);
QByteArray registeredAppPage(const QString &clientId, const QByteArray &clientSecret,
                             const QString &redirectUri);
QByteArray problemPage(const QString &title, const QString &sentence);

} // namespace mooring::demo
