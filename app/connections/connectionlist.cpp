// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/connectionlist.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "connections/interruptedwork.h"
#include "connections/quietchecks.h"
#include "connections/records/lookresult.h"
#include "connections/records/names.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"
#include "oauth/clientmetadata.h"
#include "storage/memorysecretstore.h"

#include <QFile>
#include <QHash>
#include <QSettings>
#include <QUuid>

#include <algorithm>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using Verdict = mcp::ProbeReport::Verdict;

struct ConnectionList::Parts {
    Parts(http::Client &client, storage::SecretStore &secretStore, const storage::Profile &profile,
          base::Clock handedClock, base::Deadlines handedDeadlines, oauth::OpenUrl handedOpenUrl)
        : http(client)
        , secrets(secretStore)
        , records(profile, handedDeadlines)
        , grants(secretStore, profile.keychainPrefix())
        , windowGrants(windowSecrets, profile.keychainPrefix())
        , registrations(records, grants, client, handedDeadlines)
        , revocations(records, secretStore, registrations, client, handedDeadlines, tasks)
        , clock(std::move(handedClock))
        , deadlines(handedDeadlines)
        , openUrl(std::move(handedOpenUrl))
        , checks(clock, tasks)
        , interrupted(connections, secrets, services())
    {
    }

    Services services()
    {
        return {http,    records, {grants, windowGrants}, registrations, revocations, clock, deadlines,
                openUrl, tasks};
    }

    http::Client &http;
    storage::SecretStore &secrets;
    storage::MemorySecretStore windowSecrets;
    RecordsFile records;
    GrantStore grants;
    GrantStore windowGrants;
    Registrations registrations;
    PendingRevocations revocations;
    base::Clock clock;
    base::Deadlines deadlines;
    oauth::OpenUrl openUrl;
    std::unique_ptr<storage::FolderWatch> watch;
    QList<std::shared_ptr<Connection>> connections;
    QHash<QString, std::shared_ptr<Connection>> byId;
    QuietChecks checks;
    InterruptedWork interrupted;
    // Last, so that it goes first: its tasks use all of the above.
    base::TaskScope tasks;
};

ConnectionList::ConnectionList(http::Client &http, storage::SecretStore &secrets, storage::Profile profile,
                               base::Clock clock, base::Deadlines deadlines, oauth::OpenUrl openUrl)
    : d(std::make_unique<Parts>(http, secrets, profile, std::move(clock), deadlines, std::move(openUrl)))
{
    d->records.setObserver([this](const Records &fresh) { adopt(fresh); });
    const auto tellConnection = [this](const QString &id) {
        if (const std::shared_ptr<Connection> connection = byId(id)) {
            connection->adoptNews();
        }
    };
    connect(&d->revocations, &PendingRevocations::changed, this, [tellConnection](const QStringList &ids) {
        std::for_each(ids.begin(), ids.end(), tellConnection);
    });
    connect(&d->revocations, &PendingRevocations::ended, this,
            [tellConnection](const RevocationRecord &entry) { tellConnection(entry.connectionId); });
}

ConnectionList::~ConnectionList() = default;

Result<void> ConnectionList::load(std::shared_ptr<RecordsFile::Ahead> ahead)
{
    d->records.expect(std::move(ahead));
    const Result<void> prepared = d->records.profile().prepare();
    // What can only be read is shown all the same; who wants to change it hears then why that can't be.
    if (!prepared && !d->records.profile().checkReadable()) {
        return base::failed(prepared.error());
    }
    const Result<Records> records = d->records.load();
    if (d->grants.folder().stamp().id.isEmpty()) {
        d->grants.setFolder(storage::FolderIdentity::of(d->records.profile().folder()));
    }
    if (!d->watch) {
        d->watch = std::make_unique<storage::FolderWatch>(d->records.profile().folder());
        connect(d->watch.get(), &storage::FolderWatch::changed, this, [this] {
            if (!d->records.hasChanged()) {
                return;
            }
            if (const Result<Records> fresh = d->records.load(); !fresh) {
                Q_EMIT trouble(fresh.error());
            }
        });
    }
    if (records && records->hasUnusable()) {
        Q_EMIT trouble(
            makeError(ErrorKind::Storage,
                      Words::tr("Some entries of your list can't be used by this version of Mooring and "
                                "are not shown. Nothing was deleted: they stay in connections.json.")));
    }
    return records ? Result<void>() : base::failed(records.error());
}

