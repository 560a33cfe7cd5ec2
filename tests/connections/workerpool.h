// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "storage/keychainstore.h"
#include "support/await.h"
#include "support/fakeauthserver.h"
#include "support/fakemcpserver.h"
#include "support/fakeperson.h"

#include <QProcess>

#include <memory>
#include <vector>

namespace mooring::test {

/// One process of refreshworker.cpp.
class Worker final : public QObject {
    Q_OBJECT
public:
    explicit Worker(const QString &connectionId, const QByteArray &checkpoint = {});
    ~Worker() override;

    void send(const QByteArray &command);
    bool isReady() const { return m_ready; }
    /// Answers of callers since the last forget(): hashes of tokens, and errors.
    const QList<QByteArray> &tokens() const { return m_tokens; }
    const QStringList &errors() const { return m_errors; }
    /// All callers of the last command have their answer.
    bool isDone() const { return m_done; }
    int browsers() const { return m_browsers; }
    void forget();

    /// Stopped by a checkpoint (proc(5), state T).
    bool isStopped() const;
    /// SIGKILL; returns when the process is gone.
    void kill();
    /// -1 while it runs, or if it was killed.
    int exitCode() const { return m_exitCode; }
    bool hasEnded() const { return m_process.state() == QProcess::NotRunning; }

private:
    void onLine(const QByteArray &line);

    QProcess m_process;
    QList<QByteArray> m_tokens;
    QStringList m_errors;
    bool m_ready = false;
    bool m_done = false;
    int m_browsers = 0;
    int m_exitCode = -1;
};

/// A signed-in connection in the profile and the real keychain of this session, its servers, and a
/// clock that workers and servers share. The processes that use it are Workers.
class SharedConnection final {
public:
    SharedConnection();

    /// Signs in from this process, then lets go of everything, so that only workers use it.
    /// False if that did not work; why has been printed.
    bool signIn();
    /// By that much for the servers and, with the next command, for the workers.
    void advance(std::chrono::milliseconds by) { *m_ahead += by.count(); }
    QByteArray clockCommand() const { return "clock " + QByteArray::number(*m_ahead); }
    QDateTime now() const;

    std::unique_ptr<Worker> worker(const QByteArray &checkpoint = {}) const;
    connections::ConnectionRecord record() const;
    /// What the hash of a working access token is; empty if nothing has been issued yet.
    QByteArray lastIssued() const { return m_issued.isEmpty() ? QByteArray() : m_issued.last(); }
    const QList<QDateTime> &tokenRequestTimes() const { return m_tokenRequestTimes; }
    /// True for the hash of an access token that the service has issued and not ended.
    bool works(const QByteArray &hash) const;

private:
    std::shared_ptr<qint64> m_ahead = std::make_shared<qint64>(0);
    QHash<QByteArray, QByteArray> m_tokenOfHash;
    QList<QByteArray> m_issued;
    QList<QDateTime> m_tokenRequestTimes;
    QString m_connectionId;

public:
    support::FakeAuthServer auth;
    support::FakeMcpServer mcp;
    support::FakePerson person;
    /// Before each answer of the token endpoint, after it has done its work.
    std::chrono::milliseconds answersAfter{0};
};

/// The number of rounds for this run: MOORING_CAMPAIGN is "full" or anything else.
int rounds(int shortly, int fully);

} // namespace mooring::test
