// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of Connection that end a sign-in.
#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/words.h"
#include "connections/connection_p.h"
#include "http/urlpolicy.h"
#include "storage/filelock.h"

#include <QUuid>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

/// The same each time for the same grant: a disconnect that was interrupted goes on with what it had begun.
QString revocationIdOf(const QString &connectionId, const Grant &grant)
{
    const QString name = u"%1/%2"_s.arg(connectionId).arg(grant.generation);
    return QUuid::createUuidV5(QUuid(), name).toString(QUuid::WithoutBraces);
}

SealedTokens tokensOf(const Grant &grant, const QUrl &endpoint)
{
    SealedTokens tokens;
    tokens.issuer = grant.issuer;
    tokens.clientId = grant.clientId;
    tokens.endpoint = endpoint;
    tokens.refreshToken = grant.tokens.refreshToken;
    tokens.accessToken = grant.tokens.accessToken;
    tokens.accessExpiresAt = grant.tokens.expiresAt;
    return tokens;
}

/// What was typed is about the service that is on record, and only that one may be nearer than the server.
oauth::SignInSettings settingsFor(const Grant &grant, const ConnectionRecord &record)
{
    return grant.issuer == record.issuer ? record.settings : oauth::SignInSettings();
}

Disconnected toldOutcome(const Telling &telling, const QString &host, const QDateTime &now)
{
    Disconnected outcome = outcomeOf(RevocationOutcome::Revoked, host, std::nullopt);
    if (!telling.hasEnded && !telling.livesUntil) {
        outcome.sentence = unknownText(host);
    }
    if (telling.livesUntil && *telling.livesUntil > now) {
        outcome.sentence +=
            u' '
            + Words::tr("What it had handed out last can't be called back and works until %1.")
                  .arg(momentText(*telling.livesUntil, now));
    }
    return outcome;
}

/// What was kept last is not what was found.
QString lostText(const QString &host, const ConnectionRecord &record, const QDateTime &now)
{
    const QString text =
        Words::tr(
            "Disconnected. The keychain had lost what %1 had handed out last, so only an older part of this "
            "sign-in could be handed back.")
            .arg(host);
    if (!record.expiresAt || *record.expiresAt <= now) {
        return text;
    }
    return text + u' ' + Words::tr("The last one works until %1.").arg(momentText(*record.expiresAt, now));
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

} // namespace

Task<Result<Disconnected>> Connection::Private::giveBack(SelfPointer self, GivenBack given)
{
    Private *d = self->d.get();
    const Grant grant = given.grant;
    const QString host = base::displayAuthority(QUrl(grant.issuer));
    const Result<oauth::AuthorizationServer> server = oauth::AuthorizationServer::fromRecord(
        given.server, http::UrlPolicy(d->record.url), settingsFor(grant, d->record));
    if (!server) {
        co_return outcomeOf(RevocationOutcome::NotConfirmed, host, server.error());
    }
    if (!server->revocationEndpoint.isValid() || server->issuer != grant.issuer
        || given.client.issuer != grant.issuer) {
        co_return outcomeOf(RevocationOutcome::NotSupported, host, std::nullopt);
    }
    SealedTokens tokens = tokensOf(grant, server->revocationEndpoint);
    tokens.namedBy = server->namerOf(tokens.endpoint);
    Telling telling =
        co_await tellService(d->services.http, d->services.deadlines, tokens, std::move(given.client), {});
    if (!telling.failure) {
        if (d->services.revocations.contains(given.revocationId)) {
            co_await d->services.revocations.withdraw(given.revocationId);
        }
        co_return toldOutcome(telling, host, d->now());
    }
    const base::Error failure = *telling.failure;
    if (telling.hasNoWay && !telling.mayPass) {
        co_return outcomeOf(RevocationOutcome::NotSupported, host, std::nullopt);
    }
    // A sign-in of this window leaves nothing in a keychain.
    if (!telling.mayPass || d->live.windowOnly || given.registrationId.isEmpty()) {
        co_return outcomeOf(RevocationOutcome::NotConfirmed, host, failure);
    }
    RevocationRecord entry;
    entry.id = given.revocationId;
    entry.connectionId = d->record.id;
    entry.name = d->record.name;
    entry.issuer = grant.issuer;
    entry.endpoint = server->revocationEndpoint;
    entry.registrationId = given.registrationId;
    Result<RevocationRecord> kept =
        co_await d->services.revocations.keep(std::move(entry), std::move(telling), tokens);
    if (!kept) {
        co_return base::failed(kept.error());
    }
    co_return pendingOutcome(*kept, failure, d->now());
}

Task<Result<Disconnected>> Connection::Private::revokeGrant(SelfPointer self, Grant grant)
{
    Private *d = self->d.get();
    Result<oauth::ClientRegistration> client =
        co_await d->services.registrations.read(d->record.registrationId, {});
    if (!client && client.error().kind != ErrorKind::SignInNeeded) {
        co_return base::failed(client.error());
    }
    if (!client) {
        co_return outcomeOf(RevocationOutcome::NotConfirmed, issuerHost(d->record), client.error());
    }
    GivenBack given{revocationIdOf(d->record.id, grant), d->record.authorizationServer,
                    d->record.registrationId, std::move(*client), std::move(grant)};
    Result<Disconnected> outcome = co_await giveBack(self, std::move(given));
    co_return outcome;
}

