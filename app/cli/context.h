// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"
#include "cli/exitcode.h"
#include "cli/nextcommand.h"
#include "cli/terminal.h"
#include "connections/connectionlist.h"

namespace mooring::cli {

/// What a command works on. What is referred to outlives the command.
struct Context {
    connections::ConnectionList &list;
    Terminal &terminal;
    Arguments arguments;

    QDateTime now() const { return list.clock()(); }
    std::shared_ptr<connections::Connection> connection = {};

    /// A command of the same profile, whole, to be pasted.
    QString command(const QStringList &words) const { return commandText(arguments.profile, words); }
};

} // namespace mooring::cli
