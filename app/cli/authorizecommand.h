// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/context.h"

namespace mooring::cli {

/// `authorize`: signs in to the connection in the context, in the browser or as the arguments say; at a
/// terminal, what stands in the way is offered to be changed.
base::Task<base::Result<ExitCode>> runAuthorize(Context context, std::stop_token stop);

} // namespace mooring::cli
