// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/secretitems.h"

#include "storage/keychainerrors.h"
#include "storage/secrethead.h"

#include "base/logging.h"

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::failed;
using base::KeychainCase;
using base::Result;
using base::Task;
using Value = std::optional<QByteArray>;

namespace {

constexpr int maximumReadAttempts = 3;

QString partKey(const QString &key, qint64 generation, qsizetype index)
{
    return key + u'/' + QString::number(generation) + u'.' + QString::number(index);
}

/// The stored head, or nullopt if there is none for certain.
Task<Result<std::optional<SecretHead>>> readHead(SecretStore &store, QString key, std::stop_token stop)
{
    Result<Value> stored = co_await store.read(key, stop);
    if (!stored) {
        co_return failed(stored.error());
    }
    if (!stored->has_value()) {
        co_return Result<std::optional<SecretHead>>(std::nullopt);
    }
    Result<SecretHead> head = SecretHead::fromBytes(**stored);
    if (!head) {
        co_return failed(head.error());
    }
    co_return std::optional<SecretHead>(*head);
}

Task<Result<QByteArray>> readParts(SecretStore &store, QString key, SecretHead head, std::stop_token stop)
{
    QByteArray content;
    for (qsizetype index = 0; index < head.parts; ++index) {
        const QString name = partKey(key, head.generation, index);
        Result<Value> part = co_await store.read(name, stop);
        if (!part) {
            co_return failed(part.error());
        }
        if (!part->has_value()) {
            const QString detail = u"part %1 of %2 is missing"_s.arg(index).arg(head.parts);
            co_return failed(keychainFailure(KeychainCase::Damaged, detail));
        }
        content += **part;
    }
    co_return content;
}

/// Removes parts from `first` on until none is there. Parts are written upwards and removed
/// downwards, so they never have a gap.
Task<Result<void>> sweep(SecretStore &store, QString key, qint64 generation, qsizetype first,
                         std::stop_token stop)
{
    qsizetype end = first;
    for (;; ++end) {
        const QString name = partKey(key, generation, end);
        Result<Value> part = co_await store.read(name, stop);
        if (!part) {
            co_return failed(part.error());
        }
        if (!part->has_value()) {
            break;
        }
    }
    while (end > first) {
        const QString name = partKey(key, generation, --end);
        Result<void> removed = co_await store.remove(name, stop);
        if (!removed) {
            co_return removed;
        }
    }
    co_return Result<void>();
}

/// Sweeps up everything that a crash around this generation can have left.
Task<Result<void>> sweepAround(SecretStore &store, QString key, qint64 generation, std::stop_token stop)
{
    for (const qint64 each : {generation - 1, generation, generation + 1}) {
        Result<void> swept = co_await sweep(store, key, each, 0, stop);
        if (!swept) {
            co_return swept;
        }
    }
    co_return Result<void>();
}

/// Whether items of this store can have parts at all; if not, nobody needs to look for leftovers.
bool mayHaveParts(const SecretStore &store)
{
    return store.maximumValueSize() < SecretItems::maximumContentSize + SecretHead::maximumOverhead;
}

Task<Result<void>> writeParts(SecretStore &store, QString key, qint64 generation, QByteArray content,
                              std::stop_token stop)
{
    const qsizetype size = store.maximumValueSize();
    for (qsizetype index = 0; index * size < content.size(); ++index) {
        const QString name = partKey(key, generation, index);
        const QByteArray part = content.mid(index * size, size);
        Result<void> written = co_await store.write(name, part, stop);
        if (!written) {
            co_return written;
        }
    }
    co_return Result<void>();
}

/// After the new head is in place; what fails here is swept by the next write or removal.
Task<void> removeLeftovers(SecretStore &store, QString key, std::optional<SecretHead> old, SecretHead now,
                           std::stop_token stop)
{
    Result<void> swept = co_await sweep(store, key, now.generation, now.parts, stop);
    if (swept && old && old->generation != now.generation) {
        swept = co_await sweep(store, key, old->generation, 0, stop);
    }
    if (swept && old && old->generation - 1 != now.generation) {
        swept = co_await sweep(store, key, old->generation - 1, 0, stop);
    }
    if (!swept) {
        qCInfo(base::lcStorage) << "old parts of an item stay for now:" << swept.error().detail;
    }
}

Task<Result<std::optional<SecretItem>>> readItem(SecretStore &store, QString key, std::stop_token stop)
{
    for (int attempt = 1;; ++attempt) {
        Result<std::optional<SecretHead>> head = co_await readHead(store, key, stop);
        if (!head) {
            co_return failed(head.error());
        }
        if (!head->has_value()) {
            co_return Result<std::optional<SecretItem>>(std::nullopt);
        }
        const SecretHead found = **head;
        Result<QByteArray> content = found.content;
        if (found.parts > 0) {
            content = co_await readParts(store, key, found, stop);
        }
        Result<QJsonObject> object = content ? found.verified(*content) : failed(content.error());
        if (object) {
            SecretItem item;
            item.generation = found.generation;
            item.content = *object;
            co_return std::optional<SecretItem>(item);
        }
        // A writer may have replaced the parts between our reads; then the head is another one now.
        if (object.error().keychainCase != KeychainCase::Damaged || found.parts == 0
            || attempt == maximumReadAttempts) {
            co_return failed(object.error());
        }
        co_await base::yieldToEventLoop();
    }
}

/// Over `old`, which is what is stored now.
Task<Result<void>> writeOver(SecretStore &store, QString key, std::optional<SecretHead> old, SecretItem item,
                             std::stop_token stop)
{
    Result<SecretHead> made = SecretHead::forItem(item, store.maximumValueSize());
    if (!made) {
        co_return failed(made.error());
    }
    const SecretHead head = *made;
    if (old && old->parts > 0 && old->generation == head.generation && old->sha256 != head.sha256) {
        // Its parts would be overwritten while the old head still stands for them.
        co_return failed(keychainFailure(KeychainCase::Failed, u"the generation is taken"_s));
    }
    if (head.parts > 0) {
        Result<void> parts = co_await writeParts(store, key, head.generation, head.content, stop);
        if (!parts) {
            co_return parts;
        }
    }
    const QByteArray bytes = head.toBytes();
    Result<void> written = co_await store.write(key, bytes, stop);
    if (!written) {
        co_return written;
    }
    if (mayHaveParts(store) || (old && old->parts > 0)) {
        co_await removeLeftovers(store, key, old, head, stop);
    }
    co_return Result<void>();
}

Task<Result<void>> writeItem(SecretStore &store, QString key, SecretItem item, std::stop_token stop)
{
    Result<std::optional<SecretHead>> stored = co_await readHead(store, key, stop);
    if (!stored && stored.error().keychainCase != KeychainCase::Damaged) {
        co_return failed(stored.error());
    }
    const std::optional<SecretHead> old = stored ? *stored : std::nullopt;
    Result<void> written = co_await writeOver(store, key, old, std::move(item), stop);
    co_return written;
}

Task<Result<void>> removeItem(SecretStore &store, QString key, std::stop_token stop)
{
    Result<std::optional<SecretHead>> stored = co_await readHead(store, key, stop);
    if (!stored && stored.error().keychainCase != KeychainCase::Damaged) {
        co_return failed(stored.error());
    }
    // The parts go first: without the head nobody would know about them.
    if (stored && *stored && (mayHaveParts(store) || (*stored)->parts > 0)) {
        Result<void> swept = co_await sweepAround(store, key, (*stored)->generation, stop);
        if (!swept) {
            co_return swept;
        }
    }
    Result<void> removed = co_await store.remove(key, stop);
    co_return removed;
}

} // namespace

SecretItems::SecretItems(SecretStore &store)
    : m_store(store)
{
}

Task<Result<std::optional<SecretItem>>> SecretItems::read(QString key, std::stop_token stop) const
{
    return readItem(m_store, std::move(key), std::move(stop));
}

Task<Result<void>> SecretItems::write(QString key, SecretItem item, std::stop_token stop) const
{
    return writeItem(m_store, std::move(key), std::move(item), std::move(stop));
}

Task<Result<void>> SecretItems::replace(QString key, SecretItem old, SecretItem item,
                                        std::stop_token stop) const
{
    const Result<SecretHead> head = SecretHead::forItem(old, m_store.maximumValueSize());
    if (!head) {
        return write(std::move(key), std::move(item), std::move(stop));
    }
    return writeOver(m_store, std::move(key), *head, std::move(item), std::move(stop));
}

Task<Result<void>> SecretItems::remove(QString key, std::stop_token stop) const
{
    return removeItem(m_store, std::move(key), std::move(stop));
}

} // namespace mooring::storage
