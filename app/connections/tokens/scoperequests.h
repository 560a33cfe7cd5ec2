// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/connectionentry.h"
#include "connections/records/stepup.h"
#include "oauth/challenge.h"

namespace mooring::connections {

/// What the server has said about who may do something: its last challenges, and the rights that it asks for
/// beyond those of the sign-in (MCP "Step-Up Authorization Flow"). Held by shared_ptr, by running tasks too.
class ScopeRequests final : public std::enable_shared_from_this<ScopeRequests> {
public:
    /// `tasks` outlives it.
    ScopeRequests(EntryPointer entry, base::TaskScope &tasks);

    /// Of the last request that was refused; empty after a sign-in, or once a request was accepted.
    const QList<oauth::Challenge> &challenges() const { return m_challenges; }
    void setChallenges(QList<oauth::Challenge> challenges) { m_challenges = std::move(challenges); }

    /// The server at `host` has refused a request (403) with this challenge: the error of the call. The
    /// person is asked for the rights, unless that would be for ever: then the error is of kind Denied.
    base::Error onMissingScope(const oauth::ChallengeInfo &info, const QString &host);
    /// The person has said "not now".
    void dismiss();
    /// The person has agreed, and the sign-in with more rights is done.
    void agreed();
    /// Nobody is signed in any more.
    void reset();

private:
    static base::Task<void> setWanted(EntryPointer entry, QStringList scopes);

    EntryPointer m_entry;
    base::TaskScope &m_tasks;
    QList<oauth::Challenge> m_challenges;
    StepUp m_stepUp;
};

} // namespace mooring::connections
