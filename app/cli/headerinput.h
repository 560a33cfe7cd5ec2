// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/terminal.h"
#include "connections/connectionlist.h"
#include "connections/records/typedheaders.h"

namespace mooring::cli {

/// A header as the person gave it, and how else it may have been meant.
struct GivenHeader {
    connections::TypedHeader header;
    /// The key in another dress; empty if there is none. See interop::HeaderValue.
    base::Secret alternative;
};

/// Reads the keys that belong to these headers from standard input, a line each, in their order: "NAME" for
/// such a key, "NAME: value" for what is no secret. Everything is checked; what was odd about a key is said.
/// Errors: InvalidInput, also for a key on the command line.
base::Task<base::Result<QList<GivenHeader>>> readHeaders(Terminal &terminal, QStringList headers,
                                                         std::stop_token stop);

/// The same for one whose value is known.
base::Result<GivenHeader> givenHeader(Terminal &terminal, const QString &name, const QString &value,
                                      bool isSecret);

/// Offers a person to type the key that a server wants, for the header Authorization; `sentence` says that it
/// wants one. Nothing where the answer is no, or nobody is there.
base::Task<base::Result<QList<GivenHeader>>> askForKey(Terminal &terminal, QString sentence,
                                                       std::stop_token stop);

QList<connections::TypedHeader> typedHeaders(const QList<GivenHeader> &given);

} // namespace mooring::cli
