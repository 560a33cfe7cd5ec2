// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/connection.h"

#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "connections/connection_p.h"
#include "connections/lookresult.h"
#include "connections/names.h"
#include "http/urlpolicy.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

QString issuerHost(const ConnectionRecord &record)
{
    return base::displayAuthority(QUrl(record.issuer));
}

Connection::Connection() = default;
Connection::~Connection() = default;

std::shared_ptr<Connection> Connection::make(ConnectionRecord record, Services services)
{
    // A slot of this very object may drop the last reference, so it dies from the event loop.
    std::shared_ptr<Connection> connection(new Connection, [](Connection *dying) { dying->deleteLater(); });
    connection->d = std::make_unique<Private>(std::move(record), services);
    connection->d->tellStore();
    connection->d->credentials = std::make_unique<Credentials>(connection, Credentials::Extent::All);
    connection->d->besideCredentials =
        std::make_unique<Credentials>(connection, Credentials::Extent::BesideSignIn);
    return connection;
}

const QString &Connection::id() const
{
    return d->record.id;
}

const ConnectionRecord &Connection::record() const
{
    return d->record;
}

ConnectionState Connection::state() const
{
    return stateOf(d->record, d->live, d->now());
}

ConnectionState Connection::lastKnownState() const
{
    LiveFacts known = d->live;
    if (const std::optional<RecordedError> &trouble = lastTrouble(); trouble && !known.trouble) {
        known.trouble = trouble->error;
    }
    return stateOf(d->record, known, d->now());
}

std::optional<RecordedError> Connection::lastTrouble() const
{
    const std::optional<RecordedError> &trouble = diary().trouble;
    // Whoever has signed in since, or renewed, knows better.
    const bool counts = trouble && (!d->record.hasSecret || d->record.issuedAt < trouble->at);
    return counts ? trouble : std::nullopt;
}

