// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/grants/requestsecretswriter.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/words.h"
#include "connections/records/typedheaders.h"
#include "http/urlpolicy.h"

#include <algorithm>

namespace mooring::connections {

using base::Result;
using base::Task;
using base::Words;

RequestSecretsWriter::RequestSecretsWriter(EntryPointer entry, GrantStores stores)
    : m_entry(std::move(entry))
    , m_stores(stores)
{
}

Task<Result<RequestSecrets>> RequestSecretsWriter::read(std::stop_token stop)
{
    if (!m_entry->record().hasRequestSecrets()) {
        co_return RequestSecrets();
    }
    Result<std::optional<RequestSecrets>> stored =
        co_await m_stores.keychain.readRequestSecrets(m_entry->id(), stop);
    if (!stored) {
        co_return base::failed(stored.error());
    }
    if (!*stored) {
        const QString sentence =
            m_entry->record().secretQuery.isEmpty()
                ? Words::tr("A key that %1 is sent is not in this keychain. Type it in again.")
                : Words::tr("The key in the address of %1 is not in this keychain. "
                            "Add the server again with its whole address.");
        const QString host = base::displayAuthority(m_entry->record().url);
        co_return base::failed(m_stores.keychain.missingError(m_entry->record(), sentence.arg(host)));
    }
    co_return std::as_const(**stored);
}

Task<Result<void>> RequestSecretsWriter::write(RequestSecrets secrets, QList<SentHeader> headers,
                                               QStringList secretQuery, std::stop_token stop)
{
    const QString id = m_entry->id();
    secrets.generation = m_entry->record().requestSecretsGeneration + 1;
    secrets.origin = http::origin(m_entry->record().url);
    const PendingRequestSecrets pending{secrets.generation, headers, secretQuery};
    if (secrets.isEmpty()) {
        co_return co_await drop(pending, stop);
    }
    const RecordsChange announce = [id, pending](Records &records) {
        if (ConnectionRecord *mine = records.connection(id)) {
            mine->pendingRequestSecrets = pending;
            records.requestSecretsItems.removeAll(id);
            records.requestSecretsItems.append(id);
        }
    };
    Result<void> done = co_await m_entry->updateAll(announce, stop);
    if (!done) {
        co_return done;
    }
    base::checkpoint("K26");
    done = co_await m_stores.keychain.writeRequestSecrets(id, secrets, stop);
    if (!done) {
        co_return done;
    }
    base::checkpoint("K27");
    const RecordChange apply = [pending](ConnectionRecord &record) { pending.applyTo(&record); };
    done = co_await m_entry->update(apply, {});
    co_return done;
}

/// Nothing that is secret is left: first nobody looks for the item any more, then it goes.
Task<Result<void>> RequestSecretsWriter::drop(PendingRequestSecrets last, std::stop_token stop)
{
    bool hasItem = false;
    const RecordsChange change = [&hasItem, id = m_entry->id(), last](Records &records) {
        hasItem = records.requestSecretsItems.contains(id);
        if (ConnectionRecord *mine = records.connection(id)) {
            last.applyTo(mine);
        }
    };
    Result<void> done = co_await m_entry->updateAll(change, stop);
    if (done && hasItem) {
        done = co_await remove(stop);
    }
    co_return done;
}

Task<Result<void>> RequestSecretsWriter::remove(std::stop_token stop)
{
    const QString id = m_entry->id();
    Result<void> removed = co_await m_stores.keychain.writeRequestSecrets(id, RequestSecrets(), stop);
    if (!removed) {
        co_return removed;
    }
    const RecordsChange forget = [id](Records &records) { records.requestSecretsItems.removeAll(id); };
    removed = co_await m_entry->updateAll(forget, {});
    co_return removed;
}

Task<Result<void>> RequestSecretsWriter::settle()
{
    if (!m_entry->record().pendingRequestSecrets) {
        co_return Result<void>();
    }
    const PendingRequestSecrets pending = *m_entry->record().pendingRequestSecrets;
    Result<std::optional<RequestSecrets>> stored =
        co_await m_stores.keychain.readRequestSecrets(m_entry->id(), {});
    if (!stored) {
        co_return base::failed(stored.error());
    }
    const bool isWritten = *stored && (*stored)->generation == pending.generation;
    const RecordChange change = [pending, isWritten](ConnectionRecord &record) {
        record.pendingRequestSecrets.reset();
        if (isWritten) {
            pending.applyTo(&record);
        }
    };
    Result<void> settled = co_await m_entry->update(change, {});
    co_return settled;
}

Task<Result<void>> RequestSecretsWriter::tidy(bool all)
{
    QList<SentHeader> headers = m_entry->record().headers;
    if (all || m_entry->record().kind == AuthorizationKind::None) {
        headers.removeIf([](const SentHeader &header) { return header.isSecret; });
    }
    Result<std::optional<RequestSecrets>> stored =
        co_await m_stores.keychain.readRequestSecrets(m_entry->id(), {});
    if (!stored) {
        co_return base::failed(stored.error());
    }
    RequestSecrets kept = stored->value_or(RequestSecrets());
    const QStringList names = kept.headers.keys();
    for (const QString &name : names) {
        const bool isListed = std::ranges::any_of(headers, [&name](const SentHeader &header) {
            return header.isSecret && isSameHeader(header.name, name);
        });
        if (!isListed) {
            kept.headers.remove(name);
        }
    }
    const QStringList secretQuery = m_entry->record().secretQuery;
    Result<void> tidied = co_await write(kept, headers, secretQuery, {});
    co_return tidied;
}

} // namespace mooring::connections
