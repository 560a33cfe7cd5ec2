// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"
#include "cli/terminal.h"
#include "interop/paste.h"

namespace mooring::cli {

/// What is to be added: `words` as the shell took them apart, be it one pasted text or the words of another
/// app's command line. From standard input where there are none, or only "-". Errors: InvalidInput for what
/// is no paste or beyond 1 MiB, RefusedByPolicy.
base::Task<base::Result<interop::Paste>> readPastedInput(Terminal &terminal, QStringList words,
                                                         std::stop_token stop);

/// Fills the blanks in, one line of standard input each, in the order of server.blanks(); secret ones are not
/// echoed. Where a blank has a suggestion, an empty line takes it. Errors: InvalidInput, with the names of
/// the blanks, where there is no line for one.
base::Task<base::Result<interop::PastedServer>> fillBlanks(Terminal &terminal, interop::PastedServer server,
                                                           std::stop_token stop);

} // namespace mooring::cli
