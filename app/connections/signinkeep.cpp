// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The half of SignIn that stores what a sign-in has brought, and lets go of what it replaces.
#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "connections/refresh.h"
#include "connections/signin.h"
#include "oauth/account.h"
#include "storage/filelock.h"

#include <QUuid>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

Grant grantOf(const oauth::Discovery &discovery, const oauth::ClientRegistration &client,
              const oauth::TokenSet &tokens, Grant::Source source)
{
    Grant grant;
    grant.tokens = tokens;
    grant.issuer = discovery.server.issuer;
    grant.resource = discovery.resource.resource;
    grant.tokenEndpoint = discovery.server.tokenEndpoint;
    grant.clientId = client.clientId;
    grant.source = source;
    return grant;
}

QString newId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

} // namespace

GivenBack SignIn::givenBack(const oauth::Discovery &discovery, const oauth::ClientRegistration &client,
                            const Grant &grant) const
{
    // A sign-in of this window leaves nothing in a keychain, not even to be revoked.
    const QString registrationId = m_options.windowOnly ? QString() : m_registrationId;
    return {newId(), discovery.server.toRecord(), registrationId, client, grant};
}

Task<Result<void>> SignIn::keep(oauth::Discovery discovery, Issued issued, std::stop_token stop)
{
    const oauth::ClientRegistration client = issued.client;
    Grant grant = grantOf(discovery, client, issued.tokens, issued.source);
    if (m_dpop) {
        grant.dpopKey = m_dpop->key().toPem();
    }
    if (stop.stop_requested()) {
        // Cancelled while the code was on its way: what came of it is given back.
        co_await Connection::Private::giveBack(m_self, givenBack(discovery, client, grant));
        co_return base::failed(base::cancelledError());
    }
    // These tokens exist, so they are either stored or given back.
    letGoOn(stop);
    Result<void> registered;
    if (m_registrationId.isEmpty() && !client.clientId.isEmpty()) {
        registered = co_await saveRegistration(client);
    }
    Result<storage::FileLock> lock = co_await storage::FileLock::acquire(
        d->services.records.connectionLockPath(d->record.id), d->services.deadlines.lock, stop);
    std::optional<GivenBack> old;
    if (lock) {
        old = co_await readReplaced();
    }
    Result<void> kept = lock ? registered : base::failed(lock.error());
    if (kept) {
        // An item can be ahead of its record, if a process ended between writing the two.
        grant.generation = std::max(d->record.generation, old ? old->grant.generation : 0) + 1;
        kept = co_await store(grant, discovery, client);
    }
    if (!kept && old) {
        co_await putBack(old->grant);
    }
    if (!kept) {
        co_await Connection::Private::giveBack(m_self, givenBack(discovery, client, grant));
        co_return base::failed(kept.error());
    }
    // Only now that the new grant is safe, the old one goes.
    const QString unused = std::exchange(m_replacedRegistration, {});
    if (old && old->grant.tokens.refreshToken != grant.tokens.refreshToken) {
        d->services.tasks.run(Connection::Private::revokeReplaced(m_self, std::move(*old), unused));
    } else if (!unused.isEmpty()) {
        d->services.tasks.run(d->services.registrations.retire(unused, d->namer()));
    }
    d->services.tasks.run(tellAccount(m_self, discovery.server, grant));
    Connection::Private::note(m_self, issued.source == Grant::Source::Browser
                                          ? Words::tr("Authorized in the browser")
                                          : Words::tr("Authorized without a browser"));
    if (!issued.tokens.foundIn.isEmpty()) {
        Connection::Private::note(
            m_self, Words::tr("%1 gave the access in a place of its own (%2); Mooring took it from there")
                        .arg(base::displayAuthority(discovery.server.tokenEndpoint), issued.tokens.foundIn));
    }
    co_return Result<void>();
}

