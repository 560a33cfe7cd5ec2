// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a ConnectionList does to the list: it adds and removes.
#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "connections/connectionlist_p.h"
#include "connections/lookresult.h"
#include "connections/names.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"

#include <QFile>
#include <QUuid>

#include <algorithm>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using Verdict = mcp::ProbeReport::Verdict;

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
    const bool hasKey = std::ranges::any_of(request.headers, &TypedHeader::isSecret);
    const bool wantsSignIn = request.report && request.report->verdict == Verdict::NeedsSignIn;
    const bool hasKeyInstead = hasKey && !wantsSignIn;
    ConnectionRecord record;
    record.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    record.url = address.url;
    record.name = base::displayText(request.name);
    if (record.name.isEmpty()) {
        record.name = nameFromUrl(*url);
    }
    record.addedAt = d->clock();
    record.settings = request.settings;
    for (const std::shared_ptr<Connection> &other : std::as_const(d->connections)) {
        // MCP 2026-07-28, "Era detection": a verdict counts for the whole origin.
        if (record.era == mcp::Era::Unknown && http::origin(other->record().url) == http::origin(*url)) {
            record.era = other->record().era;
            record.offeredVersion = other->record().offeredVersion;
        }
    }
    if (request.report && hasKeyInstead) {
        record.era = request.report->era != mcp::Era::Unknown ? request.report->era : record.era;
    } else if (request.report) {
        takeIn(&record, *request.report);
    }
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
        Result<void> kept = co_await Private::keepKeys(d.get(), connection, request, address, stop);
        if (!kept) {
            co_return base::failed(kept.error());
        }
    }
    if (request.report) {
        connection->adoptProbe(*request.report);
        d->checkedAt.insert(record.id, d->clock());
    }
    co_return connection;
}

/// The entry is there already: a key in the keychain that no entry knows of would stay there for good.
Task<Result<void>> ConnectionList::Private::keepKeys(Private *d, std::shared_ptr<Connection> connection,
                                                     NewConnection request, http::SplitAddress address,
                                                     std::stop_token stop)
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
        co_await connection->forgetFurther({});
        co_await dropRecord(d, id, {});
        co_return written;
    }
    if (request.report) {
        const RecordsChange tell = [id, verdict = request.report->verdict](Records &records) {
            if (ConnectionRecord *mine = records.connection(id)) {
                mine->verdict = mcp::verdictName(verdict);
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
    if (record.hasSecret || record.leaving || record.arriving) {
        Result<Disconnected> left = co_await connection->disconnectFromServer(stop);
        if (!left && !force) {
            co_return base::failed(left.error());
        }
        if (left) {
            outcome = *left;
        }
    }
    if (Result<void> forgotten = co_await connection->forgetFurther(stop); !forgotten && !force) {
        co_return base::failed(forgotten.error());
    }
    Result<void> dropped = co_await Private::dropRecord(d.get(), id, stop);
    if (!dropped) {
        co_return base::failed(dropped.error());
    }
    QFile::remove(d->records.diaryPath(id));
    // What nobody signs in with any more is no use to keep, here or at the service.
    d->tasks.run(d->registrations.retireBehind(connection->record()));
    co_return outcome;
}

Task<Result<void>> ConnectionList::Private::dropRecord(Private *d, QString id, std::stop_token stop)
{
    const RecordsChange drop = [id](Records &records) {
        records.connections.removeIf([&id](const ConnectionRecord &record) { return record.id == id; });
    };
    Result<Records> saved = co_await d->records.update(drop, stop);
    co_return saved ? Result<void>() : Result<void>(base::failed(saved.error()));
}

} // namespace mooring::connections
