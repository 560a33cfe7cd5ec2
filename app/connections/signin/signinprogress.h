// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/records/connectionentry.h"
#include "oauth/browsersignin.h"

namespace mooring::connections {

/// How far one attempt to sign in is: for those who wait for it, and for the person, who may stop it.
class SignInProgress final {
public:
    explicit SignInProgress(EntryPointer entry);

    std::stop_token stopToken() const { return m_stop.get_token(); }
    void requestStop() { m_stop.request_stop(); }

    /// The browser's part has begun; `browser` lives until leaveBrowser().
    void enterBrowser(oauth::BrowserSignIn *browser) { m_browser = browser; }
    /// The person is waited for.
    void showWaiting();
    void leaveBrowser();
    /// Null unless the browser's part is going on.
    oauth::BrowserSignIn *browser() const { return m_browser; }

    /// Somebody still waits for this attempt, so there is no second one beside it.
    bool isWaitedFor() const { return !m_done.isSet(); }
    base::Task<base::Result<bool>> wait() const { return m_done.wait({}); }
    void finish(const base::Result<void> &result);
    /// Whoever waits hears Cancelled now, and another attempt may begin; this one goes on to its own end.
    void detach();

private:
    EntryPointer m_entry;
    std::stop_source m_stop;
    base::SharedResult<bool> m_done;
    oauth::BrowserSignIn *m_browser = nullptr;
};

} // namespace mooring::connections
