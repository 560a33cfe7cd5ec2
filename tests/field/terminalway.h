// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/ctlrunner.h"

#include <QByteArrayList>

namespace mooring::field {

/// The real mooringctl, run while this process, which is the server and the service, goes on.
class TerminalWay final {
public:
    /// At a pipe, as from a script.
    clitest::Run run(const QStringList &words, const QByteArray &input = {});
    /// With --json. Its document, whatever the exit code; `exitCode` fails the test if it is another one.
    QJsonObject json(const QStringList &words, int exitCode = 0, const QByteArray &input = {});

    struct Talk {
        int exitCode = -1;
        /// What stood on the terminal.
        QString shown;
    };
    /// At a terminal: each answer is typed once the text before it is there.
    Talk talk(const QStringList &words, const QList<std::pair<QString, QByteArray>> &answers);

    /// The words of a command that was told to a person, as a shell takes them apart; without "mooringctl".
    static QStringList pasted(const QString &command);

    clitest::CtlRunner &ctl() { return m_ctl; }

private:
    clitest::CtlRunner m_ctl;
};

} // namespace mooring::field
