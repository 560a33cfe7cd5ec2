// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Connection that sends headers: a key in the place of a sign-in, and others beside it.
#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/words.h"
#include "connections/connection_p.h"
#include "http/urlpolicy.h"
#include "storage/filelock.h"

#include <algorithm>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

/// Those that are not the key, as the record has them.
QList<SentHeader> sentHeaders(const QList<TypedHeader> &headers)
{
    QList<SentHeader> sent;
    for (const TypedHeader &header : headers) {
        sent.append({header.name, header.isSecret ? QString() : QString::fromLatin1(header.value.reveal()),
                     header.isSecret});
    }
    return sent;
}

bool isSecretHeader(const TypedHeader &header)
{
    return header.isSecret;
}

Result<void> mistake(const QString &sentence)
{
    return base::failed(makeError(ErrorKind::InvalidInput, sentence));
}

/// Beside a sign-in there is no key; else it is the first of the secret ones.
std::optional<TypedHeader> takeKey(QList<TypedHeader> *headers, bool besideSignIn)
{
    const auto first = std::ranges::find_if(*headers, isSecretHeader);
    if (besideSignIn || first == headers->end()) {
        return std::nullopt;
    }
    const TypedHeader key = *first;
    headers->erase(first);
    return key;
}

QHash<QString, base::Secret> secretValues(const QList<TypedHeader> &headers)
{
    QHash<QString, base::Secret> values;
    for (const TypedHeader &header : headers) {
        if (header.isSecret) {
            values.insert(header.name.toLower(), header.value);
        }
    }
    return values;
}

/// All of them have a value, and can go together.
Result<void> checkComplete(const QList<TypedHeader> &headers, bool besideSignIn, const QUrl &server)
{
    for (const TypedHeader &header : headers) {
        if (header.isSecret && header.value.isEmpty()) {
            return mistake(
                Words::tr("Type the value of the header %1, too.").arg(base::displayText(header.name)));
        }
        if (besideSignIn && isSameHeader(header.name, u"Authorization"_s)) {
            return mistake(Words::tr("The sign-in at %1 uses the header Authorization itself. Send another "
                                     "header, or disconnect first to use a key in its place.")
                               .arg(base::displayAuthority(server)));
        }
    }
    return checkHeaders(headers);
}

} // namespace

QList<TypedHeader> Connection::headers() const
{
    QList<TypedHeader> all;
    if (d->record.kind == AuthorizationKind::Header && !d->record.headerName.isEmpty()) {
        all.append({d->record.headerName, {}, true});
    }
    const QStringList secrets = d->record.secretHeaders();
    for (const SentHeader &header : std::as_const(d->record.headers)) {
        if (header.isSecret && !secrets.contains(header.name)) {
            continue;
        }
        all.append({header.name, base::Secret(header.value.toLatin1()), header.isSecret});
    }
    return all;
}

Task<Result<void>> Connection::setHeaderKey(QString headerName, base::Secret value, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    if (const Result<void> valid = checkHeader(headerName, value.reveal()); !valid) {
        co_return base::failed(valid.error());
    }
    if (d->record.hasSecret && d->record.kind == AuthorizationKind::OAuth) {
        Result<Disconnected> gone = co_await disconnectFromServer(stop);
        if (!gone) {
            co_return base::failed(gone.error());
        }
    }
    const TypedHeader key{headerName, std::move(value), true};
    QList<TypedHeader> all = headers();
    const auto same = std::ranges::find_if(
        all, [&key](const TypedHeader &header) { return isSameHeader(header.name, key.name); });
    if (same != all.end()) {
        *same = key;
    } else if (d->record.kind == AuthorizationKind::Header && !all.isEmpty()) {
        all.first() = key;
    } else {
        all.prepend(key);
    }
    Result<void> stored = co_await Private::storeHeaders(self, std::move(all), false, stop);
    co_return stored;
}

