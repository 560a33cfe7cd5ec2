// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/revocation/pendingtokens.h"

#include "connections/records/recordmembers.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;

namespace {

QJsonObject contentOf(const PendingTokens &tokens)
{
    QJsonObject json{{u"kind"_s, u"revocation"_s},
                     {u"issuer"_s, tokens.issuer},
                     {u"client_id"_s, tokens.clientId},
                     {u"revocation_endpoint"_s, tokens.endpoint.toString(QUrl::FullyEncoded)}};
    putText(&json, "refresh"_L1, QString::fromUtf8(tokens.refreshToken.reveal()));
    putText(&json, "access"_L1, QString::fromUtf8(tokens.accessToken.reveal()));
    putText(&json, "named_by"_L1, tokens.namedBy.toString(QUrl::FullyEncoded));
    json["accessExpiresAt"_L1] = timeValue(tokens.accessExpiresAt);
    return json;
}

PendingTokens tokensFrom(const QJsonObject &json)
{
    PendingTokens tokens;
    tokens.issuer = json["issuer"_L1].toString();
    tokens.clientId = json["client_id"_L1].toString();
    tokens.endpoint = QUrl(json["revocation_endpoint"_L1].toString(), QUrl::StrictMode);
    tokens.namedBy = QUrl(json["named_by"_L1].toString(), QUrl::StrictMode);
    tokens.refreshToken = base::Secret(json["refresh"_L1].toString().toUtf8());
    tokens.accessToken = base::Secret(json["access"_L1].toString().toUtf8());
    tokens.accessExpiresAt = optionalTimeFrom(json["accessExpiresAt"_L1]);
    return tokens;
}

} // namespace

PendingTokenStore::PendingTokenStore(storage::SecretStore &store, QString keyPrefix)
    : m_store(store)
    , m_items(store)
    , m_keyPrefix(std::move(keyPrefix))
{
}

QString PendingTokenStore::keyOf(const QString &revocationId) const
{
    return m_keyPrefix + u"revocation/"_s + revocationId;
}

Task<Result<std::optional<PendingTokens>>> PendingTokenStore::read(QString revocationId, std::stop_token stop)
{
    Result<std::optional<storage::SecretItem>> item =
        co_await m_items.read(keyOf(revocationId), std::move(stop));
    if (!item) {
        co_return base::failed(item.error());
    }
    if (!*item || (*item)->content["kind"_L1].toString() != "revocation"_L1) {
        co_return std::optional<PendingTokens>();
    }
    co_return std::optional<PendingTokens>(tokensFrom((*item)->content));
}

Task<Result<void>> PendingTokenStore::write(QString revocationId, qint64 generation, PendingTokens tokens)
{
    storage::SecretItem item;
    item.generation = generation;
    item.content = contentOf(tokens);
    Result<void> written = co_await m_items.write(keyOf(revocationId), std::move(item), {});
    co_return written;
}

Task<Result<void>> PendingTokenStore::remove(QString revocationId)
{
    Result<void> removed = co_await m_items.remove(keyOf(revocationId), {});
    co_return removed;
}

Task<Result<void>> PendingTokenStore::bring(QString revocationId, std::stop_token stop)
{
    const QString key = keyOf(revocationId);
    Result<QString> place = co_await m_store.bring(key, stop);
    if (!place) {
        co_return base::failed(place.error());
    }
    co_return co_await m_store.clearElsewhere(key, stop);
}

} // namespace mooring::connections
