// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/resolution.h"

#include <QStringList>

namespace mooring::support {

/// Names and addresses beyond this computer, for tests that never leave it. While it lives, what this process
/// connects to is written down, and a connection to a placed address ends at a port of 127.0.0.1; one to any
/// other address that is not loopback is refused. It takes the place of connect() and getaddrinfo() of the C
/// library, so it is in no library itself: link mooring_fakeinternet. One at a time.
class FakeInternet final {
public:
    FakeInternet();
    ~FakeInternet();
    Q_DISABLE_COPY_MOVE(FakeInternet)

    /// Whoever connects to `address`, at any port, gets to `port` of 127.0.0.1.
    void place(const QString &address, quint16 port);
    /// What the system answers for a name. A name that has none is unknown, other than those of this
    /// computer.
    void name(const QString &host, const QStringList &addresses);

    /// Whoever asks for that name waits as long as this lives.
    void silence(const QString &host);

    /// Every connect() of the process so far, as ADDRESS:PORT in the words of the caller; those to the ports
    /// of the test's own servers are left out.
    QStringList attempts() const;
    void forgetAttempts();
    /// Own connections to 127.0.0.1 at this port (of a fake server, of a fake person) are no attempts.
    void ignore(quint16 port);
};

/// A Resolver that gives, for each name, one answer after the other and the last one for ever. A name without
/// answers is unknown. Shared by its copies.
class FakeNames final {
public:
    void answer(const QString &host, const QStringList &addresses);
    http::Resolver resolver() const;
    /// The names that were asked for, in order.
    QStringList asked() const { return m_state->asked; }

private:
    struct State {
        QHash<QString, QList<QStringList>> answers;
        QStringList asked;
    };
    static base::Task<base::Result<http::Addresses>> resolve(std::shared_ptr<State> state, QString host);

    std::shared_ptr<State> m_state = std::make_shared<State>();
};

} // namespace mooring::support
