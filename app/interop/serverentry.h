// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/blanks.h"
#include "interop/findings.h"
#include "interop/value.h"

namespace mooring::interop {

/// Whether an object is the entry of a server, of any app: it has an address or a command, perhaps in a
/// `transport` or `remotes` of its own.
bool isServerEntry(const Value &object);

/// Reads one such entry. `name` is what it is called where it stands, for one that doesn't name itself: an id
/// of the app's own is often there.
void readServerEntry(const QString &name, const Value &object, const Surroundings &around,
                     Findings *findings);

/// What `inputs` of VS Code ask for, by their ids.
void takeInputs(const Value &inputs, Surroundings *around);

} // namespace mooring::interop
