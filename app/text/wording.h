// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/connectionstate.h"

#include <QString>

namespace mooring::text {

/// How much attention a state asks for; the window colours by it, never by it alone.
enum class Tone { Neutral, Good, Attention, Bad };

/// The one thing that makes sense now.
enum class Action {
    None,
    Authorize,
    AuthorizeAgain,
    Disconnect,
    Cancel,
    TryAgain,
    TryNow,
    EditKey,
    Unlock,
    Details,
};

/// What to say about a state; translated, plain text.
struct Wording {
    /// "54 min", "renews on use": for the list.
    QString pill;
    /// "Authorized · expires in 54 min": for the page's headline and the terminal.
    QString headline;
    /// One sentence that explains it and says what can be done.
    QString sentence;
    Tone tone = Tone::Neutral;
    Action action = Action::None;
    /// The text of that action's button.
    QString actionText;
};

Wording wordingOf(const connections::ConnectionState &state, const connections::ConnectionRecord &record,
                  const QDateTime &now);

/// How long wordingOf() stays right: a second in the last minute before the expiry, up to the next
/// minute before that; none if nothing will change by itself.
std::optional<std::chrono::milliseconds> nextChange(const connections::ConnectionState &state,
                                                    const QDateTime &now);

} // namespace mooring::text
