// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/grants/headerwriter.h"

#include "base/displaytext.h"
#include "base/words.h"
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

Result<void> mistake(const QString &sentence)
{
    return base::failed(makeError(ErrorKind::InvalidInput, sentence));
}

std::optional<TypedHeader> takeKey(QList<TypedHeader> *headers, bool besideSignIn)
{
    const auto first = std::ranges::find_if(*headers, &TypedHeader::isSecret);
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

HeaderWriter::HeaderWriter(EntryPointer entry, GrantStores stores, Registrations &registrations,
                           base::Deadlines deadlines)
    : m_entry(std::move(entry))
    , m_stores(stores)
    , m_deadlines(deadlines)
    , m_grants(m_entry, stores, registrations, deadlines)
    , m_requestSecrets(m_entry, stores)
{
}

QList<TypedHeader> HeaderWriter::headers() const
{
    const ConnectionRecord &record = m_entry->record();
    QList<TypedHeader> all;
    if (record.kind == AuthorizationKind::Header && !record.headerName.isEmpty()) {
        all.append({record.headerName, {}, true});
    }
    const QStringList secrets = record.secretHeaders();
    for (const SentHeader &header : record.headers) {
        if (header.isSecret && !secrets.contains(header.name)) {
            continue;
        }
        all.append({header.name, base::Secret(header.value.toLatin1()), header.isSecret});
    }
    return all;
}

QList<TypedHeader> HeaderWriter::headersWithKey(TypedHeader key) const
{
    QList<TypedHeader> all = headers();
    const auto same = std::ranges::find_if(
        all, [&key](const TypedHeader &header) { return isSameHeader(header.name, key.name); });
    if (same != all.end()) {
        *same = std::move(key);
    } else if (m_entry->record().kind == AuthorizationKind::Header && !all.isEmpty()) {
        all.first() = std::move(key);
    } else {
        all.prepend(std::move(key));
    }
    return all;
}

Task<Result<QList<TypedHeader>>> HeaderWriter::withKeptValues(QList<TypedHeader> headers,
                                                              RequestSecrets secrets, std::stop_token stop)
{
    for (TypedHeader &header : headers) {
        if (!header.isSecret || !header.value.isEmpty()) {
            continue;
        }
        header.value = secrets.headers.value(header.name.toLower());
        const ConnectionRecord &record = m_entry->record();
        const bool isKey =
            record.kind == AuthorizationKind::Header && isSameHeader(header.name, record.headerName);
        if (header.value.isEmpty() && isKey) {
            Result<std::optional<HeaderKey>> key =
                co_await m_stores.of(*m_entry).readHeaderKey(m_entry->id(), stop);
            if (!key) {
                co_return base::failed(key.error());
            }
            header.value = *key ? (*key)->value : base::Secret();
        }
    }
    co_return headers;
}

Task<Result<void>> HeaderWriter::write(QList<TypedHeader> headers, bool besideSignIn, std::stop_token stop)
{
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(m_entry->lockPath(), m_deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<void> done = co_await m_grants.settle();
    if (!done) {
        co_return done;
    }
    Result<RequestSecrets> stored = co_await m_requestSecrets.read(stop);
    if (!stored && stored.error().kind != ErrorKind::SignInNeeded) {
        co_return base::failed(stored.error());
    }
    RequestSecrets secrets = stored ? *stored : RequestSecrets();
    Result<QList<TypedHeader>> whole = co_await withKeptValues(headers, secrets, stop);
    if (!whole) {
        co_return base::failed(whole.error());
    }
    if (const Result<void> fits = checkComplete(*whole, besideSignIn, m_entry->record().url); !fits) {
        co_return base::failed(fits.error());
    }
    const std::optional<TypedHeader> key = takeKey(&*whole, besideSignIn);
    const QList<SentHeader> sent = sentHeaders(*whole);
    const QHash<QString, base::Secret> before = std::exchange(secrets.headers, secretValues(*whole));
    if (sent != m_entry->record().headers || secrets.headers != before) {
        const QStringList secretQuery = m_entry->record().secretQuery;
        done = co_await m_requestSecrets.write(secrets, sent, secretQuery, stop);
    }
    if (done && key) {
        done = co_await m_grants.writeHeaderKey(*key, stop);
    }
    if (done) {
        m_entry->forgetCredentials();
        m_entry->clearTrouble();
        const bool hasSecret = key || !secrets.headers.isEmpty();
        m_entry->note(hasSecret ? Words::tr("Key saved in the keychain") : Words::tr("Headers changed"));
    }
    co_return done;
}

Task<Result<void>> HeaderWriter::writeSecretQuery(base::Secret query, QStringList names, std::stop_token stop)
{
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(m_entry->lockPath(), m_deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<void> done = co_await m_requestSecrets.settle();
    if (!done) {
        co_return done;
    }
    Result<RequestSecrets> secrets = co_await m_requestSecrets.read(stop);
    if (!secrets) {
        co_return base::failed(secrets.error());
    }
    secrets->query = std::move(query);
    const QList<SentHeader> headers = m_entry->record().headers;
    done = co_await m_requestSecrets.write(*secrets, headers, std::move(names), stop);
    co_return done;
}

Task<Result<void>> HeaderWriter::forget(std::stop_token stop)
{
    if (m_entry->record().requestSecretsGeneration == 0 && !m_entry->record().pendingRequestSecrets) {
        co_return Result<void>();
    }
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(m_entry->lockPath(), m_deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<void> removed = co_await m_requestSecrets.remove(stop);
    co_return removed;
}

} // namespace mooring::connections
