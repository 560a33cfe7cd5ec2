// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/connection.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "connections/grants/headerwriter.h"
#include "connections/records/lookresult.h"
#include "connections/records/names.h"
#include "connections/serveruse.h"
#include "connections/signin/signins.h"
#include "storage/filelock.h"

#include <algorithm>

namespace mooring::connections {

using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

using SelfPointer = std::shared_ptr<Connection>;

namespace {

/// What acts for a connection. All of it shares the entry.
struct Workers {
    Workers(const EntryPointer &entry, const Services &services);

    std::shared_ptr<TokenSource> tokens;
    std::shared_ptr<RequestKeys> keys;
    std::shared_ptr<ScopeRequests> scopes;
    std::shared_ptr<CredentialSources> sources;
    GrantWriter grantWriter;
    HeaderWriter headerWriter;
    std::shared_ptr<ServerProbe> probe;
    std::shared_ptr<SignIns> signIns;
    std::shared_ptr<Disconnection> disconnection;
    std::shared_ptr<ServerUse> use;
};

Workers::Workers(const EntryPointer &entry, const Services &services)
    : tokens(TokenSource::make(entry, services))
    , keys(RequestKeys::make(entry, services.stores))
    , scopes(std::make_shared<ScopeRequests>(entry, services.tasks))
    , sources(std::make_shared<CredentialSources>(CredentialSources{
          entry, tokens, keys, scopes,
          GrantWriter(entry, services.stores, services.registrations, services.deadlines), services.tasks}))
    , grantWriter(entry, services.stores, services.registrations, services.deadlines)
    , headerWriter(entry, services.stores, services.registrations, services.deadlines)
    , probe(std::make_shared<ServerProbe>(entry, services, sources))
    , signIns(std::make_shared<SignIns>(SignInParts{entry, services, tokens, scopes, probe}))
    , disconnection(std::make_shared<Disconnection>(entry, services, tokens, scopes))
    , use(std::make_shared<ServerUse>(entry, services, sources))
{
}

} // namespace

/// What a connection is made of.
struct Connection::Parts {
    GrantStore &store() const { return services.stores.of(*entry); }
    const ConnectionRecord &record() const { return entry->record(); }
    /// Tells the store where the keychain's items of this connection are, and what they are called there.
    void tellStore() const { services.stores.keychain.know(record().id, record().name, record().keptIn); }
    /// Made when the connection is first acted on: a long list is shown without.
    Workers &workers()
    {
        if (!made) {
            made = std::make_unique<Workers>(entry, services);
        }
        return *made;
    }

