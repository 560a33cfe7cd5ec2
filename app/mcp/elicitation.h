// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "http/urlpolicy.h"
#include "mcp/protocol.h"

#include <memory>

namespace mooring::mcp {

/// Who answers what a server asks while one call runs.
struct ElicitationHandler {
    explicit ElicitationHandler(AskPerson askPerson)
        : ask(std::move(askPerson))
    {
    }

    AskPerson ask;
    /// Stopped when the call has ended: nobody waits for the answer any more.
    std::stop_source over;
    /// A server that keeps asking is not worth a person's time.
    int questionsLeft = 20;
};
using ElicitationHandlerPointer = std::shared_ptr<ElicitationHandler>;

/// The parameters of elicitation/create (MCP 2025-11-25, "Elicitation"). Errors: Protocol for a mode that
/// nobody has offered, RefusedByPolicy for a page that must not be opened.
base::Result<Elicitation> readElicitation(const QJsonObject &params, const http::UrlPolicy &policy);

/// The result of elicitation/create. Fields that the answer leaves out get the default of the schema
/// (SEP-1034).
QJsonObject elicitationResult(const Elicitation &question, const ElicitationAnswer &answer);

/// Asks, if there is still somebody who wants to be asked; the person's "cancel" otherwise.
base::Task<QJsonObject> answerElicitation(ElicitationHandlerPointer handler, Elicitation question);

} // namespace mooring::mcp
