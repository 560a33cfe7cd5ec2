// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/signin/grantkeeper.h"

#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "oauth/account.h"
#include "storage/filelock.h"

#include <QUuid>

namespace mooring::connections {

using base::Result;
using base::Task;
using base::Words;

namespace {

QString newId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

} // namespace

GrantKeeper::GrantKeeper(EntryPointer entry, Services services, std::shared_ptr<TokenSource> tokens,
                         std::shared_ptr<ScopeRequests> scopes, ClientProvider &clients,
                         AuthorizeOptions options, std::shared_ptr<oauth::DpopProver> dpop)
    : m_entry(std::move(entry))
    , m_services(services)
    , m_tokens(std::move(tokens))
    , m_scopes(std::move(scopes))
    , m_clients(clients)
    , m_options(std::move(options))
    , m_dpop(std::move(dpop))
    , m_writer(m_entry, services.stores, services.registrations, services.deadlines)
    , m_requestSecrets(m_entry, services.stores)
    , m_revoker(m_entry, services.http, services.deadlines, services.registrations, services.revocations)
{
}

Grant GrantKeeper::grantOf(const oauth::Discovery &discovery, const IssuedGrant &issued) const
{
    Grant grant;
    grant.tokens = issued.tokens;
    grant.issuer = discovery.server.issuer;
    grant.resource = discovery.resource.resource;
    grant.tokenEndpoint = discovery.server.tokenEndpoint;
    grant.clientId = issued.client.clientId;
    grant.source = issued.source;
    if (m_dpop) {
        grant.dpopKey = m_dpop->key().toPem();
    }
    return grant;
}

RevocationJob GrantKeeper::jobFor(const oauth::Discovery &discovery, const oauth::ClientRegistration &client,
                                  const Grant &grant) const
{
    // A sign-in of this window leaves nothing in a keychain, not even to be revoked.
    const QString registrationId = m_options.windowOnly ? QString() : m_clients.registrationId();
    return {newId(), discovery.server.toRecord(), registrationId, client, grant};
}

Task<void> GrantKeeper::revoke(oauth::Discovery discovery, IssuedGrant issued)
{
    co_await m_revoker.revoke(jobFor(discovery, issued.client, grantOf(discovery, issued)));
}

Task<Result<void>> GrantKeeper::keep(oauth::Discovery discovery, IssuedGrant issued, std::stop_token stop)
{
    const oauth::ClientRegistration client = issued.client;
    Grant grant = grantOf(discovery, issued);
    Result<void> registered;
    if (m_clients.registrationId().isEmpty() && !client.clientId.isEmpty()) {
        registered = co_await m_clients.save(client);
    }
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(m_entry->lockPath(), m_services.deadlines.lock, stop);
    std::optional<RevocationJob> old;
    if (lock) {
        old = co_await readReplaced();
    }
    Result<void> kept = lock ? registered : base::failed(lock.error());
    if (kept) {
        // An item can be ahead of its record, if a process ended between writing the two.
        grant.generation = std::max(record().generation, old ? old->grant.generation : 0) + 1;
        kept = co_await store(grant, discovery, client);
    }
    if (!kept && old) {
        co_await putBack(old->grant);
    }
    if (!kept) {
        co_await m_revoker.revoke(jobFor(discovery, client, grant));
        co_return base::failed(kept.error());
    }
    letGoOf(std::move(old), grant);
    m_services.tasks.run(tellAccount(m_entry, m_services, m_tokens, discovery.server, grant));
    m_entry->note(issued.source == Grant::Source::Browser ? Words::tr("Authorized in the browser")
                                                          : Words::tr("Authorized without a browser"));
    if (!issued.tokens.foundIn.isEmpty()) {
        const QString host = base::displayAuthority(discovery.server.tokenEndpoint);
        m_entry->note(Words::tr("%1 gave the access in a place of its own (%2); Mooring took it from there")
                          .arg(host, issued.tokens.foundIn));
    }
    co_return Result<void>();
}

/// Only once the new grant is safe.
void GrantKeeper::letGoOf(std::optional<RevocationJob> old, const Grant &grant)
{
    const QString unused = std::exchange(m_replacedRegistration, {});
    if (old && old->grant.tokens.refreshToken != grant.tokens.refreshToken) {
        m_services.tasks.run(Revoker::revokeReplaced(m_revoker, std::move(*old), unused));
    } else if (!unused.isEmpty()) {
        m_services.tasks.run(m_services.registrations.retire(unused, m_entry->namer()));
    }
}

Task<std::optional<RevocationJob>> GrantKeeper::readReplaced()
{
    // Another process may have signed in meanwhile; one that was cut off may be complete all the same.
    co_await m_writer.settle();
    if (!record().hasSecret) {
        co_return std::optional<RevocationJob>();
    }
    GrantStore &store = m_services.stores.of(*m_entry);
    Result<std::optional<Grant>> stored = co_await store.readGrant(m_entry->id(), {});
    Result<oauth::ClientRegistration> client =
        co_await m_services.registrations.read(record().registrationId, {});
    const std::optional<Grant> latest = m_tokens->held().latest(stored ? *stored : std::nullopt);
    if (!latest || !client) {
        co_return std::optional<RevocationJob>();
    }
    RevocationJob replaced{newId(), record().authorizationServer, record().registrationId, *client, *latest};
    co_return std::optional<RevocationJob>(std::move(replaced));
}

Task<void> GrantKeeper::putBack(Grant old)
{
    GrantStore &store = m_services.stores.of(*m_entry);
    Result<void> restored = co_await store.writeGrant(m_entry->id(), std::move(old), {});
    if (!restored) {
        qCWarning(base::lcConnections) << "the sign-in before could not be put back";
    }
}

Task<Result<void>> GrantKeeper::store(Grant grant, oauth::Discovery discovery,
                                      oauth::ClientRegistration client)
{
    const bool wasWindowOnly = std::exchange(m_entry->live().windowOnly, m_options.windowOnly);
    const bool replacesHeaders =
        record().kind == AuthorizationKind::Header && !record().secretHeaders().isEmpty();
    // One whose port was taken stays for the day when it is free again.
    if (m_options.forgetRegistration && record().registrationId != m_clients.registrationId()) {
        m_replacedRegistration = record().registrationId;
    }
    const PendingWrite pending{grant.generation, discovery.server.toRecord(), m_clients.registrationId(),
                               discovery.scopes, oauth::accountLabelOf(grant.tokens)};
    Result<void> written = co_await m_writer.writeGrant(pending, grant, std::move(client));
    if (!written) {
        m_entry->live().windowOnly = wasWindowOnly;
        co_return base::failed(written.error());
    }
    m_entry->forgetCredentials();
    HeldGrant &held = m_tokens->held();
    held.clearUnsaved();
    held.setCurrent(grant);
    if (replacesHeaders && !m_options.windowOnly) {
        // What stays behind is sent to nobody, and goes with the connection.
        co_await m_requestSecrets.tidy(false);
    }
    held.setProver(m_dpop);
    m_scopes->setChallenges({});
    if (!m_options.moreScopes.isEmpty()) {
        m_scopes->agreed();
    }
    m_entry->clearTrouble();
    co_return Result<void>();
}

Task<void> GrantKeeper::tellAccount(EntryPointer entry, Services services,
                                    std::shared_ptr<TokenSource> tokens, oauth::AuthorizationServer server,
                                    Grant grant)
{
    if (!oauth::accountLabelOf(grant.tokens).isEmpty()) {
        co_return;
    }
    const std::shared_ptr<oauth::DpopProver> prover = tokens->held().proverOf(grant);
    Result<QString> told = co_await oauth::fetchAccountLabel(
        services.http, services.deadlines, std::move(server), grant.tokens, prover, services.tasks.token());
    if (!told || told->isEmpty() || entry->record().generation < grant.generation) {
        co_return;
    }
    const RecordChange change = [told = *told](ConnectionRecord &record) { record.setAccountTold(told); };
    Result<void> updated = co_await entry->update(change, {});
    if (!updated) {
        qCInfo(base::lcConnections) << "the account's name could not be kept";
    }
}

} // namespace mooring::connections
