// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "oauth/signinsettings.h"

#include <QString>
#include <QStringList>

namespace mooring::text {

/// One of the settings of a sign-in, as people see it. The window and mooringctl show the same ones.
struct SettingText {
    enum class Kind {
        Text, ///< anything that setSetting() takes
        Switch, ///< "yes" or "no"
        Choice, ///< one of `choices`
    };
    struct Choice {
        QString value;
        /// What it is called.
        QString title;
    };

    /// Stable, kebab-case: "redirect-port".
    QString name;
    /// A few words: "Port of the redirect address".
    QString title;
    /// One line for somebody who has never heard of it.
    QString explanation;
    /// What may be entered: "yes or no"; or an example.
    QString form;
    Kind kind = Kind::Text;
    QList<Choice> choices = {};
};

/// All of them, the plain ones first.
QList<SettingText> allSettings();
/// The one with that name; an empty one for a name that is none.
SettingText settingText(QStringView name);

/// What is done differently from what the server and its sign-in service say, each in a few words;
/// empty if nothing is.
QStringList bentRules(const oauth::SignInSettings &settings);

} // namespace mooring::text
