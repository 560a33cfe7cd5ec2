// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "oauth/signinsettings.h"

#include <QString>

namespace mooring::text {

/// The value of the setting with that name (see allSettings()), as it would be entered; empty where nothing
/// is set.
QString settingValue(const oauth::SignInSettings &settings, QStringView name);

/// Sets it from what a person entered; an empty value is the normal one. Errors: InvalidInput with what
/// is wrong, NotFound for a name that is none, RefusedByPolicy for an address without encryption.
base::Result<void> setSetting(oauth::SignInSettings *settings, QStringView name, const QString &value);

} // namespace mooring::text
