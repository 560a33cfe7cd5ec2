// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/arguments.h"

#include <QCommandLineOption>

namespace mooring::cli {

/// What mooringctl understands after the name of a command, and how --help tells about it.
struct CommandSpec {
    Command command;
    QString name;
    /// What follows the name, as --help shows it.
    QString usage;
    QString summary;
    qsizetype minimumWords = 0;
    qsizetype maximumWords = 0;
    QList<QCommandLineOption> options = {};
    /// Below the options.
    QString moreHelp = {};
};

QList<CommandSpec> commandSpecs();
QList<QCommandLineOption> globalOptions();

QString generalHelp();
QString helpOf(const CommandSpec &spec);

} // namespace mooring::cli
