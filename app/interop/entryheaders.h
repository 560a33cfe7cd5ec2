// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/serverbuilder.h"
#include "interop/value.h"

namespace mooring::interop {

/// The headers of an entry, in every way that apps write them: as an object, a list or a text; as a token or
/// the name of a variable that has it.
void takeHeaders(const Value &object, ServerBuilder *builder);

/// What a registry document says about the variables of an address or a header: {"tenant": {"description":
/// …}}.
void takeVariables(const Value &variables, Surroundings *around);

} // namespace mooring::interop
