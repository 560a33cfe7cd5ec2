// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "mcp/authorizer.h"
#include "mcp/probereporter.h"
#include "oauth/discovery.h"

namespace mooring::mcp {

/// The second half of a probe: what a server that wants to know who we are says about the sign-in, and what
/// there is of one at a server that lets us in.
class ProbeSignIn final {
public:
    /// `key`: what the requests of the probe have carried. The client and the reporter outlive it.
    ProbeSignIn(http::Client &client, base::Deadlines deadlines, oauth::SignInSettings settings,
                Authorizer::Key key, ProbeReporter &reporter);

    /// The server at `url` has refused: looks for the sign-in, and ends the probe.
    base::Task<void> onRefusal(QUrl url, Answer answer, std::stop_token stop);
    /// It lets us in: looks for a sign-in all the same, and ends the probe.
    base::Task<void> onWelcome(QUrl url, ServerInfo server, Answer answer, std::stop_token stop);

private:
    base::Task<base::Result<void>> lookForSignIn(QUrl url, QList<oauth::Challenge> challenges,
                                                 std::stop_token stop);
    void noteDiscovery(const oauth::Discovery &discovery);
    void noteRefusal(const Answer &answer, const oauth::ChallengeInfo &info);
    void judge(const Answer &answer, const base::Result<void> &found, const QString &host);
    bool isGuess() const;
    base::Error keyError(const Answer &answer, const QString &host) const;

    http::Client &m_client;
    base::Deadlines m_deadlines;
    oauth::SignInSettings m_settings;
    Authorizer::Key m_key;
    ProbeReporter &m_reporter;
};

} // namespace mooring::mcp
