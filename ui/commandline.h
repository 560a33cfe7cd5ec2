// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/profile.h"

#include <QCommandLineParser>

namespace mooring::ui {

/// What may stand on the command line of `mooring`.
class CommandLine final {
public:
    CommandLine();

    /// Before there is an application. Qt's own options are still in it and unknown here, so what is wrong is
    /// not told yet.
    void read(int argc, char *argv[]);
    /// Once Qt has taken its options out. Ends the program with the help, the version, or what is wrong.
    void process(const QCoreApplication &app) { m_parser.process(app); }

    /// No window will be shown, so no display is needed.
    bool onlyTells() const;
    /// Errors: those of Profile::fromName().
    base::Result<storage::Profile> profile() const;

private:
    QCommandLineParser m_parser;
};

} // namespace mooring::ui
