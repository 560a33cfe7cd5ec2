// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Connection that uses a header key in the place of a sign-in.
#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "connections/connection_p.h"
#include "http/urlpolicy.h"
#include "storage/filelock.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

Task<Result<void>> Connection::setHeaderKey(QString headerName, base::Secret value, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    if (const Result<void> valid = checkHeaderKey(headerName, value); !valid) {
        co_return base::failed(valid.error());
    }
    if (d->record.hasSecret && d->record.kind == AuthorizationKind::OAuth) {
        Result<Disconnected> gone = co_await disconnectFromServer(stop);
        if (!gone) {
            co_return base::failed(gone.error());
        }
    }
    const QString lockPath = d->services.records.connectionLockPath(d->record.id);
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(lockPath, d->services.deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<void> settled = co_await Private::settleArrival(self);
    if (!settled) {
        co_return base::failed(settled.error());
    }
    HeaderKey key;
    key.generation = d->record.generation + 1;
    key.headerName = headerName;
    key.value = std::move(value);
    key.origin = http::origin(d->record.url);
    const RecordChange announce = [generation = key.generation](ConnectionRecord &record) {
        record.arriving = Arrival{.generation = generation};
    };
    Result<void> announced = co_await Private::updateRecord(self, announce, stop);
    if (!announced) {
        co_return base::failed(announced.error());
    }
    Result<void> written = co_await d->services.grants.writeHeaderKey(d->record.id, key, stop);
    if (!written) {
        co_return base::failed(written.error());
    }
    base::checkpoint("K04");
    const RecordChange change = [key,
                                 keptIn = d->services.grants.store().identity()](ConnectionRecord &record) {
        takeIn(&record, key);
        record.keptIn = keptIn;
        record.leaving = false;
    };
    Result<void> recorded = co_await Private::updateRecord(self, change, {});
    if (!recorded) {
        co_return base::failed(recorded.error());
    }
    d->forgetCredentials();
    d->clearTrouble();
    Private::note(self, translated("Key saved in the keychain"));
    co_return Result<void>();
}

Result<void> checkHeaderKey(const QString &headerName, const base::Secret &value)
{
    const QByteArray name = headerName.toUtf8();
    const bool isToken = !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) {
        // RFC 9110 section 5.6.2.
        return std::isalnum(static_cast<unsigned char>(c)) || QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
    });
    if (!isToken) {
        return base::failed(
            makeError(ErrorKind::InvalidInput,
                      translated("That is not a header name. It looks like Authorization or X-Api-Key.")));
    }
    static const QByteArrayList reserved = {"host",       "content-length", "content-type",
                                            "accept",     "cookie",         "transfer-encoding",
                                            "connection", "mcp-session-id", "mcp-protocol-version"};
    if (reserved.contains(name.toLower())) {
        return base::failed(
            makeError(ErrorKind::InvalidInput,
                      translated("The header %1 can't carry a key.").arg(base::displayText(headerName))));
    }
    const QByteArray &bytes = value.reveal();
    const bool isPrintable = !bytes.isEmpty() && std::all_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f;
    });
    if (!isPrintable) {
        return base::failed(
            makeError(ErrorKind::InvalidInput,
                      translated("A key can't be empty, and it has only printable ASCII characters.")));
    }
    return {};
}

} // namespace mooring::connections
