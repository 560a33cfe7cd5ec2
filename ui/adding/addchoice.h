// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/probe.h"
#include "text/remedyoffer.h"

#include <optional>

namespace mooring::ui {

/// What is known while a server is being added.
struct AddSituation {
    bool hasAddress = false;
    bool isAdding = false;
    /// Enter was pressed: it goes on by itself.
    bool goesOn = false;
    std::optional<mcp::ProbeReport> report = std::nullopt;
    std::optional<text::RemedyOffer> offer = std::nullopt;
    /// Headers are to be sent, and what has been typed of them.
    bool sendsHeaders = false;
    bool headersAreComplete = false;
    bool hasAuthorization = false;
    /// The report is of a look with these very headers.
    bool headersWereTried = false;
    std::optional<base::Error> keychainTrouble = std::nullopt;
    bool isForWindowOnly = false;
    QString keychainName = {};
};

/// What the add dialog offers in a situation: its two buttons, and the sentence about what comes next.
struct AddChoice {
    enum class Primary {
        None,
        Authorize,
        Add,
        TryHeaders, ///< look with the headers, and add if they are accepted
        TryAgain,
    };

    Primary primary = Primary::None;
    QString primaryText = {};
    bool isReady = false;
    /// Empty for no second button: it keeps the server as it is.
    QString secondaryText = {};
    /// The second button signs in, too.
    bool secondaryAuthorizes = false;
    /// A question of the offer's own, with its button; the other ones step back.
    bool showsOffer = false;
    bool mayBeForWindowOnly = false;
    QString footer = {};
};

AddChoice choiceIn(const AddSituation &situation);

} // namespace mooring::ui
