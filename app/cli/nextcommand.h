// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "connections/connectionlist.h"

#include <QStringList>

namespace mooring::cli {

// Which command helps on, whole and quoted, so that it can be pasted into a shell.

/// One word of a command line.
QString quotedWord(const QString &word);
/// "mooringctl --profile work authorize "Linear" --allow-missing-pkce"; no profile for the default one.
QString commandText(const QString &profile, const QStringList &words);

/// What find() takes for this connection: its name, or its id where the name is of no use.
QString handleOf(const connections::ConnectionList &list, const connections::Connection &connection);

/// Words of the command that helps after `error`; empty for none.
QStringList wordsAfter(const base::Error &error, const connections::ConnectionRecord &record,
                       const QString &handle);
/// Words of the command that makes sense in this state; empty for none.
QStringList wordsFor(const connections::Connection &connection, const QString &handle);

} // namespace mooring::cli