    EntryPointer entry;
    Services services;
    std::unique_ptr<Workers> made = {};
    std::stop_source unlockStop = {};
};

Connection::Connection(std::unique_ptr<Parts> parts)
    : d(std::move(parts))
{
    connect(d->entry.get(), &ConnectionEntry::changed, this, &Connection::changed);
    connect(d->entry.get(), &ConnectionEntry::replaced, this, [this] { d->tellStore(); });
    d->tellStore();
}

Connection::~Connection() = default;

std::shared_ptr<Connection> Connection::make(ConnectionRecord record, Services services)
{
    const EntryPointer entry = ConnectionEntry::make(std::move(record), services.records, services.clock);
    // A slot of this very object may drop the last reference, so it dies from the event loop.
    return {new Connection(std::make_unique<Parts>(Parts{entry, std::move(services)})),
            [](Connection *dying) { dying->deleteLater(); }};
}

const QString &Connection::id() const
{
    return d->entry->id();
}

const ConnectionRecord &Connection::record() const
{
    return d->record();
}

ConnectionState Connection::state() const
{
    return stateOf(d->record(), d->entry->live(), d->entry->now());
}

ConnectionState Connection::lastKnownState() const
{
    LiveFacts known = d->entry->live();
    if (const std::optional<RecordedError> &trouble = lastTrouble(); trouble && !known.trouble) {
        known.trouble = trouble->error;
    }
    return stateOf(d->record(), known, d->entry->now());
}

std::optional<RecordedError> Connection::lastTrouble() const
{
    const std::optional<RecordedError> &trouble = activityLog().trouble;
    // Whoever has signed in since, or renewed, knows better.
    const bool counts = trouble && (!d->record().hasSecret || d->record().issuedAt < trouble->at);
    return counts ? trouble : std::nullopt;
}

std::optional<RegistrationRecord> Connection::registration() const
{
    const QList<RegistrationRecord> &all = d->services.records.registrations();
    const auto found = std::find_if(all.begin(), all.end(), [this](const RegistrationRecord &one) {
        return one.id == d->record().registrationId;
    });
    return found == all.end() ? std::nullopt : std::optional(*found);
}

std::optional<RevocationRecord> Connection::pendingRevocation() const
{
    return d->services.revocations.ofConnection(id());
}

const ActivityLog &Connection::activityLog() const
{
    return d->entry->log();
}

const std::optional<QList<mcp::Tool>> &Connection::tools() const
{
    static const std::optional<QList<mcp::Tool>> none;
    return d->made ? d->made->use->tools() : none;
}

const QString &Connection::toolsNote() const
{
    static const QString none;
    return d->made ? d->made->use->toolsNote() : none;
}

const std::optional<mcp::ServerInfo> &Connection::serverInfo() const
{
    static const std::optional<mcp::ServerInfo> none;
    return d->made ? d->made->use->serverInfo() : none;
}

void Connection::adopt(const ConnectionRecord &record)
{
    d->entry->adopt(record);
}

void Connection::adoptNews()
{
    d->entry->forgetLog();
}

void Connection::adoptProbe(const mcp::ProbeReport &report)
{
    d->workers().probe->keep(report);
    Q_EMIT changed();
}

Task<mcp::ProbeReport> Connection::check(http::StepSink sink, std::stop_token stop)
{
    return d->workers().probe->check(std::move(sink), std::move(stop));
}

Task<Result<void>> Connection::authorize(AuthorizeOptions options, std::stop_token stop)
{
    return d->workers().signIns->authorize(std::move(options), std::move(stop));
}

void Connection::cancelSignIn()
{
    d->unlockStop.request_stop();
    if (d->made) {
        d->made->signIns->cancel();
    }
}

bool Connection::openBrowserAgain()
{
    return d->made && d->made->signIns->openBrowserAgain();
}

QUrl Connection::signInUrl() const
{
    return d->made ? d->made->signIns->url() : QUrl();
}

Result<void> Connection::pasteAddress(const QString &address)
{
    return d->workers().signIns->pasteAddress(address);
}

Task<Result<AccessToken>> Connection::accessToken(std::stop_token stop)
{
    return d->workers().tokens->accessToken(RefreshReason(), std::move(stop));
}

Task<Result<AccessToken>> Connection::renew(std::stop_token stop)
{
    RefreshReason reason;
    reason.force = true;
    return d->workers().tokens->accessToken(std::move(reason), std::move(stop));
}

Task<Result<QList<mcp::Tool>>> Connection::listTools(std::stop_token stop)
{
    return d->workers().use->listTools(std::move(stop));
}

Task<Result<mcp::ToolResult>> Connection::callTool(QString name, QJsonObject arguments, mcp::AskPerson ask,
                                                   std::stop_token stop)
{
    return d->workers().use->callTool(std::move(name), std::move(arguments), std::move(ask), std::move(stop));
}

QList<TypedHeader> Connection::headers() const
{
    return d->workers().headerWriter.headers();
}

Task<Result<void>> Connection::setHeaderKey(QString headerName, base::Secret value, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    if (const Result<void> valid = checkHeader(headerName, value.reveal()); !valid) {
        co_return base::failed(valid.error());
    }
    if (d->record().hasSecret && d->record().kind == AuthorizationKind::OAuth) {
        Result<Disconnected> gone = co_await disconnectFromServer(stop);
        if (!gone) {
            co_return base::failed(gone.error());
        }
    }
    const TypedHeader key{headerName, std::move(value), true};
    QList<TypedHeader> all = d->workers().headerWriter.headersWithKey(key);
    Result<void> stored = co_await d->workers().headerWriter.write(std::move(all), false, stop);
    co_return stored;
}

Task<Result<void>> Connection::setHeaders(QList<TypedHeader> headers, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    const bool besideSignIn = d->record().kind == AuthorizationKind::OAuth;
    const bool hasKey = d->record().kind == AuthorizationKind::Header && d->record().hasSecret;
    if (hasKey && std::ranges::none_of(headers, &TypedHeader::isSecret)) {
        // As if it had never had one.
        Result<Disconnected> gone = co_await disconnectFromServer(stop);
        if (!gone) {
            co_return base::failed(gone.error());
        }
    }
    Result<void> stored = co_await d->workers().headerWriter.write(std::move(headers), besideSignIn, stop);
    co_return stored;
}

Task<Result<void>> Connection::setSecretQuery(base::Secret query, QStringList names, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    Result<void> stored =
        co_await d->workers().headerWriter.writeSecretQuery(std::move(query), std::move(names), stop);
    co_return stored;
}

Task<Result<void>> Connection::forgetRequestSecrets(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    Result<void> forgotten = co_await d->workers().headerWriter.forget(stop);
    co_return forgotten;
}

Task<Result<Disconnected>> Connection::disconnectFromServer(std::stop_token stop)
{
    cancelSignIn();
    return d->workers().disconnection->run(std::move(stop));
}

Task<Result<void>> Connection::finishInterrupted(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    Result<void> settled = co_await d->workers().grantWriter.settleInterrupted(stop);
    if (settled && d->record().leaving) {
        Result<Disconnected> left = co_await disconnectFromServer(stop);
        settled = left ? Result<void>() : Result<void>(base::failed(left.error()));
    }
    if (!settled) {
        d->entry->setTrouble(settled.error());
        Q_EMIT changed();
    }
    co_return settled;
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
        isTaken = called && called->id != ownId && !isSameName(d->record().name, cleaned);
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
    if (d->record().hasSecret || !d->record().secretHeaders().isEmpty()) {
        d->services.tasks.run(d->services.stores.keychain.relabel(ownId));
    }
    co_return Result<void>();
}

QStringList Connection::wantedScopes() const
{
    return d->record().scopesWanted;
}

void Connection::dismissWantedScopes()
{
    d->workers().scopes->dismiss();
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
            record.verdict.reset();
        }
        record.settings = settings;
        record.refreshesWithoutResource = false;
        // Asked in another way, the service may answer in another one.
        if (std::exchange(record.endedGeneration, 0) == record.generation && record.generation != 0) {
            record.lastError.reset();
        }
        record.doubtedGeneration = 0;
    };
    Result<void> updated = co_await d->entry->update(change, stop);
    if (updated) {
        // What was found out under other rules counts no more.
        d->workers().probe->forgetReport();
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
    Result<void> updated = co_await d->entry->update(change, stop);
    co_return updated;
}