void ConnectionList::adopt(const Records &fresh)
{
    QHash<QString, std::shared_ptr<Connection>> known = d->byId;
    QHash<QString, std::shared_ptr<Connection>> index;
    QList<std::shared_ptr<Connection>> now;
    QList<std::shared_ptr<Connection>> additions;
    for (const ConnectionRecord &record : fresh.connections) {
        if (const std::shared_ptr<Connection> connection = known.take(record.id)) {
            connection->adopt(record);
            now.append(connection);
        } else {
            additions.append(Connection::make(record, d->services()));
            now.append(additions.last());
        }
        index.insert(record.id, now.last());
    }
    d->connections = now;
    d->byId = index;
    for (const std::shared_ptr<Connection> &gone : std::as_const(known)) {
        gone->cancelSignIn();
        Q_EMIT removed(gone);
    }
    for (const std::shared_ptr<Connection> &addition : std::as_const(additions)) {
        Q_EMIT added(addition);
    }
    d->revocations.adopt(fresh.revocations);
    d->interrupted.finishLater();
}

const QList<std::shared_ptr<Connection>> &ConnectionList::connections() const
{
    return d->connections;
}

std::shared_ptr<Connection> ConnectionList::byId(const QString &id) const
{
    return d->byId.value(id);
}

Result<std::shared_ptr<Connection>> ConnectionList::find(const QString &nameOrUrl) const
{
    if (const std::shared_ptr<Connection> exact = byId(nameOrUrl)) {
        return exact;
    }
    // Names are kept as they are shown, which is not always as they were typed.
    const QString name = base::displayText(nameOrUrl);
    QList<std::shared_ptr<Connection>> matches;
    for (const std::shared_ptr<Connection> &connection : std::as_const(d->connections)) {
        if (isSameName(connection->record().name, name)) {
            matches.append(connection);
        }
    }
    if (matches.isEmpty()) {
        if (const Result<QUrl> url = http::UrlPolicy::parseTyped(nameOrUrl, http::PlainHttp::ThisNetwork)) {
            matches = withUrl(*url);
        }
    }
    if (matches.size() > 1) {
        return base::failed(makeError(
            ErrorKind::InvalidInput,
            Words::tr("There are several connections called “%1”. Use the id of one of them; the list "
                      "shows it.")
                .arg(name)));
    }
    if (matches.isEmpty()) {
        return base::failed(
            makeError(ErrorKind::NotFound, Words::tr("There is no connection called “%1”.").arg(name)));
    }
    return matches.first();
}

QList<std::shared_ptr<Connection>> ConnectionList::withUrl(const QUrl &url) const
{
    QList<std::shared_ptr<Connection>> matches;
    const auto normal = [](const QUrl &whole) {
        // With another key it is still the same server: a second account.
        const QUrl one = http::withoutSecretQuery(whole).url;
        return http::origin(one) + one.path(QUrl::FullyEncoded) + u'?' + one.query(QUrl::FullyEncoded);
    };
    for (const std::shared_ptr<Connection> &connection : std::as_const(d->connections)) {
        if (normal(connection->record().url) == normal(url)) {
            matches.append(connection);
        }
    }
    return matches;
}

/// The first entry for it: what the request and a look that was made before say.
ConnectionRecord ConnectionList::recordFor(const NewConnection &request, const QUrl &url) const
{
    const bool hasKey = std::ranges::any_of(request.headers, &TypedHeader::isSecret);
    const bool wantsSignIn = request.report && request.report->verdict == Verdict::NeedsSignIn;
    const bool hasKeyInstead = hasKey && !wantsSignIn;
    ConnectionRecord record;
    record.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    record.url = http::withoutSecretQuery(url).url;
    record.name = base::displayText(request.name);
    if (record.name.isEmpty()) {
        record.name = nameFromUrl(url);
    }
    record.addedAt = d->clock();
    record.settings = request.settings;
    for (const std::shared_ptr<Connection> &other : std::as_const(d->connections)) {
        // MCP 2026-07-28, "Era detection": a verdict counts for the whole origin.
        if (record.era == mcp::Era::Unknown && http::origin(other->record().url) == http::origin(url)) {
            record.era = other->record().era;
            record.offeredVersion = other->record().offeredVersion;
        }
    }
    if (request.report && hasKeyInstead) {
        record.era = request.report->era != mcp::Era::Unknown ? request.report->era : record.era;
    } else if (request.report) {
        applyReport(&record, *request.report);
    }
    return record;
}

