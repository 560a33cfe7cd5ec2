// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mooring::demo {

/// A stand-in for a person with a browser: gets the consent page at `url`, presses Allow (or Deny),
/// and follows to the app's callback. It blocks, and only ever talks to this computer.
/// Returns what went wrong; empty if the callback has answered 200.
QString decideOnConsent(const QString &url, bool allow);

} // namespace mooring::demo
