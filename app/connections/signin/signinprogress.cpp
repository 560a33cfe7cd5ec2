// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/signin/signinprogress.h"

namespace mooring::connections {

SignInProgress::SignInProgress(EntryPointer entry)
    : m_entry(std::move(entry))
{
}

void SignInProgress::showWaiting()
{
    if (isWaitedFor()) {
        m_entry->live().waitingForBrowser = true;
    }
    m_entry->tellChanged();
}

void SignInProgress::leaveBrowser()
{
    if (std::exchange(m_browser, nullptr)) {
        m_entry->live().waitingForBrowser = false;
    }
    m_entry->tellChanged();
}

void SignInProgress::finish(const base::Result<void> &result)
{
    m_done.set(result ? base::Result<bool>(true) : base::Result<bool>(base::failed(result.error())));
}

void SignInProgress::detach()
{
    if (!isWaitedFor()) {
        return;
    }
    leaveBrowser();
    m_done.set(base::failed(base::cancelledError()));
    m_entry->tellChanged();
}

} // namespace mooring::connections
