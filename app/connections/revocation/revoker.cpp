// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/revocation/revoker.h"

#include "base/displaytext.h"
#include "base/moments.h"
#include "base/words.h"
#include "http/urlpolicy.h"

#include <QUuid>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

/// The same each time for the same grant, so that an interrupted disconnect goes on with its own entry.
QString revocationIdOf(const QString &connectionId, const Grant &grant)
{
    const QString name = u"%1/%2"_s.arg(connectionId).arg(grant.generation);
    return QUuid::createUuidV5(QUuid(), name).toString(QUuid::WithoutBraces);
}

PendingTokens tokensOf(const Grant &grant, const QUrl &endpoint)
{
    PendingTokens tokens;
    tokens.issuer = grant.issuer;
    tokens.clientId = grant.clientId;
    tokens.endpoint = endpoint;
    tokens.refreshToken = grant.tokens.refreshToken;
    tokens.accessToken = grant.tokens.accessToken;
    tokens.accessExpiresAt = grant.tokens.expiresAt;
    return tokens;
}

/// The person's settings apply only to the issuer on record; for any other issuer the defaults do.
oauth::SignInSettings settingsFor(const Grant &grant, const ConnectionRecord &record)
{
    return grant.issuer == record.issuer ? record.settings : oauth::SignInSettings();
}

Disconnected toldOutcome(const RevocationResult &telling, const QString &host, const QDateTime &now)
{
    Disconnected outcome = outcomeOf(RevocationOutcome::Revoked, host, std::nullopt);
    if (!telling.hasEnded && !telling.livesUntil) {
        outcome.sentence = unknownText(host);
    }
    if (telling.livesUntil && *telling.livesUntil > now) {
        outcome.sentence +=
            u' '
            + Words::tr("What it had handed out last can't be called back and works until %1.")
                  .arg(base::momentText(*telling.livesUntil, now));
    }
    return outcome;
}

} // namespace

Revoker::Revoker(EntryPointer entry, http::Client &http, base::Deadlines deadlines,
                 Registrations &registrations, PendingRevocations &pending)
    : m_entry(std::move(entry))
    , m_http(http)
    , m_deadlines(deadlines)
    , m_registrations(registrations)
    , m_pending(pending)
{
}

Task<Result<Disconnected>> Revoker::revoke(RevocationJob job)
{
    const Grant grant = job.grant;
    const QString host = base::displayAuthority(QUrl(grant.issuer));
    const Result<oauth::AuthorizationServer> server = oauth::AuthorizationServer::fromRecord(
        job.server, http::UrlPolicy(m_entry->record().url), settingsFor(grant, m_entry->record()));
    if (!server) {
        co_return outcomeOf(RevocationOutcome::NotConfirmed, host, server.error());
    }
    if (!server->revocationEndpoint.isValid() || server->issuer != grant.issuer
        || job.client.issuer != grant.issuer) {
        co_return outcomeOf(RevocationOutcome::NotSupported, host, std::nullopt);
    }
    PendingTokens tokens = tokensOf(grant, server->revocationEndpoint);
    tokens.namedBy = server->namerOf(tokens.endpoint);
    RevocationResult telling = co_await revokeTokens(m_http, m_deadlines, tokens, std::move(job.client), {});
    if (!telling.failure) {
        if (m_pending.contains(job.revocationId)) {
            co_await m_pending.withdraw(job.revocationId);
        }
        co_return toldOutcome(telling, host, m_entry->now());
    }
    const base::Error failure = *telling.failure;
    if (telling.hasNoWay && !telling.mayPass) {
        co_return outcomeOf(RevocationOutcome::NotSupported, host, std::nullopt);
    }
    // A sign-in of this window leaves nothing in a keychain.
    if (!telling.mayPass || m_entry->isWindowOnly() || job.registrationId.isEmpty()) {
        co_return outcomeOf(RevocationOutcome::NotConfirmed, host, failure);
    }
    RevocationRecord entry;
    entry.id = job.revocationId;
    entry.connectionId = m_entry->record().id;
    entry.name = m_entry->record().name;
    entry.issuer = grant.issuer;
    entry.endpoint = server->revocationEndpoint;
    entry.registrationId = job.registrationId;
    Result<RevocationRecord> kept = co_await m_pending.keep(std::move(entry), std::move(telling), tokens);
    if (!kept) {
        co_return base::failed(kept.error());
    }
    co_return pendingOutcome(*kept, failure, m_entry->now());
}

Task<Result<Disconnected>> Revoker::revokeOnRecord(Grant grant)
{
    Result<oauth::ClientRegistration> client =
        co_await m_registrations.read(m_entry->record().registrationId, {});
    if (!client && client.error().kind != ErrorKind::SignInNeeded) {
        co_return base::failed(client.error());
    }
    if (!client) {
        co_return outcomeOf(RevocationOutcome::NotConfirmed, m_entry->issuerHost(), client.error());
    }
    RevocationJob job{revocationIdOf(m_entry->record().id, grant), m_entry->record().authorizationServer,
                      m_entry->record().registrationId, std::move(*client), std::move(grant)};
    Result<Disconnected> outcome = co_await revoke(std::move(job));
    co_return outcome;
}

Task<void> Revoker::revokeReplaced(Revoker revoker, RevocationJob job, QString unusedRegistration)
{
    const QString host = base::displayAuthority(QUrl(job.grant.issuer));
    Result<Disconnected> outcome = co_await revoker.revoke(std::move(job));
    if (!outcome || outcome->outcome == RevocationOutcome::NotConfirmed) {
        revoker.m_entry->note(Words::tr("The previous sign-in could not be ended at the service"));
    } else if (outcome->outcome == RevocationOutcome::Pending) {
        revoker.m_entry->note(pendingText(*outcome->pending, true, revoker.m_entry->now()));
    }
    if (!unusedRegistration.isEmpty()) {
        co_await revoker.m_registrations.retire(unusedRegistration, revoker.m_entry->namer());
    }
}

} // namespace mooring::connections
