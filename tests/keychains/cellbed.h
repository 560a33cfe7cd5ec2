// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keychains/command.h"
#include "keychains/realkeychain.h"
#include "support/fakeauthserver.h"
#include "support/fakemcpserver.h"

#include <functional>

namespace mooring::keychains {

using Commands = std::vector<std::unique_ptr<Command>>;

/// One cell: a profile of its own with one connection, "Linear (work)", its server, and its service, which
/// rotates refresh tokens and ends the whole sign-in when one is used twice.
class CellBed final {
public:
    CellBed(const RealKeychain &keychain, const QString &job);

    const QString &job() const { return m_job; }
    /// Begins `mooringctl WORD… CONNECTION`.
    std::unique_ptr<Command> begin(const QString &verb);
    std::unique_ptr<Command> add();
    std::unique_ptr<Command> beginUnlock();
    /// `mooringctl --version`.
    std::unique_ptr<Command> beginNothing();
    /// Begins the job of this cell: one command, or two at once for "use".
    Commands beginJob();
    void setProgram(const QString &path) { m_ctl.setProgram(path); }
    /// The next use renews.
    void endAccess() { m_auth.endAccessTokens(); }
    /// mooringctl stops itself at the checkpoint from now on; empty for none.
    void setCheckpoint(const QString &name)
    {
        m_ctl.setEnvironment(QStringLiteral("MOORING_CHECKPOINT"), name);
    }
    /// Once, in the middle of the next token or revocation request: it is done, its answer is not yet sent.
    void setInTheMiddle(std::function<void()> what) { m_inTheMiddle = std::move(what); }

    /// Of the connection in the profile; empty after it has been removed.
    QString id() const;
    int signIns() const { return m_auth.codeExchanges(); }
    /// Requests at the token endpoint that have given tokens.
    int tokenAnswers() const { return m_answers; }
    int revocations() const { return m_auth.revocations(); }
    /// Whether the service still accepts anything that it has ever given.
    bool isAlive() const;

private:
    void interceptRevocations();
    void goThroughTheMiddle();

    QString m_job;
    clitest::CtlRunner m_ctl;
    support::FakeAuthServer m_auth;
    support::FakeMcpServer m_mcp;
    QList<QByteArray> m_given;
    int m_answers = 0;
    std::function<void()> m_inTheMiddle;
};

} // namespace mooring::keychains
