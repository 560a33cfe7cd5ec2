// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keyringitems.h"

#include "storage/keychainjobs.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusVariant>
#include <QMap>

namespace mooring::test {

using namespace Qt::StringLiterals;
using Attributes = QMap<QString, QString>;

namespace {

QDBusMessage call(const QString &path, const QString &interface, const QString &method,
                  const QVariantList &arguments)
{
    QDBusMessage message =
        QDBusMessage::createMethodCall(u"org.freedesktop.secrets"_s, path, interface, method);
    message.setArguments(arguments);
    return QDBusConnection::sessionBus().call(message);
}

} // namespace

QStringList keysInKeyring()
{
    qDBusRegisterMetaType<Attributes>();
    const Attributes ours{{u"server"_s, QString(storage::keychainServiceName)}};
    const QDBusMessage found = call(u"/org/freedesktop/secrets"_s, u"org.freedesktop.Secret.Service"_s,
                                    u"SearchItems"_s, {QVariant::fromValue(ours)});
    if (found.type() != QDBusMessage::ReplyMessage) {
        qWarning("the keyring can't be listed: %s", qPrintable(found.errorMessage()));
        return {u"(the keyring can't be listed)"_s};
    }
    QStringList keys;
    const auto paths = qdbus_cast<QList<QDBusObjectPath>>(found.arguments().value(0));
    for (const QDBusObjectPath &path : paths) {
        const QDBusMessage answer = call(path.path(), u"org.freedesktop.DBus.Properties"_s, u"Get"_s,
                                         {u"org.freedesktop.Secret.Item"_s, u"Attributes"_s});
        const QVariant value = answer.arguments().value(0).value<QDBusVariant>().variant();
        keys.append(qdbus_cast<Attributes>(value).value(u"user"_s));
    }
    keys.sort();
    return keys;
}

} // namespace mooring::test
