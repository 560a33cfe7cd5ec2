// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/secretstore.h"

namespace mooring::support {

/// Another store, as it is; for tests that change one thing about it. That one outlives it.
class ForwardingStore : public storage::SecretStore {
public:
    explicit ForwardingStore(storage::SecretStore &store)
        : m_store(store)
    {
    }

    base::Task<base::Result<std::optional<QByteArray>>> read(QString key, std::stop_token stop) override
    {
        return m_store.read(std::move(key), std::move(stop));
    }
    base::Task<base::Result<void>> write(QString key, QByteArray value, std::stop_token stop) override
    {
        return m_store.write(std::move(key), std::move(value), std::move(stop));
    }
    base::Task<base::Result<void>> remove(QString key, std::stop_token stop) override
    {
        return m_store.remove(std::move(key), std::move(stop));
    }
    base::Task<base::Result<void>> checkUsable(QString key, storage::Asking asking,
                                               std::stop_token stop) override
    {
        return m_store.checkUsable(std::move(key), asking, std::move(stop));
    }
    base::Task<base::Result<bool>> prepare(QString key, std::stop_token stop) override
    {
        return m_store.prepare(std::move(key), std::move(stop));
    }
    base::Task<base::Result<void>> unlock(std::stop_token stop) override
    {
        return m_store.unlock(std::move(stop));
    }
    base::Task<void> settled(QString key) override { return m_store.settled(std::move(key)); }
    qsizetype maximumValueSize() const override { return m_store.maximumValueSize(); }
    QString identity() const override { return m_store.identity(); }
    QString description() const override { return m_store.description(); }
    void setPlace(const QString &key, const QString &place) override { m_store.setPlace(key, place); }
    QString placeOf(const QString &key) const override { return m_store.placeOf(key); }
    void setLabel(const QString &key, const QString &label) override { m_store.setLabel(key, label); }
    base::Task<void> relabel(QString key) override { return m_store.relabel(std::move(key)); }
    base::Task<base::Result<QString>> bring(QString key, std::stop_token stop) override
    {
        return m_store.bring(std::move(key), std::move(stop));
    }
    base::Task<base::Result<void>> clearElsewhere(QString key, std::stop_token stop) override
    {
        return m_store.clearElsewhere(std::move(key), std::move(stop));
    }
    bool isBusy() const override { return m_store.isBusy(); }
    std::optional<storage::KeychainQuestion> question() const override { return m_store.question(); }
    QMetaObject::Connection onQuestion(QObject *context, std::function<void()> tell) override
    {
        return m_store.onQuestion(context, std::move(tell));
    }

protected:
    storage::SecretStore &m_store;
};

} // namespace mooring::support
