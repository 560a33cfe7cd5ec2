// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demogrants.h"

#include "base/secret.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

namespace mooring::demo {

using namespace Qt::StringLiterals;

namespace {

QByteArray hashOf(const QByteArray &secret)
{
    return QCryptographicHash::hash(secret, QCryptographicHash::Sha256).toHex();
}

QString randomId(const QString &prefix)
{
    return prefix + QString::fromLatin1(base::randomText(12));
}

} // namespace

Grants::Grants(const QString &stateFile, int accessTokenSeconds)
    : m_stateFile(stateFile)
    , m_accessTokenSeconds(accessTokenSeconds)
{
    load();
}

std::pair<QString, QByteArray> Grants::addClient(const QString &name, const QStringList &redirectUris,
                                                 bool withSecret)
{
    const QString id = randomId(u"app-"_s);
    const QByteArray secret = withSecret ? "demo-secret-" + base::randomText(24) : QByteArray();
    m_clients.insert(id, {name, withSecret ? hashOf(secret) : QByteArray(), redirectUris});
    save();
    return {id, secret};
}

const Client *Grants::client(const QString &id) const
{
    const auto found = m_clients.constFind(id);
    return found == m_clients.cend() ? nullptr : &*found;
}

bool Grants::isAuthentic(const QString &clientId, const QByteArray &secret) const
{
    const Client *known = client(clientId);
    return known && (known->secretHash.isEmpty() || known->secretHash == hashOf(secret));
}

QString Grants::addGrant(const Grant &grant)
{
    const QString id = randomId(u"grant-"_s);
    m_grants.insert(id, grant);
    save();
    return id;
}

const Grant *Grants::grant(const QString &id) const
{
    const auto found = m_grants.constFind(id);
    return found == m_grants.cend() ? nullptr : &*found;
}

void Grants::endGrant(const QString &id)
{
    if (const auto found = m_grants.find(id); found != m_grants.end()) {
        found->isAlive = false;
        save();
    }
}

IssuedTokens Grants::issue(const QString &grantId)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    m_access.removeIf([&](const auto &entry) { return entry.value().expiresAt < now; });
    const IssuedTokens tokens = {"demo-access-" + base::randomText(), "demo-refresh-" + base::randomText()};
    m_access.insert(hashOf(tokens.accessToken), {grantId, now.addSecs(m_accessTokenSeconds)});
    m_refresh.insert(hashOf(tokens.refreshToken), {grantId, false});
    save();
    return tokens;
}

std::optional<QString> Grants::useRefreshToken(const QByteArray &token, const QString &clientId)
{
    const auto found = m_refresh.find(hashOf(token));
    const Grant *known = found == m_refresh.end() ? nullptr : grant(found->grant);
    if (!known || known->clientId != clientId || !known->isAlive) {
        return std::nullopt;
    }
    if (found->isUsed) {
        endGrant(found->grant);
        return std::nullopt;
    }
    found->isUsed = true;
    save();
    return found->grant;
}

const Grant *Grants::grantOfAccessToken(const QByteArray &token, const QString &resource) const
{
    const auto found = m_access.constFind(hashOf(token));
    if (found == m_access.cend() || found->expiresAt < QDateTime::currentDateTimeUtc()) {
        return nullptr;
    }
    const Grant *known = grant(found->grant);
    return known && known->isAlive && known->resource == resource ? known : nullptr;
}

void Grants::revoke(const QByteArray &token, const QString &clientId)
{
    const auto isOwn = [&](const QString &id) { return grant(id) && grant(id)->clientId == clientId; };
    if (const auto found = m_refresh.constFind(hashOf(token)); found != m_refresh.cend()) {
        if (isOwn(found->grant)) {
            endGrant(found->grant);
        }
    } else if (const auto access = m_access.constFind(hashOf(token)); access != m_access.cend()) {
        if (isOwn(access->grant)) {
            m_access.erase(access);
        }
    }
}

void Grants::load()
{
    QFile file(m_stateFile);
    if (m_stateFile.isEmpty() || !file.open(QFile::ReadOnly)) {
        return;
    }
    const QJsonObject state = QJsonDocument::fromJson(file.readAll()).object();
    const QJsonObject clients = state.value("clients"_L1).toObject();
    for (auto it = clients.begin(); it != clients.end(); ++it) {
        const QJsonObject entry = it->toObject();
        QStringList uris;
        for (const QJsonValue uri : entry.value("redirectUris"_L1).toArray()) {
            uris.append(uri.toString());
        }
        m_clients.insert(it.key(), {entry.value("name"_L1).toString(),
                                    entry.value("secretHash"_L1).toString().toLatin1(), uris});
    }
    const QJsonObject grants = state.value("grants"_L1).toObject();
    for (auto it = grants.begin(); it != grants.end(); ++it) {
        const QJsonObject entry = it->toObject();
        m_grants.insert(it.key(), {entry.value("client"_L1).toString(), entry.value("resource"_L1).toString(),
                                   entry.value("scope"_L1).toString(), entry.value("alive"_L1).toBool()});
    }
    const QJsonObject refresh = state.value("refreshTokens"_L1).toObject();
    for (auto it = refresh.begin(); it != refresh.end(); ++it) {
        const QJsonObject entry = it->toObject();
        m_refresh.insert(it.key().toLatin1(),
                         {entry.value("grant"_L1).toString(), entry.value("used"_L1).toBool()});
    }
}

void Grants::save() const
{
    if (m_stateFile.isEmpty()) {
        return;
    }
    QJsonObject clients;
    for (auto it = m_clients.cbegin(); it != m_clients.cend(); ++it) {
        clients.insert(it.key(),
                       QJsonObject{{u"name"_s, it->name},
                                   {u"secretHash"_s, QString::fromLatin1(it->secretHash)},
                                   {u"redirectUris"_s, QJsonArray::fromStringList(it->redirectUris)}});
    }
    QJsonObject grants;
    for (auto it = m_grants.cbegin(); it != m_grants.cend(); ++it) {
        grants.insert(it.key(), QJsonObject{{u"client"_s, it->clientId},
                                            {u"resource"_s, it->resource},
                                            {u"scope"_s, it->scope},
                                            {u"alive"_s, it->isAlive}});
    }
    QJsonObject refresh;
    for (auto it = m_refresh.cbegin(); it != m_refresh.cend(); ++it) {
        refresh.insert(QString::fromLatin1(it.key()),
                       QJsonObject{{u"grant"_s, it->grant}, {u"used"_s, it->isUsed}});
    }
    const QJsonObject state = {{u"clients"_s, clients}, {u"grants"_s, grants}, {u"refreshTokens"_s, refresh}};
    QSaveFile file(m_stateFile);
    if (file.open(QFile::WriteOnly)) {
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        file.write(QJsonDocument(state).toJson());
        file.commit();
    }
}

} // namespace mooring::demo
