// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "storage/filelock.h"
#include "storage/profile.h"

#include <QLocalServer>
#include <QObject>

#include <optional>

namespace mooring::ui {

/// One window per profile: whoever has the lock is the first and listens; every later start asks it to
/// come to the front. The lock decides and not the socket, because a socket's file outlives a crash.
class SingleInstance final : public QObject {
    Q_OBJECT
public:
    explicit SingleInstance(storage::Profile profile, QObject *parent = nullptr);

    /// True if this process is the first; it listens from then on.
    base::Result<bool> becomeFirst();
    /// For later starts: asks the first; asked() tells how it went.
    void askFirst();

Q_SIGNALS:
    /// Another start of the program wants the window to be seen.
    void raiseRequested();
    /// False if the first did not answer within a few seconds.
    void asked(bool heard);

private:
    void onVisitor();
    void tryToAsk(int attemptsLeft);

    storage::Profile m_profile;
    std::optional<storage::FileLock> m_lock;
    QLocalServer m_server;
};

} // namespace mooring::ui
