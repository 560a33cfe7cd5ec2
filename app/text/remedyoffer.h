// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/connectionstate.h"
#include "connections/records/records.h"
#include "connections/records/revocationrecord.h"
#include "mcp/probe.h"

#include <QString>

#include <optional>

namespace mooring::text {

/// The one change that would help a connection on, as a plain question. Nothing changes before it is
/// agreed to.
struct RemedyOffer {
    enum class Kind {
        AllowMore, ///< give the rights that the server asks for (MCP step-up)
        ChangeSetting, ///< bend the rule that `remedy` names, then sign in
        ForgetRegistration, ///< get a new registration, then sign in
        AcceptNewIssuer, ///< sign in at another service than the one on record
        AcceptForeignPage, ///< sign in at a page that is not on the service's own site
        EnterClient, ///< register by hand
        EnterKey, ///< send a key that the service gives to its people
        ForgetRevocation, ///< stop trying to tell the service that a sign-in has ended
    };

    Kind kind = Kind::AllowMore;
    QString question;
    /// The text of the button that agrees.
    QString yes;
    /// Of the button that puts it off; empty where the state stays as it is until something is done.
    QString no = {};
    /// See oauth::remedies.
    QString remedy = {};
};

/// What helps a connection that can't go on because of `error`. `report` is the last look at it, if any.
/// Nothing where nothing would help.
std::optional<RemedyOffer> offerAfter(const base::Error &error, const connections::ConnectionRecord &record,
                                      const std::optional<mcp::ProbeReport> &report);
/// The same for a server that isn't in the list yet: what stands between it and a sign-in. `serverName` is
/// its host, or what the person calls it. Taking a ChangeSetting means oauth::withRemedy() and to look again.
std::optional<RemedyOffer> offerAfter(const mcp::ProbeReport &report, const QString &serverName,
                                      const oauth::SignInSettings &settings = {});

/// What a connection offers now: after its error, else the rights that its server asks for.
std::optional<RemedyOffer> offerOf(const connections::ConnectionRecord &record,
                                   const connections::ConnectionState &state, const QStringList &wantedScopes,
                                   const std::optional<mcp::ProbeReport> &report);
/// What can wait for its turn: nothing has to be done about a service that is still to be told.
std::optional<RemedyOffer> pendingOffer(const connections::RevocationRecord &pending, bool isSignedIn,
                                        const QDateTime &now);

} // namespace mooring::text
