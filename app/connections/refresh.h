// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connection_p.h"
#include "oauth/tokenrequest.h"
#include "storage/filelock.h"

namespace mooring::connections {

/// One run of the refresh transaction (design.md section 5): guard, lock, re-read, post, store,
/// read back, record, publish, unlock. At most one runs per connection and process; across
/// processes the connection's lock orders them, and whoever comes second finds the new token.
class RefreshTransaction final {
public:
    RefreshTransaction(SelfPointer self, RefreshReason reason);

    /// The object must outlive the tasks.
    base::Task<base::Result<Grant>> run();
    /// To be called after run(): its lock is kept until the last keychain job has really ended, however long
    /// ago callers were told that it is too slow. What such a job brings is taken.
    base::Task<void> settle();
    /// Only has the keychain take what is in memory.
    base::Task<void> save();

private:
    base::Task<base::Result<void>> lock(std::stop_token stop);
    base::Task<base::Result<Grant>> runLocked();
    /// What the keychain holds, after it has taken what is only in memory.
    base::Task<base::Result<Grant>> read();
    base::Task<void> adopt(Grant grant);
    base::Task<base::Result<Grant>> renew(Grant old);
    oauth::RefreshRequest requestFor(const Grant &grant, oauth::ClientRegistration client) const;
    base::Task<base::Result<oauth::TokenSet>> post(oauth::RefreshRequest request);
    base::Task<base::Result<oauth::TokenSet>> postOnce(oauth::RefreshRequest request);
    /// For a grant that Mooring got as itself: the same once more.
    base::Task<base::Result<oauth::TokenSet>> askAgain(Grant old, oauth::ClientRegistration client);
    base::Task<base::Result<Grant>> store(Grant old, oauth::TokenSet tokens);
    /// What came of asking the service for a new token.
    base::Task<base::Result<Grant>> handleTrouble(Grant old, base::Error error);
    base::Task<base::Result<Grant>> handleRefusal(Grant old, base::Error error);
    /// The grant has ended, or may have, and the service says so in words of its own: the token is kept, but
    /// nobody asks with it again.
    base::Task<base::Result<Grant>> handleDoubt(Grant old, base::Error error);
    /// Why a service that has said so is not asked again; none if it may be.
    std::optional<base::Error> knownEnd(const Grant &grant) const;
    /// The verdict counts only for the token it was passed on: what another process has stored meanwhile.
    base::Task<base::Result<std::optional<Grant>>> newerThan(Grant old);
    base::Task<base::Result<Grant>> takeNewer(Grant newer, Grant old, base::Error error);
    base::Error endOf(const base::Error &error) const;
    base::Result<Grant> lastUseOf(const Grant &old, const base::Error &ended);
    base::Task<base::Result<Grant>> putOff(Grant old, base::Error error);
    base::Task<void> record(RecordChange change);
    base::Result<void> checkStamp(const Grant &grant, const oauth::ClientRegistration &client) const;
    bool isGoodEnough(const Grant &grant) const;
    void publish(const Grant &grant);

    SelfPointer m_self;
    Connection::Private *d;
    RefreshReason m_reason;
    std::optional<storage::FileLock> m_lock;
    /// See Connection::Private::underWay; until all of this is over.
    std::shared_ptr<bool> m_underWay = {};
    /// The answer of a keychain job may come after callers were told that it is too slow.
    bool m_isLate = false;
    /// The token may have been used up by a request whose answer nobody has seen.
    bool m_wasInterrupted = false;
    /// The service has refused `resource` and taken the same request without it.
    bool m_omitsResource = false;
};

/// Errors: InvalidInput if this connection has no tokens, SignInNeeded, with the reason, if there are none
/// now.
base::Result<void> checkHasTokens(const ConnectionRecord &record);

/// Nothing may stop a request that might have been answered, or the writing of its answer.
inline std::stop_token never()
{
    return {};
}

/// Without a person.
inline bool canRenew(const Grant &grant)
{
    return grant.source == Grant::Source::ClientCredentials || !grant.tokens.refreshToken.isEmpty();
}

inline base::Error endedError(const QString &sentence, const QString &detail = {})
{
    return makeError(base::ErrorKind::SignInNeeded, sentence, detail);
}

} // namespace mooring::connections
