// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "workerpool.h"

namespace mooring::test {

/// How the connection is when the job begins.
enum class Start { Nothing, Added, NotAuthorized, SignedIn, Expired };
/// What the process is doing, and with that: what may be found when it has been killed.
enum class Job { Add, AddWithKey, Check, SignIn, Refresh, Disconnect, Label, Hint };

/// A place where a process is killed: a row of reference/security-reliability.md 6.7.
struct Point {
    const char *id;
    const char *name;
    /// Empty: while the token endpoint, which has done its work, holds its answer back.
    const char *checkpoint;
    Job job;
    Start start;
    /// What the job is for has been reached at this very point, or is reached by finishing it later.
    bool isDone = false;
    /// With a refresh killed at this very point: token requests in the end.
    int requests = 0;
    /// The client has a secret.
    bool isConfidential = false;
    /// Nobody answers in the browser.
    bool nobodyAnswers = false;
};

enum class When { AtThePoint, SoonAfter, AtRandom };

struct KillTotals {
    int kills = 0;
    int lostEntries = 0;
    int corruptFiles = 0;
    int lostTokens = 0;
    int strayItems = 0;
};

/// A connection at which processes are killed in the middle of their jobs, beside three others (one signed
/// in, one with a key, one that is only there) which nobody touches and which must stay as they are.
class KillBed final {
public:
    /// The neighbours are there; false if that did not work.
    bool furnish();
    void prepare(const Point &point);
    /// How long the job takes when nobody disturbs it.
    std::chrono::milliseconds duration(const Point &point);
    /// Starts the job and kills it.
    void kill(const Point &point, When when, std::chrono::milliseconds duration);
    /// Opens the profile afresh and looks at everything.
    void look(const Point &point, bool wasAtThePoint);
    /// The neighbours can still be used.
    void useNeighbours();

    /// Everything that is wrong.
    const QStringList &complaints() const { return m_complaints; }
    const KillTotals &totals() const { return m_totals; }

    SharedConnection subject;

private:
    using Pointer = std::shared_ptr<connections::Connection>;

    QByteArray commandFor(const Point &point) const;
    bool hasReached(const Point &point, const Worker &victim) const;
    void complain(const QString &what);
    /// False, and a complaint, if it isn't so.
    bool expect(bool isSo, const QString &what);
    bool expectUsable(const Pointer &connection);
    void lookAtFiles();
    void lookAtNeighbours(const OpenProfile &profile);
    void lookAtKeyring(const OpenProfile &profile);
    Pointer foundIn(const OpenProfile &profile, const Point &point, bool wasAtThePoint);
    void lookAtSignIn(const Pointer &connection, const Point &point, bool wasAtThePoint, bool isStored);
    void lookAtLateBrowser();
    void lookAtRefresh(const Pointer &connection, const Point &point, bool wasAtThePoint);
    void lookAtDisconnect(const Pointer &connection, bool wasAtThePoint);
    void lookAtRecord(const Pointer &connection, const Point &point, bool wasAtThePoint);
    void lookAtKey(const Pointer &connection, const Point &point, bool wasAtThePoint);
    void lookAtCheck(const Pointer &connection, const Point &point, bool wasAtThePoint);

    SharedConnection m_other;
    support::FakeMcpServer m_keyServer;
    support::FakeMcpServer m_plainServer;
    QList<connections::ConnectionRecord> m_neighbours;
    connections::ConnectionRecord m_before;
    QByteArray m_tokenBefore;
    int m_refreshesBefore = 0;
    int m_exchangesBefore = 0;
    int m_serial = 0;
    QString m_context;
    QStringList m_complaints;
    KillTotals m_totals;
};

} // namespace mooring::test
