// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/disconnection.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/moments.h"
#include "base/words.h"
#include "storage/filelock.h"

namespace mooring::connections {

using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

/// What was kept last is not what was found.
QString lostText(const QString &host, const ConnectionRecord &record, const QDateTime &now)
{
    const QString text =
        Words::tr("Disconnected. The keychain had lost what %1 had handed out last, so only an older part of "
                  "this sign-in could be handed back.")
            .arg(host);
    if (!record.expiresAt || *record.expiresAt <= now) {
        return text;
    }
    return text + u' '
           + Words::tr("The last one works until %1.").arg(base::momentText(*record.expiresAt, now));
}

/// Whoever reads it has clicked Disconnect, and has to know that this much is done.
base::Error unfinished(base::Error error)
{
    if (error.kind == ErrorKind::Keychain) {
        error.sentence =
            Words::tr("Disconnected here: nothing uses this sign-in any more. The service is told, and "
                      "the tokens are deleted, as soon as the keychain can be used.")
            + u' ' + error.sentence;
    }
    return error;
}

RecordChange disconnected(qint64 generation)
{
    return [generation](ConnectionRecord &record) {
        if (record.kind == AuthorizationKind::Header) {
            record.kind = AuthorizationKind::None;
            record.verdict.reset();
        }
        record.leaving = false;
        record.hasSecret = false;
        record.hasRefreshToken = false;
        record.generation = generation;
        record.expiresAt.reset();
        record.isDpopBound = false;
        record.scopesWanted.clear();
        record.scopesAsked.clear();
        record.scopesGranted.clear();
        if (record.accountLabel == record.accountTold) {
            record.accountLabel.clear();
        }
        record.accountTold.clear();
        record.renewingSince.reset();
        record.lastError.reset();
    };
}

} // namespace

Disconnection::Disconnection(EntryPointer entry, Services services, std::shared_ptr<TokenSource> tokens,
                             std::shared_ptr<ScopeRequests> scopes)
    : m_entry(std::move(entry))
    , m_services(services)
    , m_tokens(std::move(tokens))
    , m_scopes(std::move(scopes))
    , m_writer(m_entry, services.stores, services.registrations, services.deadlines)
    , m_requestSecrets(m_entry, services.stores)
    , m_revoker(m_entry, services.http, services.deadlines, services.registrations, services.revocations)
{
}

Task<Result<Disconnected>> Disconnection::run(std::stop_token stop)
{
    const std::shared_ptr<Disconnection> self = shared_from_this();
    if (!m_running) {
        // Local use ends here and now, before anything is written or anybody is told.
        m_entry->live().disconnecting = true;
        m_entry->changeHere([](ConnectionRecord &record) { record.leaving = true; });
        m_entry->forgetCredentials();
        m_tokens->endWaiting(disconnectingError());
        m_running = std::make_shared<base::SharedResult<Disconnected>>();
        const std::shared_ptr<base::SharedResult<Disconnected>> mine = m_running;
        m_services.tasks.run(runOnce(self, mine));
        m_entry->tellChanged();
        co_return co_await mine->wait(stop);
    }
    const std::shared_ptr<base::SharedResult<Disconnected>> theirs = m_running;
    co_return co_await theirs->wait(stop);
}

Task<void> Disconnection::runOnce(std::shared_ptr<Disconnection> self,
                                  std::shared_ptr<base::SharedResult<Disconnected>> shared)
{
    const EntryPointer entry = self->m_entry;
    const RecordChange leave = [](ConnectionRecord &record) { record.leaving = true; };
    Result<void> marked = co_await entry->update(leave, {});
    Result<Disconnected> outcome = base::failed(marked ? base::cancelledError() : marked.error());
    if (marked) {
        base::checkpoint("K21");
        outcome = co_await self->disconnect();
    }
    self->m_running.reset();
    entry->live().disconnecting = false;
    if (outcome) {
        entry->forgetCredentials();
        self->m_scopes->reset();
        entry->clearTrouble();
        entry->note(outcome->sentence);
    } else {
        entry->changeHere(
            [isMarked = marked.has_value()](ConnectionRecord &record) { record.leaving = isMarked; });
        entry->setTrouble(outcome.error());
    }
    shared->set(outcome);
    entry->tellChanged();
}

