// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "cli/terminal.h"
#include "connections/connection.h"

namespace mooring::cli {

/// What a sign-in is to do, from the arguments and, in this order, from standard input: client secret or
/// private key, the token to be traded, the secret at the identity provider. `wantedScopes` is what
/// --allow-more stands for. Errors: InvalidInput, RefusedByPolicy for an address without encryption.
base::Task<base::Result<connections::AuthorizeOptions>>
readSignInOptions(Terminal &terminal, Arguments arguments, QStringList wantedScopes, std::stop_token stop);

/// Agrees to what a remedy names, where it is for one sign-in; nothing happens for settings.
void takeRemedy(connections::AuthorizeOptions *options, QStringView remedy);

} // namespace mooring::cli
