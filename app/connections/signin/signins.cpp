// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/signin/signins.h"

#include "base/words.h"

namespace mooring::connections {

using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

/// It may have come of a description that is out of date: whoever tries again asks again. What the person has
/// decided, or agrees to in a moment, is no reason to; that a service isn't the one it was, or takes no
/// registrations, may be.
bool mayBeOutOfDate(const base::Error &error)
{
    static const QList<ErrorKind> others{ErrorKind::Cancelled, ErrorKind::Denied, ErrorKind::Keychain,
                                         ErrorKind::InvalidInput, ErrorKind::Storage};
    return error.remedy != oauth::remedies::acceptsForeignPage && !others.contains(error.kind);
}

} // namespace

SignIns::SignIns(SignInParts parts)
    : m_parts(std::move(parts))
{
}

Task<void> SignIns::run(std::shared_ptr<SignIns> self, AuthorizeOptions options,
                        std::shared_ptr<SignInProgress> progress)
{
    const EntryPointer entry = self->m_parts.entry;
    SignIn signIn(self->m_parts, std::move(options), progress);
    Result<void> done = co_await signIn.run(progress->stopToken());
    const bool isWaitedFor = progress->isWaitedFor();
    if (!done && mayBeOutOfDate(done.error())) {
        self->m_parts.probe->forgetDiscovery();
    }
    if (!done && isWaitedFor && done.error().kind != ErrorKind::Cancelled) {
        entry->setTrouble(done.error());
        entry->live().signInFailed = true;
        entry->note(Words::tr("Sign-in failed: %1").arg(done.error().sentence));
    }
    progress->finish(done);
    entry->tellChanged();
}

Task<Result<void>> SignIns::authorize(AuthorizeOptions options, std::stop_token stop)
{
    const std::shared_ptr<SignIns> self = shared_from_this();
    const EntryPointer entry = m_parts.entry;
    if (m_progress && m_progress->isWaitedFor()) {
        openBrowserAgain();
    } else {
        entry->clearTrouble();
        m_progress = std::make_shared<SignInProgress>(entry);
        m_parts.services.tasks.run(run(self, std::move(options), m_progress));
        entry->tellChanged();
    }
    const std::shared_ptr<SignInProgress> progress = m_progress;
    const auto cancel = [progress] { progress->requestStop(); };
    const std::stop_callback onStop(stop, cancel);
    const std::stop_callback onShutDown(m_parts.services.tasks.token(), cancel);
    Result<bool> done = co_await progress->wait();
    co_return done ? Result<void>() : Result<void>(base::failed(done.error()));
}

void SignIns::cancel()
{
    if (m_progress) {
        m_progress->requestStop();
    }
}

bool SignIns::openBrowserAgain()
{
    return browser() && browser()->openAgain();
}

QUrl SignIns::url() const
{
    return browser() ? browser()->authorizationUrl() : QUrl();
}

Result<void> SignIns::pasteAddress(const QString &address)
{
    if (!browser()) {
        return base::failed(
            makeError(ErrorKind::InvalidInput, Words::tr("No sign-in is waiting for an address.")));
    }
    return browser()->pasteAddress(address);
}

} // namespace mooring::connections
