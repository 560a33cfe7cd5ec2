// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/connectionview.h"

namespace mooring::ui {

/// The one change that would help a connection on, as a plain question. Nothing changes before it is
/// agreed to.
struct Offer {
    enum class Kind {
        AllowMore, ///< give the rights that the server asks for (MCP step-up)
        ChangeSetting, ///< bend the rule that `remedy` names, then sign in
        ForgetRegistration, ///< get a new registration, then sign in
        AcceptNewIssuer, ///< sign in at another service than the one on record
        AcceptForeignPage, ///< sign in at a page that is not on the service's own site
        EnterClient, ///< register by hand
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

/// Nothing while a sign-in is under way, or where nothing would help.
std::optional<Offer> offerOf(const ConnectionDetails &details);
/// What can wait for its turn: nothing has to be done about a service that is still to be told.
std::optional<Offer> pendingOffer(const ConnectionDetails &details, const QDateTime &now);

} // namespace mooring::ui
