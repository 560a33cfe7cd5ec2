// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/tokens/requestkeys.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "connections/tokens/refreshtransaction.h"

namespace mooring::connections {

using base::Result;
using base::Task;
using base::Words;

std::shared_ptr<RequestKeys> RequestKeys::make(EntryPointer entry, GrantStores stores)
{
    return std::shared_ptr<RequestKeys>(new RequestKeys(std::move(entry), stores));
}

RequestKeys::RequestKeys(EntryPointer entry, GrantStores stores)
    : m_entry(std::move(entry))
    , m_stores(stores)
    , m_writer(m_entry, stores)
{
    QObject::connect(m_entry.get(), &ConnectionEntry::replaced, &m_context,
                     [this](const ConnectionRecord &before) { onReplaced(before); });
    QObject::connect(m_entry.get(), &ConnectionEntry::credentialsGone, &m_context, [this] {
        m_key.reset();
        m_secrets.reset();
    });
}

void RequestKeys::onReplaced(const ConnectionRecord &before)
{
    const ConnectionRecord &record = m_entry->record();
    const bool isOld =
        m_key && (record.leaving || !record.hasSecret || m_key->generation < record.generation);
    if (differsInCredential(before, record) && isOld) {
        m_entry->forgetCredentials();
    }
    if (before.requestSecretsGeneration != record.requestSecretsGeneration
        || before.headers != record.headers) {
        m_secrets.reset();
    }
}

Task<Result<HeaderKey>> RequestKeys::headerKey(std::stop_token stop)
{
    const std::shared_ptr<RequestKeys> self = shared_from_this();
    if (!m_key || m_key->generation != m_entry->record().generation) {
        Result<std::optional<HeaderKey>> key =
            co_await m_stores.of(*m_entry).readHeaderKey(m_entry->id(), stop);
        if (!key) {
            co_return base::failed(key.error());
        }
        if (m_entry->record().leaving) {
            // Disconnect was clicked during the read: from then on nothing is sent with the key.
            co_return base::failed(disconnectingError());
        }
        m_key = *key;
    }
    if (!m_key) {
        const QString sentence = Words::tr("The saved key is not in this keychain. Type it in again.");
        co_return base::failed(m_stores.of(*m_entry).missingError(m_entry->record(), sentence));
    }
    co_return std::as_const(*m_key);
}

base::Error RequestKeys::missingHeader(const QString &name) const
{
    const QString sentence =
        Words::tr("The key for the header %1 is not in this keychain. Type it in again.");
    return m_stores.keychain.missingError(m_entry->record(), sentence.arg(base::displayText(name)));
}

Task<Result<RequestSecrets>> RequestKeys::requestSecrets(std::stop_token stop)
{
    const std::shared_ptr<RequestKeys> self = shared_from_this();
    if (!m_entry->record().hasRequestSecrets()) {
        co_return RequestSecrets();
    }
    if (!m_secrets || m_secrets->generation != m_entry->record().requestSecretsGeneration) {
        Result<RequestSecrets> stored = co_await m_writer.read(stop);
        if (!stored) {
            co_return base::failed(stored.error());
        }
        m_secrets = *stored;
    }
    co_return std::as_const(*m_secrets);
}

} // namespace mooring::connections
