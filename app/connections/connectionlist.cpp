// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/connectionlist.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "connections/connectionlist_p.h"
#include "connections/names.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"

#include <algorithm>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

/// A person who has just opened the keychain elsewhere should see it go on.
constexpr std::chrono::milliseconds betweenFinishes = std::chrono::seconds(10);

} // namespace

ConnectionList::ConnectionList(http::Client &http, storage::SecretStore &secrets, storage::Profile profile,
                               base::Clock clock, base::Deadlines deadlines, oauth::OpenUrl openUrl)
    : d(std::make_unique<Private>(http, secrets, profile, std::move(clock), deadlines, std::move(openUrl)))
{
    d->records.setObserver([this](const Records &fresh) { d->adopt(this, fresh); });
    d->finishing.setSingleShot(true);
    d->finishing.setInterval(betweenFinishes);
    connect(&d->finishing, &QTimer::timeout, this, [this] { d->tasks.run(Private::finishQuietly(d.get())); });
    const auto tellConnection = [this](const QString &id) {
        if (const std::shared_ptr<Connection> connection = byId(id)) {
            connection->adoptNews();
        }
    };
    connect(&d->revocations, &Revocations::changed, this, [tellConnection](const QStringList &ids) {
        std::for_each(ids.begin(), ids.end(), tellConnection);
    });
    connect(&d->revocations, &Revocations::ended, this,
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

void ConnectionList::Private::adopt(ConnectionList *list, const Records &fresh)
{
    QHash<QString, std::shared_ptr<Connection>> known = byId;
    QHash<QString, std::shared_ptr<Connection>> index;
    QList<std::shared_ptr<Connection>> now;
    QList<std::shared_ptr<Connection>> additions;
    for (const ConnectionRecord &record : fresh.connections) {
        if (const std::shared_ptr<Connection> connection = known.take(record.id)) {
            connection->adopt(record);
            now.append(connection);
        } else {
            additions.append(Connection::make(record, services()));
            now.append(additions.last());
        }
        index.insert(record.id, now.last());
    }
    connections = now;
    byId = index;
    for (const std::shared_ptr<Connection> &gone : std::as_const(known)) {
        gone->cancelSignIn();
        Q_EMIT list->removed(gone);
    }
    for (const std::shared_ptr<Connection> &addition : std::as_const(additions)) {
        Q_EMIT list->added(addition);
    }
    revocations.adopt(fresh.revocations);
    finishLater();
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

Revocations &ConnectionList::revocations() const
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
    d->toCheck.clear();
    d->tasks.cancel();
    const QList<std::shared_ptr<Connection>> all = d->connections;
    for (const std::shared_ptr<Connection> &connection : all) {
        co_await connection->shutDown();
    }
    co_await d->tasks.drained();
}

QString nameFromUrl(const QUrl &url)
{
    QStringList labels = base::displayHost(url).split(u'.', Qt::SkipEmptyParts);
    const bool isAddress = !QHostAddress(url.host()).isNull();
    if (labels.isEmpty() || isAddress || labels.size() == 1) {
        return base::displayAuthority(url);
    }
    static const QStringList fillers = {u"mcp"_s, u"api"_s, u"www"_s, u"app"_s, u"server"_s};
    labels.removeLast();
    while (labels.size() > 1 && fillers.contains(labels.first())) {
        labels.removeFirst();
    }
    // "example.co.uk": the label before a short second-level domain is the name.
    QString name = labels.last();
    if (labels.size() > 1 && name.size() <= 3) {
        name = labels.at(labels.size() - 2);
    }
    name[0] = name.at(0).toUpper();
    return name;
}

} // namespace mooring::connections
