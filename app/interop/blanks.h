// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/pastedtext.h"

#include <QHash>

namespace mooring::interop {

/// What stands around a text and fills its variables: the `env` of its entry, the assignments of a shell, the
/// `inputs` of VS Code, the `variables` of a registry document.
struct Surroundings {
    QHash<QString, QString> variables;
    /// By id or name: what is known about something that only the person has.
    QHash<QString, Blank> inputs;
};

/// Finds the places that wait for something of the person's own, in every way that instructions write them:
/// ${X}, ${X:-default}, ${env:X}, {env:X}, $X, %X%, ${input:id}, {{x}}, {x}, $(command), <your key>,
/// [YOUR_KEY], YOUR_KEY, my-api-key, xxxx, …. Variables that are known are put in. `place` names a blank that
/// has no name of its own: the header it is in.
PastedText readBlanks(const QString &text, const Surroundings &around, const QString &place);

/// Whether the whole word only stands for a key: YOUR_KEY, your-secure-api-key, xxxx, changeme.
bool isStandIn(QStringView word);

/// The same, and it has no name: "xxxx", "sk-xxxx".
bool isCrossedOut(QStringView word);

/// Whether a blank of this writing is a variable, so that the same name means the same value.
bool isVariable(const Blank &blank);

} // namespace mooring::interop
