// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mooring::storage {

/// How a piece of work in a keychain ended, as far as it makes a difference.
enum class JobOutcome {
    Done,
    NotFound, ///< can't be believed while the keychain is locked
    Denied, ///< by the person or by a rule
    NoService,
    Late, ///< it has not answered in time; what was asked for may still happen
    Failed,
};

/// The outcome with its details.
struct JobResult {
    JobOutcome outcome = JobOutcome::Failed;
    /// The keychain's or QtKeychain's own words, for a report.
    QString detail;
    /// Of a read: what is stored, as text.
    QString text;
};

} // namespace mooring::storage
