// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "demo/demoauthserver.h"
#include "demo/demomcpserver.h"

namespace mooring::demo {

/// All servers of the demo, on six ports in a row.
class Harbour final {
public:
    static constexpr quint16 ports = 6;

    /// `stateFolder` may be empty: then nothing outlives the program.
    Harbour(const QString &stateFolder, int accessTokenSeconds);

    /// False if one of the ports is taken; use a new Harbour then.
    bool listen(quint16 portBase);
    /// One line for each server: name, address, and what to do there.
    QStringList hints() const;

private:
    McpServer m_open;
    McpServer m_protected;
    McpServer m_noRegistration;
    McpServer m_apiKey;
    AuthServer m_protectedSignIn;
    AuthServer m_noRegistrationSignIn;
};

} // namespace mooring::demo