Task<Result<std::shared_ptr<Connection>>> ConnectionList::add(NewConnection request, std::stop_token stop)
{
    // Whether it may be reached like that is asked whenever it is.
    const Result<QUrl> url =
        http::UrlPolicy::parseTyped(request.url.toString(QUrl::FullyEncoded), http::PlainHttp::ThisNetwork);
    if (!url) {
        co_return base::failed(url.error());
    }
    if (const Result<void> valid = checkHeaders(request.headers); !valid) {
        co_return base::failed(valid.error());
    }
    const http::SplitAddress address = http::withoutSecretQuery(*url);
    ConnectionRecord record = recordFor(request, *url);
    const RecordsChange append = [&record](Records &records) {
        record.name = freeName(record.name, records);
        records.connections.append(record);
    };
    Result<Records> saved = co_await d->records.update(append, stop);
    if (!saved) {
        co_return base::failed(saved.error());
    }
    base::checkpoint("K01");
    const std::shared_ptr<Connection> connection = byId(record.id);
    if (!request.headers.isEmpty() || !address.names.isEmpty()) {
        Result<void> kept = co_await keepKeys(connection, request, address, stop);
        if (!kept) {
            co_return base::failed(kept.error());
        }
    }
    if (request.report) {
        connection->adoptProbe(*request.report);
        d->checks.noteChecked(record.id);
    }
    co_return connection;
}

/// The entry is there already: a key in the keychain that no entry knows of would stay there for good.
Task<Result<void>> ConnectionList::keepKeys(std::shared_ptr<Connection> connection, NewConnection request,
                                            http::SplitAddress address, std::stop_token stop)
{
    const QString id = connection->id();
    Result<void> written;
    if (!address.names.isEmpty()) {
        written = co_await connection->setSecretQuery(address.secretQuery, address.names, stop);
    }
    if (written && !request.headers.isEmpty()) {
        written = co_await connection->setHeaders(request.headers, stop);
    }
    if (!written) {
        co_await d->grants.remove(id, {});
        co_await connection->forgetRequestSecrets({});
        co_await dropRecord(id, {});
        co_return written;
    }
    if (request.report) {
        const RecordsChange tell = [id, verdict = request.report->verdict](Records &records) {
            if (ConnectionRecord *mine = records.connection(id)) {
                mine->verdict = verdict;
            }
        };
        Result<Records> told = co_await d->records.update(tell, stop);
        if (!told) {
            qCWarning(base::lcConnections).noquote()
                << "the record could not be written:" << told.error().detail;
        }
    }
    co_return written;
}

Task<Result<Disconnected>> ConnectionList::remove(QString id, bool force, std::stop_token stop)
{
    const std::shared_ptr<Connection> connection = byId(id);
    if (!connection) {
        co_return base::failed(
            makeError(ErrorKind::NotFound, Words::tr("This connection has been removed already.")));
    }
    Disconnected outcome;
    outcome.sentence = Words::tr("Removed.");
    connection->cancelSignIn();
    const ConnectionRecord &record = connection->record();
    if (record.hasSecret || record.leaving || record.pendingWrite) {
        Result<Disconnected> left = co_await connection->disconnectFromServer(stop);
        if (!left && !force) {
            co_return base::failed(left.error());
        }
        if (left) {
            outcome = *left;
        }
    }
    if (Result<void> forgotten = co_await connection->forgetRequestSecrets(stop); !forgotten && !force) {
        co_return base::failed(forgotten.error());
    }
    Result<void> dropped = co_await dropRecord(id, stop);
    if (!dropped) {
        co_return base::failed(dropped.error());
    }
    QFile::remove(d->records.activityLogPath(id));
    // What nobody signs in with any more is no use to keep, here or at the service.
    d->tasks.run(d->registrations.retireBehind(connection->record()));
    co_return outcome;
}

Task<Result<void>> ConnectionList::dropRecord(QString id, std::stop_token stop)
{
    const RecordsChange drop = [id](Records &records) {
        records.connections.removeIf([&id](const ConnectionRecord &record) { return record.id == id; });
    };
    Result<Records> saved = co_await d->records.update(drop, stop);
    co_return saved ? Result<void>() : Result<void>(base::failed(saved.error()));
}

