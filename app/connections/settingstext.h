// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "oauth/signinsettings.h"

#include <QString>
#include <QStringList>

namespace mooring::connections {

/// One of the settings of a sign-in, as people see it. The window and mooringctl show the same ones.
struct SettingText {
    /// Stable, kebab-case: "redirect-port".
    QString name;
    /// A few words: "Port of the redirect address".
    QString title;
    /// One line for somebody who has never heard of it.
    QString explanation;
    /// What may be entered: "yes or no"; or an example.
    QString form;
};

/// All of them, the plain ones first.
QList<SettingText> allSettings();
/// The one with that name; an empty one for a name that is none.
SettingText settingText(QStringView name);

/// Its value as it would be entered; empty where nothing is set.
QString settingValue(const oauth::SignInSettings &settings, QStringView name);

/// Sets it from what a person entered; an empty value is the normal one. Errors: InvalidInput with what
/// is wrong, NotFound for a name that is none, RefusedByPolicy for an address without encryption.
base::Result<void> setSetting(oauth::SignInSettings *settings, QStringView name, const QString &value);

/// What is done differently from what the server and its sign-in service say, each in a few words;
/// empty if nothing is.
QStringList bentRules(const oauth::SignInSettings &settings);

} // namespace mooring::connections
