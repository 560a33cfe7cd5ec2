// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>

#include <functional>

namespace mooring::storage {
class SecretStore;
}

namespace mooring::cli {

class Terminal;

/// Keeps a wait from being silent: a question of the keychain is told when it comes, and after two seconds
/// without a word it is said once what is being waited for. Where the person is the one who is waited
/// for (a line to be typed, a page in the browser), nothing is said. One object for the whole run.
class WaitNotice final : public QObject {
    Q_OBJECT
public:
    /// What is waited for apart from the keychain, as a sentence; empty where nothing needs to be said.
    using Reason = std::function<QString()>;

    /// All of them outlive it.
    WaitNotice(Terminal &terminal, storage::SecretStore &secrets, Reason reason);

    /// Nothing more is said.
    void stop();

private:
    void onQuestion();
    void onSilence();

    Terminal &m_terminal;
    storage::SecretStore &m_secrets;
    Reason m_reason;
    QTimer m_silence;
    QString m_said;
};

} // namespace mooring::cli