Task<mcp::ProbeReport> ConnectionList::probe(QUrl url, QList<TypedHeader> headers,
                                             oauth::SignInSettings settings, http::StepSink sink,
                                             std::stop_token stop)
{
    const http::SplitAddress address = http::withoutSecretQuery(url);
    TypedHeaders key(std::move(headers), address.secretQuery, http::origin(url));
    mcp::ProbeReport report = co_await mcp::probe(d->http, d->deadlines, address.url, &key,
                                                  std::move(settings), std::move(sink), stop);
    co_return report;
}

void ConnectionList::checkAllQuietly()
{
    d->checks.start(d->connections);
}

void ConnectionList::finishInterrupted()
{
    d->interrupted.finish();
}

PendingRevocations &ConnectionList::revocations() const
{
    return d->revocations;
}

QString ConnectionList::clientMetadataUrl() const
{
    return d->records.clientMetadataUrl();
}

Task<Result<void>> ConnectionList::setClientMetadataUrl(std::optional<QString> url, std::stop_token stop)
{
    if (url && !url->isEmpty() && !oauth::isClientMetadataUrl(*url)) {
        co_return base::failed(
            makeError(ErrorKind::InvalidInput,
                      Words::tr("That can't be the address of a description of Mooring: it has to "
                                "begin with https:// and have a path.")));
    }
    const RecordsChange change = [url](Records &records) { records.clientMetadataUrl = url; };
    Result<Records> saved = co_await d->records.update(change, stop);
    co_return saved ? Result<void>() : Result<void>(base::failed(saved.error()));
}

bool ConnectionList::isNewsAboutKeychain(const QString &place)
{
    // Not worth a record: losing it costs a person one more question.
    QSettings told(d->records.profile().folder() + u"/keychain.ini"_s, QSettings::IniFormat);
    if (told.value(u"told"_s).toString() == place) {
        return false;
    }
    told.setValue(u"told"_s, place);
    return true;
}

Task<Result<Moved>> ConnectionList::moveSecrets(std::stop_token stop)
{
    Moved moved;
    const auto note = [&moved](const QString &name, const base::Error &error) {
        moved.left.append({name, error});
    };
    const QList<std::shared_ptr<Connection>> all = d->connections;
    for (const std::shared_ptr<Connection> &connection : all) {
        if (!connection->record().hasKeychainItems()) {
            continue;
        }
        Result<QString> place = co_await connection->moveSecrets(stop);
        if (!place && place.error().kind == base::ErrorKind::Cancelled) {
            co_return base::failed(place.error());
        }
        if (!place) {
            note(connection->record().name, place.error());
        } else if (!place->isEmpty()) {
            moved.names.append(connection->record().name);
            moved.place = *place;
        }
    }
    Result<void> others = co_await d->registrations.moveSecrets(stop);
    if (others) {
        others = co_await d->revocations.moveSecrets(stop);
    }
    if (!others) {
        note({}, others.error());
    }
    co_return moved;
}

storage::SecretStore &ConnectionList::secrets() const
{
    return d->secrets;
}

base::Clock ConnectionList::clock() const
{
    return d->clock;
}

std::optional<base::Error> ConnectionList::lossAtQuit() const
{
    QStringList names;
    for (const std::shared_ptr<Connection> &connection : std::as_const(d->connections)) {
        if (connection->hasUnsavedSignIn()) {
            names.append(base::displayText(connection->record().name));
        }
    }
    if (names.isEmpty()) {
        return std::nullopt;
    }
    return base::keychainError(base::KeychainCase::Failed,
                               Words::tr("The keychain has not kept the renewed sign-in of %1 yet. Mooring "
                                         "goes on trying; if you close it "
                                         "now, you may have to authorize again. Close it once more to do so.")
                                   .arg(names.join(u", "_s)));
}

QStringList ConnectionList::withTokensUnderWay() const
{
    QStringList names;
    for (const std::shared_ptr<Connection> &connection : std::as_const(d->connections)) {
        if (connection->hasTokensUnderWay()) {
            names.append(base::displayText(connection->record().name));
        }
    }
    return names;
}

Task<void> ConnectionList::shutDown()
{
    d->checks.stop();
    d->tasks.cancel();
    const QList<std::shared_ptr<Connection>> all = d->connections;
    for (const std::shared_ptr<Connection> &connection : all) {
        co_await connection->shutDown();
    }
    co_await d->tasks.drained();
}

} // namespace mooring::connections
