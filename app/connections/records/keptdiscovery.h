// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "oauth/discovery.h"

#include <QDateTime>
#include <QJsonObject>

#include <optional>

namespace mooring::connections {

// What a look at a server has found out about signing in there. A sign-in that follows soon, be it in another
// process, needn't ask the same again.

/// Whether what was found out at `at` still counts. A time ahead of us does not: the clock was put back
/// since.
bool isRecentLook(const QDateTime &at, const QDateTime &now);

/// For the state file. Never a secret: the address, which may hold a key, is in it as a fingerprint only.
/// Empty for a discovery that can't be told without it.
QJsonObject keepDiscovery(const oauth::Discovery &found, const QUrl &server,
                          const oauth::SignInSettings &settings, const QDateTime &at);

/// What keepDiscovery() has written, checked again: a file can be edited. Nothing if it is too old, was found
/// for another address or under other settings, or would not be accepted today.
std::optional<oauth::Discovery> keptDiscovery(const QJsonObject &json, const QUrl &server,
                                              const oauth::SignInSettings &settings, const QDateTime &now);

} // namespace mooring::connections
