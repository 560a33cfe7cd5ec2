// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/blanks.h"
#include "interop/findings.h"

namespace mooring::interop {

/// Whether the words are a command that names a server: `claude mcp add …` of any app, `code --add-mcp …`, a
/// bridge, `curl …`, `mooringctl add …`. Words of a sentence in front of it are cut off.
bool takeHostCommand(QStringList *words);

/// Whether it only runs something, and names no server: "npm install x".
bool onlyRuns(const QStringList &words);

/// Reads a command of which takeHostCommand() said so.
void readHostCommand(const QStringList &words, const Surroundings &around, Findings *findings);

} // namespace mooring::interop
