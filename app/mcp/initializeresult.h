// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/exchange.h"
#include "mcp/protocol.h"

namespace mooring::mcp {

/// What an answer to initialize or server/discover says about the server.
struct InitializeResult {
    enum class Fit {
        Agreed, ///< `server` is filled in
        AskAgain, ///< the version is refused and offered at once; worth one more try
        OtherEra, ///< not the way to talk to it, as far as this answer says
        StepDown, ///< initialize: this version is refused, another one may do
        UnknownVersions, ///< an MCP server, but no version in common; `versions` lists its own
        NoServer, ///< a page, or nothing that another request could make better
        Outage, ///< out of order at the moment
    };

    Fit fit = Fit::OtherEra;
    ServerInfo server = {};
    /// Those that the server names, but for the one that was asked for.
    QStringList versions = {};
    /// The server has said something about versions, so that it is one.
    bool isAboutVersions = false;
};

InitializeResult readDiscovery(const Answer &answer);
/// `offered` is the version that initialize has asked for.
InitializeResult readInitialize(const Answer &answer, const QString &offered, Era era = Era::Sessions);
/// Whether an answer to initialize leaves it open that this is a server of 2024-11-05 (MCP 2026-07-28,
/// Streamable HTTP, "Backward Compatibility").
bool mayBeHttpSse(const Answer &answer);

} // namespace mooring::mcp
