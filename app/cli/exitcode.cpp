// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/exitcode.h"

namespace mooring::cli {

using base::ErrorKind;

ExitCode exitCodeOf(const base::Error &error)
{
    switch (error.kind) {
    case ErrorKind::Network:
    case ErrorKind::Timeout:
    case ErrorKind::Tls:
        return ExitCode::Network;
    case ErrorKind::HttpStatus:
        return error.isTransient() ? ExitCode::Network : ExitCode::Failed;
    case ErrorKind::RefusedByPolicy:
        return ExitCode::Refused;
    case ErrorKind::SignInNeeded:
    case ErrorKind::MoreScopeNeeded:
    case ErrorKind::Denied:
        return ExitCode::SignInNeeded;
    case ErrorKind::Keychain:
        return ExitCode::Keychain;
    case ErrorKind::Cancelled:
        return ExitCode::Cancelled;
    case ErrorKind::InvalidInput:
        return ExitCode::Usage;
    case ErrorKind::NotFound:
        return ExitCode::NotFound;
    case ErrorKind::Protocol:
    case ErrorKind::Storage:
        break;
    }
    return ExitCode::Failed;
}

} // namespace mooring::cli
