// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/typedheaders.h"
#include "interop/pastedserver.h"
#include "oauth/signinsettings.h"

namespace mooring::ui {

// What a pasted server comes to when it is added.

/// Its headers that have no blank left. An empty value is no header.
QList<connections::TypedHeader> completeHeaders(const interop::PastedServer &server);
/// What is still to be filled in, by name, fit to be shown.
QStringList missingIn(const interop::PastedServer &server);
/// What it says about the sign-in.
oauth::SignInSettings settingsOf(const interop::PastedServer &server);

} // namespace mooring::ui