std::optional<RegistrationRecord> Connection::registration() const
{
    const QList<RegistrationRecord> &all = d->services.records.registrations();
    const auto found = std::find_if(all.begin(), all.end(), [this](const RegistrationRecord &one) {
        return one.id == d->record.registrationId;
    });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::optional<RevocationRecord> Connection::pendingRevocation() const
{
    return d->services.revocations.ofConnection(id());
}

const Diary &Connection::diary() const
{
    if (!d->diary) {
        d->diary = Diary::load(d->services.records.diaryPath(id()));
    }
    return *d->diary;
}

const std::optional<QList<mcp::Tool>> &Connection::tools() const
{
    return d->tools;
}

const QString &Connection::toolsNote() const
{
    return d->toolsNote;
}

const std::optional<mcp::ServerInfo> &Connection::serverInfo() const
{
    return d->serverInfo;
}

void Connection::Private::reread()
{
    // A damaged file is the list's business to report; what is known here still stands.
    if (services.records.hasChanged()) {
        static_cast<void>(services.records.load());
    }
}

Result<void> Connection::Private::checkAddress() const
{
    const Result<QUrl> url =
        http::UrlPolicy::parseTyped(record.url.toString(QUrl::FullyEncoded), record.settings.plainHttp());
    return url ? Result<void>() : Result<void>(base::failed(url.error()));
}

void Connection::Private::tellStore() const
{
    services.grants.know(record.id, record.name, record.keptIn);
}

void Connection::Private::setTrouble(const base::Error &error)
{
    if (error.kind != ErrorKind::Cancelled) {
        live.trouble = error;
        live.signInFailed = false;
    }
}

void Connection::Private::clearTrouble()
{
    live.trouble.reset();
    live.signInFailed = false;
    failures = 0;
    retryAt.reset();
}

void Connection::Private::forgetCredentials()
{
    cached.reset();
    prover.reset();
    cachedKey.reset();
    cachedFurther.reset();
    accepted = base::Secret();
    session.reset();
    tools.reset();
}

void Connection::Private::note(const SelfPointer &self, const QString &text)
{
    self->d->diary =
        Diary::append(self->d->services.records.diaryPath(self->id()), ActivityEntry{self->d->now(), text});
    Q_EMIT self->changed();
}

Task<Result<void>> Connection::Private::updateRecord(SelfPointer self, RecordChange change,
                                                     std::stop_token stop)
{
    Private *d = self->d.get();
    if (d->live.windowOnly) {
        change(d->record);
        Q_EMIT self->changed();
        co_return Result<void>();
    }
    const RecordsChange changeOne = [id = d->record.id, change](Records &records) {
        if (ConnectionRecord *mine = records.connection(id)) {
            change(*mine);
        }
    };
    Result<void> updated = co_await updateRecords(self, changeOne, stop);
    co_return updated;
}

Task<Result<void>> Connection::Private::updateRecords(SelfPointer self, RecordsChange change,
                                                      std::stop_token stop)
{
    Private *d = self->d.get();
    Result<Records> records = co_await d->services.records.update(change, stop);
    if (!records) {
        co_return base::failed(records.error());
    }
    const ConnectionRecord *mine = std::as_const(*records).connection(d->record.id);
    if (!mine) {
        co_return base::failed(
            makeError(ErrorKind::NotFound, Words::tr("This connection has been removed.")));
    }
    self->adopt(*mine);
    co_return Result<void>();
}

void Connection::adopt(const ConnectionRecord &record)
{
    if (d->live.windowOnly) {
        // The sign-in of this window is not in the file; the rest of the entry is.
        d->record.name = record.name;
        d->record.accountLabel = record.accountLabel;
        Q_EMIT changed();
        return;
    }
    if (record == d->record) {
        return;
    }
    const bool credentialsChanged = record.generation != d->record.generation
                                    || record.leaving != d->record.leaving || record.url != d->record.url
                                    || record.kind != d->record.kind;
    const bool furtherChanged =
        record.furtherGeneration != d->record.furtherGeneration || record.headers != d->record.headers;
    d->record = record;
    d->tellStore();
    if (credentialsChanged) {
        if (d->cached && (record.leaving || !record.hasSecret || d->cached->generation < record.generation)) {
            d->forgetCredentials();
        }
        if (d->cachedKey
            && (record.leaving || !record.hasSecret || d->cachedKey->generation < record.generation)) {
            d->forgetCredentials();
        }
        if (record.leaving && d->refreshing) {
            // Another process disconnects: whoever waits is not kept waiting for what is given back anyway.
            d->refreshing->set(base::failed(Private::leavingError()));
        }
        if (!record.leaving) { // else what keeps it from being finished still does
            d->clearTrouble();
        }
    }
    if (furtherChanged) {
        d->cachedFurther.reset();
        d->session.reset();
        d->tools.reset();
    }
    d->diary.reset();
    Q_EMIT changed();
}

void Connection::adoptNews()
{
    d->diary.reset();
    Q_EMIT changed();
}

Task<Result<void>> Connection::rename(QString name, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    const QString cleaned = base::displayText(name);
    if (cleaned.isEmpty()) {
        co_return base::failed(makeError(ErrorKind::InvalidInput, Words::tr("A name can't be empty.")));
    }
    const QString ownId = id();
    bool isTaken = false;
    const RecordsChange change = [this, ownId, cleaned, &isTaken](Records &records) {
        const ConnectionRecord *called = connectionCalled(cleaned, records);
        isTaken = called && called->id != ownId && !isSameName(d->record.name, cleaned);
        ConnectionRecord *mine = records.connection(ownId);
        if (mine && !isTaken) {
            mine->name = cleaned;
        }
    };
    Result<Records> records = co_await d->services.records.update(change, stop);
    if (!records) {
        co_return base::failed(records.error());
    }
    if (isTaken) {
        co_return base::failed(makeError(
            ErrorKind::InvalidInput, Words::tr("There is a connection called “%1” already.").arg(cleaned)));
    }
    if (const ConnectionRecord *mine = records->connection(ownId)) {
        adopt(*mine);
    }
    if (d->record.hasSecret || !d->record.secretHeaders().isEmpty()) {
        d->services.tasks.run(d->services.grants.relabel(ownId));
    }
    co_return Result<void>();
}

QStringList Connection::wantedScopes() const
{
    return d->record.scopesWanted;
}

void Connection::dismissWantedScopes()
{
    d->stepUp.dismiss(d->record.scopesWanted, d->now());
    d->services.tasks.run(Private::setScopesWanted(shared_from_this(), {}));
}

Task<void> Connection::Private::setScopesWanted(SelfPointer self, QStringList scopes)
{
    // Shown at once; in the file too, because it is another process that can ask the person.
    self->d->record.scopesWanted = scopes;
    Q_EMIT self->changed();
    const RecordChange change = [scopes](ConnectionRecord &record) { record.scopesWanted = scopes; };
    Result<void> updated = co_await updateRecord(self, change, {});
    if (!updated) {
        qCWarning(base::lcConnections).noquote()
            << "the record could not be written:" << updated.error().detail;
    }
}

Task<Result<void>> Connection::setSettings(oauth::SignInSettings settings, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    const RecordChange change = [settings](ConnectionRecord &record) {
        // What is no longer wanted must not come back with the next sign-in, which asks again for what
        // was asked for before.
        record.scopesAsked.removeIf([&](const QString &scope) {
            return record.settings.extraScopes.contains(scope) && !settings.extraScopes.contains(scope);
        });
        if (record.settings != settings && isBeforeSignIn(record) && record.lastError) {
            record.lastError.reset();
            record.verdict.clear();
        }
        record.settings = settings;
        record.refreshesWithoutResource = false;
        // Asked in another way, the service may answer in another one.
        if (std::exchange(record.endedGeneration, 0) == record.generation && record.generation != 0) {
            record.lastError.reset();
        }
        record.doubtedGeneration = 0;
    };
    Result<void> updated = co_await Private::updateRecord(self, change, stop);
    if (updated) {
        // What was found out under other rules counts no more.
        d->report.reset();
    }
    co_return updated;
}

Task<Result<void>> Connection::setAccountLabel(QString label, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    const QString cleaned = base::displayText(label);
    const RecordChange change = [cleaned](ConnectionRecord &record) {
        record.accountLabel = cleaned.isEmpty() ? record.accountTold : cleaned;
    };
    Result<void> updated = co_await Private::updateRecord(self, change, stop);
    co_return updated;
}

std::shared_ptr<oauth::DpopProver> Connection::Private::proverOf(const Grant &grant)
{
    if (grant.dpopKey.isEmpty()) {
        return nullptr;
    }
    // Kept as long as the key stays: it knows the nonces.
    if (!prover || prover->key().toPem() != grant.dpopKey) {
        const Result<oauth::SigningKey> key = oauth::SigningKey::fromPem(grant.dpopKey);
        prover = key ? std::make_shared<oauth::DpopProver>(*key, services.clock) : nullptr;
    }
    return prover;
}

Task<Result<void>> Connection::unlockKeychain(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    d->unlockStop = std::stop_source();
    const std::stop_token waiting = d->unlockStop.get_token();
    const auto cancel = [source = d->unlockStop]() mutable { source.request_stop(); };
    const std::stop_callback onStop(stop, cancel);
    d->live.waitingForKeychain = true;
    Q_EMIT changed();
    Result<void> unlocked = co_await d->store().store().unlock(waiting);
    d->live.waitingForKeychain = false;
    if (unlocked) {
        d->clearTrouble();
    } else {
        d->setTrouble(unlocked.error());
    }
    Q_EMIT changed();
    if (unlocked && d->record.leaving) {
        // It was only waiting for the keychain.
        co_await disconnectFromServer(stop);
    }
    co_return unlocked;
}

bool Connection::hasUnsavedSignIn() const
{
    return d->unsaved.has_value();
}

bool Connection::hasTokensUnderWay() const
{
    return d->underWay.use_count() > 1;
}

Task<void> Connection::shutDown()
{
    const SelfPointer self = shared_from_this();
    cancelSignIn();
    if (const std::shared_ptr<mcp::Session> session = std::exchange(d->session, nullptr)) {
        co_await session->close();
    }
    if (d->live.windowOnly && d->record.hasSecret) {
        co_await disconnectFromServer({});
    }
}

} // namespace mooring::connections
