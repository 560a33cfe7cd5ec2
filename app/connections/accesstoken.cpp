// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Connection that hands out tokens: the one at hand, or one that a refresh brings.
#include "base/displaytext.h"
#include "base/words.h"
#include "connections/refresh.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

Task<void> Connection::Private::runRefresh(SelfPointer self, RefreshReason reason,
                                           std::shared_ptr<base::SharedResult<Grant>> shared)
{
    RefreshTransaction transaction(self, std::move(reason));
    Result<Grant> grant = co_await transaction.run();
    self->d->refreshing.reset();
    shared->set(grant);
    Q_EMIT self->changed();
    co_await transaction.settle();
    Q_EMIT self->changed();
}

Task<Result<Grant>> Connection::Private::freshGrant(SelfPointer self, RefreshReason reason,
                                                    std::stop_token stop)
{
    Private *d = self->d.get();
    d->reread();
    if (d->record.leaving) {
        // Not after a wait for the lock, which whoever disconnects holds until the service has answered.
        co_return base::failed(leavingError());
    }
    // Joining a refresh that was started for a lesser reason may bring the very token that was
    // refused; then one of our own follows.
    for (int round = 0; round < 2; ++round) {
        const bool isAtHand = d->cached && !d->record.leaving && d->cached->generation == d->record.generation
                              && d->cached->tokens.isFresh(d->now());
        const bool isRefused =
            d->cached && !reason.refused.isEmpty() && d->cached->tokens.accessToken == reason.refused;
        if (isAtHand && !isRefused && (!reason.force || round > 0)) {
            co_return std::as_const(*d->cached);
        }
        if (!d->refreshing) {
            d->refreshing = std::make_shared<base::SharedResult<Grant>>();
            const std::shared_ptr<base::SharedResult<Grant>> mine = d->refreshing;
            d->services.tasks.run(runRefresh(self, reason, mine));
            co_return co_await mine->wait(stop);
        }
        const std::shared_ptr<base::SharedResult<Grant>> theirs = d->refreshing;
        Result<Grant> joined = co_await theirs->wait(stop);
        if (!joined || reason.refused.isEmpty() || joined->tokens.accessToken != reason.refused) {
            co_return joined;
        }
    }
    co_return base::failed(endedError(Words::tr("%1 refuses the access that was just renewed.")
                                          .arg(base::displayAuthority(d->record.url))));
}

base::Result<void> checkHasTokens(const ConnectionRecord &record)
{
    if (record.kind == AuthorizationKind::Header) {
        return base::failed(makeError(ErrorKind::InvalidInput,
                                      Words::tr("This connection uses a key, so there is no access token.")));
    }
    if (!record.leaving && !record.hasSecret && record.lastError
        && record.lastError->error.kind == ErrorKind::SignInNeeded) {
        return base::failed(record.lastError->error);
    }
    if (record.leaving || !record.hasSecret) {
        return base::failed(endedError(record.lastError
                                           ? record.lastError->error.sentence
                                           : Words::tr("You are not signed in at %1. Authorize it first.")
                                                 .arg(base::displayText(record.name))));
    }
    return {};
}

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

/// What most calls end with: nothing is waited for, and nothing copied but what the caller gets. Null if
/// anything has to be done first. `cached` is the grant that this process holds.
const Grant *grantAtHand(const ConnectionRecord &record, const std::optional<Grant> &cached,
                         const QDateTime &now)
{
    const bool mayUse = record.kind == AuthorizationKind::OAuth && record.hasSecret && !record.leaving
                        && !record.arriving && !record.furtherArriving;
    const bool isGood =
        mayUse && cached && cached->generation == record.generation && cached->tokens.isFresh(now);
    return isGood ? &*cached : nullptr;
}

} // namespace

Task<Result<AccessToken>> Connection::accessToken(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    d->reread();
    if (const Grant *grant = grantAtHand(d->record, d->cached, d->now())) {
        co_return toAccessToken(*grant);
    }
    Result<void> settled = co_await Private::finishArrival(self, stop);
    if (!settled) {
        co_return base::failed(settled.error());
    }
    if (const Result<void> possible = checkHasTokens(d->record); !possible) {
        co_return base::failed(possible.error());
    }
    Result<Grant> grant = co_await Private::freshGrant(self, RefreshReason(), stop);
    if (!grant) {
        co_return base::failed(grant.error());
    }
    co_return toAccessToken(*grant);
}

Task<Result<AccessToken>> Connection::renew(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    Result<void> settled = co_await Private::finishArrival(self, stop);
    if (!settled) {
        co_return base::failed(settled.error());
    }
    if (const Result<void> possible = checkHasTokens(d->record); !possible) {
        co_return base::failed(possible.error());
    }
    RefreshReason reason;
    reason.force = true;
    Result<Grant> grant = co_await Private::freshGrant(self, std::move(reason), stop);
    if (!grant) {
        co_return base::failed(grant.error());
    }
    co_return toAccessToken(*grant);
}

} // namespace mooring::connections
