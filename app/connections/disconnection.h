// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/tokens/scoperequests.h"
#include "connections/tokens/tokensource.h"

namespace mooring::connections {

/// Ends the sign-in of a connection, or removes its key: local use ends at once, then the service is told,
/// then the credential is deleted. An interrupted one goes on with the next call. Held by shared_ptr, by
/// running tasks too.
class Disconnection final : public std::enable_shared_from_this<Disconnection> {
public:
    Disconnection(EntryPointer entry, Services services, std::shared_ptr<TokenSource> tokens,
                  std::shared_ptr<ScopeRequests> scopes);

    /// A second call while one is running shares its end. An error means that it is not finished and will go
    /// on: the record says so.
    base::Task<base::Result<Disconnected>> run(std::stop_token stop);

private:
    static base::Task<void> runOnce(std::shared_ptr<Disconnection> self,
                                    std::shared_ptr<base::SharedResult<Disconnected>> shared);
    base::Task<base::Result<Disconnected>> disconnect();
    base::Task<base::Result<Disconnected>> revokeLatest(qint64 *generation);
    base::Task<base::Result<void>> removeSecrets();

    EntryPointer m_entry;
    Services m_services;
    std::shared_ptr<TokenSource> m_tokens;
    std::shared_ptr<ScopeRequests> m_scopes;
    GrantWriter m_writer;
    RequestSecretsWriter m_requestSecrets;
    Revoker m_revoker;
    /// Set while one is running.
    std::shared_ptr<base::SharedResult<Disconnected>> m_running;
};

} // namespace mooring::connections
