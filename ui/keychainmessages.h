// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "ui/widgets/messagebar.h"

#include <QObject>

namespace mooring::ui {

/// What the window says about the keychain as a whole: the question that it asks the person, for as long as
/// it does; and, once for each keychain that new sign-ins begin to go to, that others are still in another
/// one.
class KeychainMessages final : public QObject {
    Q_OBJECT
public:
    /// What is handed in outlives it, and `tasks` are drained before it dies.
    KeychainMessages(connections::ConnectionList &list, base::TaskScope &tasks, MessageBar &messages,
                     QObject *parent = nullptr);

    /// Looks, the first time it is called, whether sign-ins are in another keychain than new ones go to. Not
    /// before something was used: a window that is only looked at reaches for no keychain.
    void lookForStrays();

Q_SIGNALS:
    /// Sign-ins are kept in another keychain than before.
    void moved();

private:
    void showQuestion();
    void offerToMove();
    base::Task<void> runLook();
    base::Task<void> runMove();

    connections::ConnectionList &m_list;
    base::TaskScope &m_tasks;
    MessageBar &m_messages;
    bool m_hasLooked = false;
};

} // namespace mooring::ui
