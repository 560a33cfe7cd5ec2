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

ExitCode exitCodeOf(const mcp::ProbeReport &report)
{
    using Verdict = mcp::ProbeReport::Verdict;
    switch (report.verdict) {
    case Verdict::Open:
    case Verdict::NeedsSignIn:
    case Verdict::NeedsKey:
        return ExitCode::Ok;
    case Verdict::KeyRefused:
        return ExitCode::SignInNeeded;
    case Verdict::NotMcp:
        return ExitCode::NotFound;
    case Verdict::Refused:
        return ExitCode::Refused;
    case Verdict::SignInUnusable:
    case Verdict::Blocked:
    case Verdict::UnknownVersions:
        return report.error ? exitCodeOf(*report.error) : ExitCode::Failed;
    case Verdict::Unreachable:
        break;
    }
    return report.error ? exitCodeOf(*report.error) : ExitCode::Network;
}

} // namespace mooring::cli
