// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/tokens/connectionauthorizer.h"
#include "mcp/probe.h"

#include <memory>

namespace mooring::connections {

/// Looks at the server of a connection without using it, and keeps what was found: in the record, and in the
/// activity log for other processes. No token is spent, no browser opens. Held by shared_ptr, by running
/// tasks too.
class ServerProbe final : public std::enable_shared_from_this<ServerProbe> {
public:
    ServerProbe(EntryPointer entry, Services services, std::shared_ptr<CredentialSources> sources);

    /// The server may be out of order: what it is was found out before is not forgotten because of that.
    base::Task<mcp::ProbeReport> check(http::StepSink sink, std::stop_token stop);
    /// Looks without the key, with which the server would let us in and not say where people sign in.
    base::Task<void> lookForSignIn(std::stop_token stop);

    /// The last look of this process; null before the first. Only such a one has a discovery.
    const mcp::ProbeReport *report() const { return m_report.get(); }
    /// A look that was made elsewhere, as by the add dialog.
    void keep(const mcp::ProbeReport &report);
    /// What this process has found counts no more, because it asks in another way now.
    void forgetReport() { m_report.reset(); }
    /// What was found out about the sign-in counts no more, here and for other processes.
    void forgetDiscovery();

private:
    base::Task<base::Result<void>> record(mcp::ProbeReport report, std::stop_token stop);

    EntryPointer m_entry;
    Services m_services;
    ConnectionAuthorizer m_withKey;
    ConnectionAuthorizer m_beside;
    std::unique_ptr<mcp::ProbeReport> m_report;
};

} // namespace mooring::connections
