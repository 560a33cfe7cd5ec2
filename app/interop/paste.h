// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "interop/pastedserver.h"

namespace mooring::interop {

/// What was pasted, dropped or typed: one server or several, and what a person should know about it.
struct Paste {
    QList<PastedServer> servers;
    /// Sentences: what was left out and why (programs, entries of Mooring itself, servers beyond the
    /// hundredth).
    QStringList notes;

    friend bool operator==(const Paste &, const Paste &) = default;
};

constexpr qsizetype maximumPaste = 1024 * 1024;
constexpr qsizetype maximumServers = 100;

/// Takes whatever has an address in it: an address, alone or in a sentence; the command line of any app;
/// JSON, TOML and YAML in any app's shape; install links and their web wrappers; Markdown. What it finds is
/// data: nothing is started, opened or fetched.
///
/// Errors: InvalidInput with a sentence (what is wrong, and in which line; a program without an address),
/// RefusedByPolicy for an address that must not be used.
base::Result<Paste> readPaste(const QString &text);

/// The same for a command line that the shell has taken apart already.
base::Result<Paste> readPastedWords(const QStringList &words);

} // namespace mooring::interop
