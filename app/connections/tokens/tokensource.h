// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/grants/grantwriter.h"
#include "connections/tokens/refreshtransaction.h"

#include <QObject>

#include <memory>

namespace mooring::connections {

/// What an access token is like, without the token.
struct TokenFacts {
    QDateTime issuedAt;
    std::optional<QDateTime> expiresAt;
    QStringList scopes;
    QString resource;
    QString issuer;
    qsizetype length = 0;
};

struct AccessToken {
    base::Secret token;
    TokenFacts facts;
};

/// The one place that hands out, caches and renews the tokens of a connection. Held by shared_ptr, by running
/// tasks too. Main thread only.
class TokenSource final : public std::enable_shared_from_this<TokenSource> {
public:
    static std::shared_ptr<TokenSource> make(EntryPointer entry, Services services);
    ~TokenSource();
    Q_DISABLE_COPY_MOVE(TokenSource)

    /// A fresh access token: the one at hand, else one refreshed just in time, exactly once for all callers
    /// of all processes. `stop` ends the caller's wait only. Errors: InvalidInput, SignInNeeded, Keychain,
    /// and the transient ones, which lose nothing.
    base::Task<base::Result<AccessToken>> accessToken(RefreshReason reason, std::stop_token stop);
    /// The same with all that belongs to the token, for a caller that has checked what the record says.
    base::Task<base::Result<Grant>> freshGrant(RefreshReason reason, std::stop_token stop);

    /// Whoever waits for a renewal gets this error now; the renewal itself goes on.
    void endWaiting(const base::Error &error);
    /// What this process holds of the grant.
    HeldGrant &held() { return *m_held; }
    const HeldGrant &held() const { return *m_held; }

private:
    TokenSource(EntryPointer entry, Services services);
    void onReplaced(const ConnectionRecord &before);
    const Grant *grantAtHand(const RefreshReason &reason) const;
    static base::Task<void> refresh(std::shared_ptr<TokenSource> self, RefreshReason reason,
                                    std::shared_ptr<base::SharedResult<Grant>> shared);
    /// Has the keychain take what is unsaved, sooner or later.
    static base::Task<void> saveLater(std::shared_ptr<TokenSource> self);

    EntryPointer m_entry;
    Services m_services;
    std::shared_ptr<HeldGrant> m_held;
    GrantWriter m_writer;
    std::shared_ptr<base::SharedResult<Grant>> m_refreshing;
    bool m_isSavingLater = false;
    /// The connections to the entry's signals go with it.
    QObject m_context;
};

} // namespace mooring::connections
