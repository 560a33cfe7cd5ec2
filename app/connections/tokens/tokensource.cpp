// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/tokens/tokensource.h"

#include "base/displaytext.h"
#include "base/words.h"

namespace mooring::connections {

using base::Result;
using base::Task;
using base::Words;

namespace {

AccessToken toAccessToken(const Grant &grant)
{
    AccessToken token;
    token.token = grant.tokens.accessToken;
    token.facts.issuedAt = grant.tokens.issuedAt;
    token.facts.expiresAt = grant.tokens.expiresAt;
    token.facts.scopes = grant.tokens.scopes;
    token.facts.resource = grant.resource;
    token.facts.issuer = grant.issuer;
    token.facts.length = grant.tokens.accessToken.reveal().size();
    return token;
}

} // namespace

std::shared_ptr<TokenSource> TokenSource::make(EntryPointer entry, Services services)
{
    return std::shared_ptr<TokenSource>(new TokenSource(std::move(entry), services));
}

TokenSource::TokenSource(EntryPointer entry, Services services)
    : m_entry(std::move(entry))
    , m_services(services)
    , m_held(std::make_shared<HeldGrant>(m_entry->clock()))
    , m_writer(m_entry, services.stores, services.registrations, services.deadlines)
{
    QObject::connect(m_entry.get(), &ConnectionEntry::replaced, &m_context,
                     [this](const ConnectionRecord &before) { onReplaced(before); });
    QObject::connect(m_entry.get(), &ConnectionEntry::credentialsGone, &m_context,
                     [this] { m_held->forget(); });
}

TokenSource::~TokenSource() = default;

void TokenSource::onReplaced(const ConnectionRecord &before)
{
    const ConnectionRecord &record = m_entry->record();
    if (!differsInCredential(before, record)) {
        return;
    }
    const std::optional<Grant> &current = m_held->current();
    if (current && (record.leaving || !record.hasSecret || current->generation < record.generation)) {
        m_entry->forgetCredentials();
    }
    if (record.leaving) {
        // Another process disconnects: whoever waits is not kept waiting for what is revoked anyway.
        endWaiting(disconnectingError());
    }
}

void TokenSource::endWaiting(const base::Error &error)
{
    if (m_refreshing) {
        m_refreshing->set(base::failed(error));
    }
}

Task<Result<AccessToken>> TokenSource::accessToken(RefreshReason reason, std::stop_token stop)
{
    m_entry->reread();
    if (const Grant *atHand = grantAtHand(reason)) {
        co_return toAccessToken(*atHand);
    }
    const std::shared_ptr<TokenSource> self = shared_from_this();
    Result<void> settled = co_await m_writer.settleInterrupted(stop);
    if (!settled) {
        co_return base::failed(settled.error());
    }
    if (const Result<void> possible = checkHasTokens(m_entry->record()); !possible) {
        co_return base::failed(possible.error());
    }
    Result<Grant> grant = co_await freshGrant(std::move(reason), stop);
    if (!grant) {
        co_return base::failed(grant.error());
    }
    co_return toAccessToken(*grant);
}

/// What most calls end with: nothing is waited for, and nothing copied but what the caller gets.
const Grant *TokenSource::grantAtHand(const RefreshReason &reason) const
{
    const ConnectionRecord &record = m_entry->record();
    const std::optional<Grant> &current = m_held->current();
    const bool mayUse = record.kind == AuthorizationKind::OAuth && record.hasSecret && !record.leaving
                        && !record.pendingWrite && !record.pendingRequestSecrets;
    const bool isGood = mayUse && !reason.force && current && current->generation == record.generation
                        && current->tokens.isFresh(m_entry->now())
                        && (reason.refused.isEmpty() || current->tokens.accessToken != reason.refused);
    return isGood ? &*current : nullptr;
}

Task<Result<Grant>> TokenSource::freshGrant(RefreshReason reason, std::stop_token stop)
{
    const std::shared_ptr<TokenSource> self = shared_from_this();
    m_entry->reread();
    if (m_entry->record().leaving) {
        // Not after a wait for the lock, which whoever disconnects holds until the service has answered.
        co_return base::failed(disconnectingError());
    }
    // Joining a refresh that was started for a lesser reason may bring the very token that was
    // refused; then one of our own follows.
    for (int round = 0; round < 2; ++round) {
        const std::optional<Grant> &current = m_held->current();
        const ConnectionRecord &record = m_entry->record();
        const bool isAtHand = current && !record.leaving && current->generation == record.generation
                              && current->tokens.isFresh(m_entry->now());
        const bool isRefused =
            current && !reason.refused.isEmpty() && current->tokens.accessToken == reason.refused;
        if (isAtHand && !isRefused && (!reason.force || round > 0)) {
            co_return std::as_const(*current);
        }
        if (!m_refreshing) {
            m_refreshing = std::make_shared<base::SharedResult<Grant>>();
            const std::shared_ptr<base::SharedResult<Grant>> mine = m_refreshing;
            m_services.tasks.run(refresh(self, reason, mine));
            co_return co_await mine->wait(stop);
        }
        const std::shared_ptr<base::SharedResult<Grant>> theirs = m_refreshing;
        Result<Grant> joined = co_await theirs->wait(stop);
        if (!joined || reason.refused.isEmpty() || joined->tokens.accessToken != reason.refused) {
            co_return joined;
        }
    }
    co_return base::failed(signInNeeded(Words::tr("%1 refuses the access that was just renewed.")
                                            .arg(base::displayAuthority(m_entry->record().url))));
}

Task<void> TokenSource::refresh(std::shared_ptr<TokenSource> self, RefreshReason reason,
                                std::shared_ptr<base::SharedResult<Grant>> shared)
{
    RefreshTransaction transaction(self->m_entry, self->m_services, self->m_held, std::move(reason));
    Result<Grant> grant = co_await transaction.run();
    self->m_refreshing.reset();
    shared->set(grant);
    self->m_entry->tellChanged();
    co_await transaction.settle();
    if (self->m_held->unsaved() && !std::exchange(self->m_isSavingLater, true)) {
        self->m_services.tasks.run(saveLater(self));
    }
    self->m_entry->tellChanged();
}

Task<void> TokenSource::saveLater(std::shared_ptr<TokenSource> self)
{
    const auto &pauses = self->m_services.deadlines.keychainRetries;
    bool goesOn = true;
    for (std::size_t attempt = 0; self->m_held->unsaved() && goesOn; ++attempt) {
        // One last time when the program ends.
        goesOn = co_await base::sleepFor(pauses.at(std::min(attempt, pauses.size() - 1)),
                                         self->m_services.tasks.token());
        RefreshTransaction saving(self->m_entry, self->m_services, self->m_held, {});
        co_await saving.save();
        self->m_entry->tellChanged();
    }
    self->m_isSavingLater = false;
}

} // namespace mooring::connections