Task<Result<Disconnected>> Disconnection::disconnect()
{
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(m_entry->lockPath(), m_services.deadlines.lock, {});
    if (!lock) {
        co_return base::failed(lock.error());
    }
    // What was being written is known to the record from now on, and goes with the rest.
    Result<void> settled = co_await m_writer.settle();
    if (!settled) {
        co_return base::failed(unfinished(settled.error()));
    }
    if (!m_entry->record().leaving) {
        // Another process has finished it, and maybe somebody has signed in anew.
        co_return outcomeOf(RevocationOutcome::NothingToRevoke, {}, std::nullopt);
    }
    qint64 generation = m_entry->record().generation;
    Result<Disconnected> outcome = co_await revokeLatest(&generation);
    if (!outcome) {
        co_return base::failed(unfinished(outcome.error()));
    }
    base::checkpoint("K22");
    Result<void> removed = co_await removeSecrets();
    if (!removed) {
        co_return base::failed(unfinished(removed.error()));
    }
    m_tokens->held().clearUnsaved();
    base::checkpoint("K23");
    Result<void> recorded = co_await m_entry->update(disconnected(generation + 1), {});
    m_entry->live().windowOnly = false;
    if (!recorded && recorded.error().kind != ErrorKind::NotFound) {
        co_return base::failed(recorded.error());
    }
    co_return outcome;
}

Task<Result<Disconnected>> Disconnection::revokeLatest(qint64 *generation)
{
    const QString host = m_entry->issuerHost();
    Result<std::optional<Grant>> stored =
        co_await m_services.stores.of(*m_entry).readGrant(m_entry->id(), {});
    const bool isDamaged = !stored && stored.error().keychainCase == base::KeychainCase::Damaged;
    if (!stored && !isDamaged) {
        co_return base::failed(stored.error());
    }
    Disconnected outcome = outcomeOf(RevocationOutcome::NothingToRevoke, {}, std::nullopt);
    if (isDamaged) {
        // Nobody can read it any more, so all that is left is to delete it and to say what that means.
        outcome = outcomeOf(RevocationOutcome::NotConfirmed, host, stored.error());
    }
    const std::optional<Grant> latest = m_tokens->held().latest(stored ? *stored : std::nullopt);
    if (!latest) {
        co_return outcome;
    }
    if (stored && *stored && !m_entry->isWindowOnly()) {
        const GrantStore &store = m_services.stores.keychain;
        if (const std::optional<base::Error> elsewhere = store.newestElsewhere(m_entry->record(), *latest)) {
            co_return base::failed(*elsewhere);
        }
    }
    *generation = std::max(*generation, latest->generation);
    Result<Disconnected> revoked = co_await m_revoker.revokeOnRecord(*latest);
    if (revoked && latest->generation < m_entry->record().generation) {
        // The service may have let go of it all the same, but nobody knows.
        revoked->outcome = RevocationOutcome::NotConfirmed;
        revoked->sentence = lostText(host, m_entry->record(), m_entry->now());
    }
    co_return revoked;
}

Task<Result<void>> Disconnection::removeSecrets()
{
    const ConnectionRecord &record = m_entry->record();
    Result<void> removed;
    if (record.kind == AuthorizationKind::Header && !record.secretHeaders().isEmpty()) {
        removed = co_await m_requestSecrets.tidy(true);
    }
    if (removed) {
        removed = co_await m_services.stores.of(*m_entry).remove(m_entry->id(), {});
    }
    co_return removed;
}

} // namespace mooring::connections