Task<std::optional<GivenBack>> SignIn::readReplaced()
{
    // Another process may have signed in meanwhile; one that was cut off may be complete all the same.
    co_await Connection::Private::settleArrival(m_self);
    if (!d->record.hasSecret) {
        co_return std::optional<GivenBack>();
    }
    Result<std::optional<Grant>> stored = co_await d->store().readGrant(d->record.id, {});
    Result<oauth::ClientRegistration> client =
        co_await d->services.registrations.read(d->record.registrationId, {});
    const std::optional<Grant> latest = d->latest(stored ? *stored : std::nullopt);
    if (!latest || !client) {
        co_return std::optional<GivenBack>();
    }
    GivenBack replaced{newId(), d->record.authorizationServer, d->record.registrationId, *client, *latest};
    co_return std::optional<GivenBack>(std::move(replaced));
}

Task<void> SignIn::putBack(Grant old)
{
    Result<void> restored = co_await d->store().writeGrant(d->record.id, std::move(old), {});
    if (!restored) {
        qCWarning(base::lcConnections) << "the sign-in before could not be put back";
    }
}

Task<Result<void>> SignIn::store(Grant grant, oauth::Discovery discovery, oauth::ClientRegistration client)
{
    d->live.windowOnly = m_options.windowOnly;
    const bool replacesHeaders =
        d->record.kind == AuthorizationKind::Header && !d->record.secretHeaders().isEmpty();
    // One whose port was taken stays for the day when it is free again.
    if (m_options.forgetRegistration && d->record.registrationId != m_registrationId) {
        m_replacedRegistration = d->record.registrationId;
    }
    const Arrival arrival{grant.generation, discovery.server.toRecord(), m_registrationId, discovery.scopes,
                          oauth::accountLabelOf(grant.tokens)};
    const RecordChange announce = [arrival](ConnectionRecord &record) { record.arriving = arrival; };
    Result<void> written = co_await Connection::Private::updateRecord(m_self, announce, {});
    if (written && !m_registrationId.isEmpty()) {
        written = co_await d->services.registrations.putBack(m_registrationId, std::move(client));
    }
    base::checkpoint("K12");
    if (written) {
        written = co_await d->store().writeGrant(d->record.id, grant, {});
    }
    if (!written) {
        const RecordChange retract = [](ConnectionRecord &record) { record.arriving.reset(); };
        co_await Connection::Private::updateRecord(m_self, retract, {});
        d->live.windowOnly = false;
        co_return base::failed(written.error());
    }
    base::checkpoint("K14");
    const RecordChange change = [grant, arrival,
                                 keptIn = d->store().placeOf(d->record.id)](ConnectionRecord &record) {
        takeIn(&record, arrival, grant);
        record.keptIn = keptIn;
        record.leaving = false;
    };
    Result<void> recorded = co_await Connection::Private::updateRecord(m_self, change, {});
    if (!recorded) {
        co_await d->store().remove(d->record.id, {});
        co_return base::failed(recorded.error());
    }
    d->forgetCredentials();
    d->unsaved.reset();
    d->cached = grant;
    if (replacesHeaders && !m_options.windowOnly) {
        // What stays behind is sent to nobody, and goes with the connection.
        co_await Connection::Private::tidyFurther(m_self, false);
    }
    d->prover = m_dpop;
    d->challenges.clear();
    if (!m_options.moreScopes.isEmpty()) {
        d->stepUp.agreed(d->now());
    }
    d->clearTrouble();
    co_return Result<void>();
}

Task<void> SignIn::tellAccount(SelfPointer self, oauth::AuthorizationServer server, Grant grant)
{
    Connection::Private *d = self->d.get();
    if (!oauth::accountLabelOf(grant.tokens).isEmpty()) {
        co_return;
    }
    Result<QString> told =
        co_await oauth::fetchAccountLabel(d->services.http, d->services.deadlines, std::move(server),
                                          grant.tokens, d->proverOf(grant), d->services.tasks.token());
    if (!told || told->isEmpty() || d->record.generation < grant.generation) {
        co_return;
    }
    const RecordChange change = [told = *told](ConnectionRecord &record) { tellAccountTo(&record, told); };
    Result<void> updated = co_await Connection::Private::updateRecord(self, change, {});
    if (!updated) {
        qCInfo(base::lcConnections) << "the account's name could not be kept";
    }
}

} // namespace mooring::connections