Task<Result<void>> Connection::unlockKeychain(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    d->unlockStop = std::stop_source();
    const std::stop_token waiting = d->unlockStop.get_token();
    const auto cancel = [source = d->unlockStop]() mutable { source.request_stop(); };
    const std::stop_callback onStop(stop, cancel);
    d->entry->live().waitingForKeychain = true;
    Q_EMIT changed();
    Result<void> unlocked = co_await d->store().store().unlock(waiting);
    d->entry->live().waitingForKeychain = false;
    if (unlocked) {
        d->entry->clearTrouble();
    } else {
        d->entry->setTrouble(unlocked.error());
    }
    Q_EMIT changed();
    if (unlocked && d->record().leaving) {
        // It was only waiting for the keychain.
        co_await disconnectFromServer(stop);
    }
    co_return unlocked;
}

Task<Result<QString>> Connection::moveSecrets(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(d->entry->lockPath(), d->services.deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    d->entry->reread();
    Result<QString> place = co_await d->services.stores.keychain.bring(id(), stop);
    if (!place || place->isEmpty()) {
        co_return place;
    }
    const QString there = *place;
    const RecordChange change = [there](ConnectionRecord &record) { record.keptIn = there; };
    Result<void> told = co_await d->entry->update(change, {});
    if (!told) {
        co_return base::failed(told.error());
    }
    Result<void> cleared = co_await d->services.stores.keychain.clearElsewhere(id(), stop);
    if (!cleared) {
        co_return base::failed(cleared.error());
    }
    co_return there;
}

bool Connection::hasReadSecrets() const
{
    return d->made && (d->made->tokens->held().current() || d->made->keys->hasReadKey());
}

QString Connection::keptIn() const
{
    const QString known = d->entry->isWindowOnly() ? QString() : d->services.stores.keychain.placeOf(id());
    return known.isEmpty() ? d->record().keptIn : known;
}

bool Connection::hasUnsavedSignIn() const
{
    return d->made && d->made->tokens->held().unsaved().has_value();
}

bool Connection::hasTokensUnderWay() const
{
    return d->made && d->made->tokens->held().isUnderWay();
}

Task<void> Connection::shutDown()
{
    const SelfPointer self = shared_from_this();
    cancelSignIn();
    if (d->made) {
        co_await d->made->use->close();
    }
    if (d->entry->isWindowOnly() && d->record().hasSecret) {
        co_await disconnectFromServer({});
    }
}

} // namespace mooring::connections
