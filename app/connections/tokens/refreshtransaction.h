// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/tokens/heldgrant.h"
#include "connections/tokens/renewalrequest.h"
#include "connections/tokens/services.h"
#include "storage/filelock.h"

namespace mooring::connections {

/// Why a token is wanted other than "the one at hand has run out".
struct RefreshReason {
    bool force = false;
    /// The very token that a server has refused.
    base::Secret refused = {};
};

/// One run of the refresh transaction (design.md section 5): guard, lock, re-read, post, store, read back,
/// record, publish, unlock. At most one runs per connection and process; across processes the connection's
/// lock orders them, and whoever comes second finds the new token. The object outlives its tasks.
class RefreshTransaction final {
public:
    RefreshTransaction(EntryPointer entry, Services services, std::shared_ptr<HeldGrant> held,
                       RefreshReason reason);

    base::Task<base::Result<Grant>> run();
    /// To be called after run(): the lock is kept until the last keychain job has really ended, however long
    /// ago callers were told that it is too slow. What such a job brings is taken.
    base::Task<void> settle();
    /// Only has the keychain take what is unsaved.
    base::Task<void> save();

private:
    base::Task<base::Result<void>> lock(std::stop_token stop);
    base::Task<base::Result<Grant>> runLocked();
    /// What the keychain holds, after it has taken what is only in memory.
    base::Task<base::Result<Grant>> read();
    /// Takes a grant that another process has written.
    base::Task<void> adopt(Grant grant);
    base::Task<base::Result<Grant>> renew(Grant old);
    /// Why this grant can't be renewed at all; nothing if it can.
    std::optional<base::Error> obstacle(const Grant &old) const;
    base::Task<base::Result<Grant>> store(Grant old, oauth::TokenSet tokens);
    base::Task<base::Result<void>> write(Grant old, Grant grant);
    base::Task<void> recordRenewed(Grant grant);
    base::Task<base::Result<Grant>> handleTrouble(Grant old, base::Error error);
    /// invalid_grant: the grant has ended.
    base::Task<base::Result<Grant>> handleRefusal(Grant old, base::Error error);
    /// The grant has ended, or may have, and the service says so in words of its own: the token is kept, but
    /// nobody asks with it again.
    base::Task<base::Result<Grant>> handleDoubt(Grant old, base::Error error);
    /// Why a service that has said so is not asked again; none if it may be.
    std::optional<base::Error> knownEnd(const Grant &grant) const;
    /// The service's verdict counts only for the token it was passed on: what another process has stored
    /// meanwhile.
    base::Task<base::Result<std::optional<Grant>>> newerThan(Grant old);
    base::Task<base::Result<Grant>> takeNewer(Grant newer, Grant old, base::Error error);
    base::Error endOf(const base::Error &error) const;
    base::Result<Grant> lastUseOf(const Grant &old, const base::Error &ended);
    base::Task<base::Result<Grant>> putOff(Grant old, base::Error error);
    base::Result<void> checkStamp(const Grant &grant, const oauth::ClientRegistration &client) const;
    bool isGoodEnough(const Grant &grant) const;
    void publish(const Grant &grant);

    const ConnectionRecord &record() const { return m_entry->record(); }
    GrantStore &grants() const { return m_services.stores.of(*m_entry); }
    QDateTime now() const { return m_entry->now(); }

    EntryPointer m_entry;
    Services m_services;
    std::shared_ptr<HeldGrant> m_held;
    Revoker m_revoker;
    RefreshReason m_reason;
    RenewalRequest m_request;
    std::optional<storage::FileLock> m_lock;
    /// HeldGrant::underWay(), until all of this is over.
    std::shared_ptr<bool> m_underWay = {};
    /// The answer of a keychain job may come after callers were told that it is too slow.
    bool m_isLate = false;
    /// Another process was cut off while it renewed with this very token.
    bool m_wasInterrupted = false;
};

/// Errors: InvalidInput if this connection has no tokens, SignInNeeded, with the reason, if there are none
/// now.
base::Result<void> checkHasTokens(const ConnectionRecord &record);
/// SignInNeeded with that sentence.
base::Error signInNeeded(const QString &sentence, const QString &detail = {});
/// SignInNeeded, while it is being disconnected.
base::Error disconnectingError();

} // namespace mooring::connections
