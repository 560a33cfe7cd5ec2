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

/// One process of worker.cpp.
class Worker final : public QObject {
    Q_OBJECT
public:
    /// `deadlines` in the place of each of its own.
    explicit Worker(const QString &connectionId, const QByteArray &checkpoint = {},
                    std::optional<std::chrono::milliseconds> deadlines = std::nullopt);
    ~Worker() override;

    void send(const QByteArray &command);
    bool isReady() const { return m_ready; }
    /// Answers of callers since the last forget(): hashes of tokens, and errors.
    const QList<QByteArray> &tokens() const { return m_tokens; }
    const QStringList &errors() const { return m_errors; }
    /// All callers of the last command have their answer.
    bool isDone() const { return m_done; }
    int browsers() const { return m_browsers; }
    /// Called with each page that is to be opened.
    void setBrowser(oauth::OpenUrl browser) { m_browser = std::move(browser); }
    void forget();

    /// Stopped by a checkpoint (proc(5), state T).
    bool isStopped() const;
    /// Stops it wherever it is (SIGSTOP); returns when it stands still.
    void stop() const;
    /// On from there, or from the checkpoint (SIGCONT).
    void goOn() const;
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
    oauth::OpenUrl m_browser;
};

/// The profile of this session with its real keychain, opened in this process. Its end is that of a program.
class OpenProfile final {
public:
    OpenProfile(base::Clock itsClock, oauth::OpenUrl openUrl);
    ~OpenProfile();
    Q_DISABLE_COPY_MOVE(OpenProfile)

    std::shared_ptr<connections::Connection> add(const QUrl &url);
    /// What could not be loaded or added, in words; empty if all is well.
    QString trouble;
    base::Clock clock;
    base::Deadlines deadlines;
    http::Client http;
    storage::KeychainStore keychain;
    connections::ConnectionList list;
};

/// A signed-in connection in the profile and the real keychain of this session, its servers, and a
/// clock that workers and servers share. The processes that use it are Workers.
class SharedConnection final {
public:
    SharedConnection();

    /// Signs in from this process, then lets go of everything, so that only workers use it.
    /// False if that did not work; why has been printed.
    bool signIn();
    /// Signs in that many connections, all to the same server.
    bool signInTo(int connections);
    std::unique_ptr<OpenProfile> open();
    /// By that much for the servers and, with the next command, for the workers.
    void advance(std::chrono::milliseconds by) { *m_ahead += by.count(); }
    QByteArray clockCommand() const { return "clock " + QByteArray::number(*m_ahead); }
    QDateTime now() const;

    std::unique_ptr<Worker> worker(const QByteArray &checkpoint = {});
    const QString &connectionId() const { return m_connectionId; }
    void setConnectionId(const QString &id) { m_connectionId = id; }
    connections::ConnectionRecord record() const;
    /// What the hash of a working access token is; empty if nothing has been issued yet.
    QByteArray lastIssued() const { return m_issued.isEmpty() ? QByteArray() : m_issued.last(); }
    /// Answers with that error.
    int invalidGrants() const { return m_invalidGrants; }
    const QList<QDateTime> &tokenRequestTimes() const { return m_tokenRequestTimes; }
    /// True for the hash of an access token that the service has issued and not ended.
    bool works(const QByteArray &hash) const;

private:
    std::shared_ptr<qint64> m_ahead = std::make_shared<qint64>(0);
    QHash<QByteArray, QByteArray> m_tokenOfHash;
    QList<QByteArray> m_issued;
    QList<QDateTime> m_tokenRequestTimes;
    QString m_connectionId;
    int m_invalidGrants = 0;

public:
    support::FakeAuthServer auth;
    support::FakeMcpServer mcp;
    support::FakePerson person;
    /// Before each answer of the token endpoint, after it has done its work.
    std::chrono::milliseconds answersAfter{0};
    /// So many answers of the token endpoint are lost, after it has done its work.
    int answersToLose = 0;
};

/// Lets the event loop run until `isSo`; false if that takes longer than `patience`. Finer than QTRY_VERIFY,
/// which looks every 50 ms.
bool until(const std::function<bool()> &isSo, std::chrono::milliseconds patience = std::chrono::seconds(60));

/// The number of rounds for this run: MOORING_CAMPAIGN is "full" or anything else.
int rounds(int shortly, int fully);

} // namespace mooring::test