Task<void> Connection::Private::revokeReplaced(SelfPointer self, GivenBack given, QString unusedRegistration)
{
    const QString host = base::displayAuthority(QUrl(given.grant.issuer));
    Result<Disconnected> outcome = co_await giveBack(self, std::move(given));
    if (!outcome || outcome->outcome == RevocationOutcome::NotConfirmed) {
        note(self, Words::tr("The previous sign-in could not be ended at the service"));
    } else if (outcome->outcome == RevocationOutcome::Pending) {
        note(self, pendingText(*outcome->pending, true, self->d->now()));
    }
    if (!unusedRegistration.isEmpty()) {
        co_await self->d->services.registrations.retire(unusedRegistration, self->d->namer());
    }
}

Task<Result<Disconnected>> Connection::Private::depart(SelfPointer self)
{
    Private *d = self->d.get();
    const QString lockPath = d->services.records.connectionLockPath(d->record.id);
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(lockPath, d->services.deadlines.lock, {});
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Disconnected outcome = outcomeOf(RevocationOutcome::NothingToRevoke, {}, std::nullopt);
    // What was on its way here is known to the record from now on, and goes with the rest.
    Result<void> settled = co_await settleArrival(self);
    if (!settled) {
        co_return base::failed(unfinished(settled.error()));
    }
    if (!d->record.leaving) {
        // Another process has finished it, and maybe somebody has signed in anew.
        co_return outcome;
    }
    Result<std::optional<Grant>> stored = co_await d->store().readGrant(d->record.id, {});
    const bool isDamaged = !stored && stored.error().keychainCase == base::KeychainCase::Damaged;
    if (!stored && !isDamaged) {
        co_return base::failed(unfinished(stored.error()));
    }
    if (stored && *stored) {
        if (const std::optional<base::Error> elsewhere = d->newestElsewhere(**stored)) {
            co_return base::failed(unfinished(*elsewhere));
        }
    }
    if (isDamaged) {
        // Nobody can read it any more, so all that is left is to delete it and to say what that means.
        outcome = outcomeOf(RevocationOutcome::NotConfirmed, issuerHost(d->record), stored.error());
    }
    qint64 generation = d->record.generation;
    if (const std::optional<Grant> latest = d->latest(stored ? *stored : std::nullopt)) {
        generation = std::max(generation, latest->generation);
        Result<Disconnected> given = co_await revokeGrant(self, *latest);
        if (!given) {
            co_return base::failed(unfinished(given.error()));
        }
        outcome = *given;
        if (latest->generation < d->record.generation) {
            // The service may have let go of it all the same, but nobody knows.
            outcome.outcome = RevocationOutcome::NotConfirmed;
            outcome.sentence = lostText(issuerHost(d->record), d->record, d->now());
        }
    }
    base::checkpoint("K22");
    Result<void> removed;
    if (d->record.kind == AuthorizationKind::Header && !d->record.secretHeaders().isEmpty()) {
        removed = co_await tidyFurther(self, true);
    }
    if (removed) {
        removed = co_await d->store().remove(d->record.id, {});
    }
    if (!removed) {
        co_return base::failed(unfinished(removed.error()));
    }
    d->unsaved.reset();
    base::checkpoint("K23");
    Result<void> recorded = co_await updateRecord(self, departed(generation + 1), {});
    d->live.windowOnly = false;
    if (!recorded && recorded.error().kind != ErrorKind::NotFound) {
        co_return base::failed(recorded.error());
    }
    co_return outcome;
}

RecordChange Connection::Private::departed(qint64 generation)
{
    return [generation](ConnectionRecord &record) {
        if (record.kind == AuthorizationKind::Header) {
            record.kind = AuthorizationKind::None;
            record.verdict.clear();
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

Task<void> Connection::Private::runDeparture(SelfPointer self,
                                             std::shared_ptr<base::SharedResult<Disconnected>> shared)
{
    Private *d = self->d.get();
    const RecordChange leave = [](ConnectionRecord &record) { record.leaving = true; };
    Result<void> marked = co_await updateRecord(self, leave, {});
    Result<Disconnected> outcome = base::failed(marked ? base::cancelledError() : marked.error());
    if (marked) {
        base::checkpoint("K21");
        outcome = co_await depart(self);
    }
    d->departing.reset();
    d->live.disconnecting = false;
    if (outcome) {
        d->forgetCredentials();
        d->stepUp = {};
        d->challenges.clear();
        d->clearTrouble();
        note(self, outcome->sentence);
    } else {
        d->record.leaving = marked.has_value();
        d->setTrouble(outcome.error());
    }
    shared->set(outcome);
    Q_EMIT self->changed();
}

Task<Result<Disconnected>> Connection::disconnectFromServer(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    cancelSignIn();
    if (!d->departing) {
        // Local use ends here and now, before anything is written or anybody is told.
        d->live.disconnecting = true;
        d->record.leaving = true;
        d->forgetCredentials();
        if (d->refreshing) {
            d->refreshing->set(base::failed(Private::leavingError()));
        }
        d->departing = std::make_shared<base::SharedResult<Disconnected>>();
        const std::shared_ptr<base::SharedResult<Disconnected>> mine = d->departing;
        d->services.tasks.run(Private::runDeparture(self, mine));
        Q_EMIT changed();
        co_return co_await mine->wait(stop);
    }
    const std::shared_ptr<base::SharedResult<Disconnected>> theirs = d->departing;
    co_return co_await theirs->wait(stop);
}

base::Error Connection::Private::leavingError()
{
    return makeError(ErrorKind::SignInNeeded, Words::tr("This connection is being disconnected."));
}

} // namespace mooring::connections
