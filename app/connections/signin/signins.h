// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/signin/signin.h"

namespace mooring::connections {

/// The attempts to sign in at one connection: one at a time is waited for. Held by shared_ptr, by running
/// tasks too.
class SignIns final : public std::enable_shared_from_this<SignIns> {
public:
    explicit SignIns(SignInParts parts);

    /// The whole sign-in. A second call while one is running brings the browser up again and shares its end.
    base::Task<base::Result<void>> authorize(AuthorizeOptions options, std::stop_token stop);
    void cancel();
    bool openBrowserAgain();
    /// Empty unless waiting for the browser.
    QUrl url() const;
    base::Result<void> pasteAddress(const QString &address);

private:
    static base::Task<void> run(std::shared_ptr<SignIns> self, AuthorizeOptions options,
                                std::shared_ptr<SignInProgress> progress);
    oauth::BrowserSignIn *browser() const { return m_progress ? m_progress->browser() : nullptr; }

    SignInParts m_parts;
    /// The last attempt; null before the first.
    std::shared_ptr<SignInProgress> m_progress;
};

} // namespace mooring::connections