Task<Result<void>> Connection::setHeaders(QList<TypedHeader> headers, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    const bool besideSignIn = d->record.kind == AuthorizationKind::OAuth;
    const bool hasKey = d->record.kind == AuthorizationKind::Header && d->record.hasSecret;
    if (hasKey && std::ranges::none_of(headers, isSecretHeader)) {
        // As if it had never had one.
        Result<Disconnected> gone = co_await disconnectFromServer(stop);
        if (!gone) {
            co_return base::failed(gone.error());
        }
    }
    Result<void> stored = co_await Private::storeHeaders(self, std::move(headers), besideSignIn, stop);
    co_return stored;
}

Task<Result<QList<TypedHeader>>> Connection::Private::withKeptValues(SelfPointer self,
                                                                     QList<TypedHeader> headers,
                                                                     FurtherSecrets further,
                                                                     std::stop_token stop)
{
    Private *d = self->d.get();
    for (TypedHeader &header : headers) {
        if (!header.isSecret || !header.value.isEmpty()) {
            continue;
        }
        header.value = further.headers.value(header.name.toLower());
        const bool isKey =
            d->record.kind == AuthorizationKind::Header && isSameHeader(header.name, d->record.headerName);
        if (header.value.isEmpty() && isKey) {
            Result<std::optional<HeaderKey>> key = co_await d->store().readHeaderKey(d->record.id, stop);
            if (!key) {
                co_return base::failed(key.error());
            }
            header.value = *key ? (*key)->value : base::Secret();
        }
    }
    co_return headers;
}

Task<Result<void>> Connection::Private::storeHeaders(SelfPointer self, QList<TypedHeader> headers,
                                                     bool besideSignIn, std::stop_token stop)
{
    Private *d = self->d.get();
    Result<storage::FileLock> lock = co_await storage::FileLock::acquire(
        d->services.records.connectionLockPath(d->record.id), d->services.deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<void> done = co_await settleArrival(self);
    if (!done) {
        co_return done;
    }
    Result<FurtherSecrets> further = co_await furtherSecrets(self, stop);
    if (!further && further.error().kind != ErrorKind::SignInNeeded) {
        co_return base::failed(further.error());
    }
    FurtherSecrets secrets = further ? *further : FurtherSecrets();
    Result<QList<TypedHeader>> whole = co_await withKeptValues(self, headers, secrets, stop);
    if (!whole) {
        co_return base::failed(whole.error());
    }
    if (const Result<void> fits = checkComplete(*whole, besideSignIn, d->record.url); !fits) {
        co_return base::failed(fits.error());
    }
    const std::optional<TypedHeader> key = takeKey(&*whole, besideSignIn);
    const QList<SentHeader> sent = sentHeaders(*whole);
    const QHash<QString, base::Secret> before = std::exchange(secrets.headers, secretValues(*whole));
    if (sent != d->record.headers || secrets.headers != before) {
        done = co_await storeFurther(self, secrets, sent, d->record.secretQuery, stop);
    }
    if (done && key) {
        done = co_await storeKey(self, *key, stop);
    }
    if (done) {
        d->forgetCredentials();
        d->clearTrouble();
        const bool hasSecret = key || !secrets.headers.isEmpty();
        note(self, hasSecret ? Words::tr("Key saved in the keychain") : Words::tr("Headers changed"));
    }
    co_return done;
}

Task<Result<void>> Connection::Private::storeKey(SelfPointer self, TypedHeader typed, std::stop_token stop)
{
    Private *d = self->d.get();
    HeaderKey key;
    key.generation = d->record.generation + 1;
    key.headerName = typed.name;
    key.value = std::move(typed.value);
    key.origin = http::origin(d->record.url);
    const RecordChange announce = [generation = key.generation](ConnectionRecord &record) {
        record.arriving = Arrival{.generation = generation};
    };
    Result<void> announced = co_await updateRecord(self, announce, stop);
    if (!announced) {
        co_return base::failed(announced.error());
    }
    Result<void> written = co_await d->services.grants.writeHeaderKey(d->record.id, key, stop);
    if (!written) {
        co_return base::failed(written.error());
    }
    base::checkpoint("K04");
    const RecordChange change =
        [key, keptIn = d->services.grants.placeOf(d->record.id)](ConnectionRecord &record) {
            takeIn(&record, key);
            record.keptIn = keptIn;
            record.leaving = false;
        };
    Result<void> recorded = co_await updateRecord(self, change, {});
    co_return recorded;
}

} // namespace mooring::connections
