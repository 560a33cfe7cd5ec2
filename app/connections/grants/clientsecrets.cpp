// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/grants/clientsecrets.h"

#include <QJsonObject>

namespace mooring::connections {

using namespace Qt::StringLiterals;

namespace {

QString text(const base::Secret &secret)
{
    return QString::fromUtf8(secret.reveal());
}

base::Secret secret(const QJsonValue &value)
{
    return base::Secret(value.toString().toUtf8());
}

} // namespace

storage::SecretItem ClientSecrets::toItem() const
{
    QJsonObject content{{u"kind"_s, u"client"_s}, {u"client_secret"_s, text(clientSecret)}};
    if (!privateKey.isEmpty()) {
        content["private_key"_L1] = text(privateKey);
        content["alg"_L1] = QString::fromLatin1(keyAlgorithm);
    }
    if (!registrationToken.isEmpty()) {
        content["registration_access_token"_L1] = text(registrationToken);
    }
    return {1, content};
}

ClientSecrets ClientSecrets::fromItem(const storage::SecretItem &item)
{
    const QJsonObject &json = item.content;
    ClientSecrets secrets;
    secrets.clientSecret = secret(json["client_secret"_L1]);
    secrets.privateKey = secret(json["private_key"_L1]);
    secrets.keyAlgorithm = json["alg"_L1].toString().toLatin1();
    secrets.registrationToken = secret(json["registration_access_token"_L1]);
    return secrets;
}

} // namespace mooring::connections
