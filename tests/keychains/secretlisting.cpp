// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychains/secretlisting.h"

#include "keychains/daemon.h"

#include <QDBusArgument>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusVariant>

namespace mooring::keychains {

using namespace Qt::StringLiterals;
using Attributes = QMap<QString, QString>;

namespace {

constexpr int patience = 10'000;

QVariant property(const QString &path, const QString &interface, const QString &name)
{
    const QDBusMessage answer =
        ask(secretsName, path, u"org.freedesktop.DBus.Properties"_s, u"Get"_s, {interface, name});
    return answer.arguments().value(0).value<QDBusVariant>().variant();
}

QString defaultCollection()
{
    const QDBusMessage alias = ask(secretsName, u"/org/freedesktop/secrets"_s,
                                   u"org.freedesktop.Secret.Service"_s, u"ReadAlias"_s, {u"default"_s});
    return alias.arguments().value(0).value<QDBusObjectPath>().path();
}

} // namespace

bool isDefaultCollectionLocked()
{
    const QVariant isLocked =
        property(defaultCollection(), u"org.freedesktop.Secret.Collection"_s, u"Locked"_s);
    return !isLocked.isValid() || isLocked.toBool();
}

QStringList keysInSecretService()
{
    qDBusRegisterMetaType<Attributes>();
    const Attributes ours{{u"server"_s, u"Mooring"_s}};
    const QDBusMessage found =
        ask(secretsName, u"/org/freedesktop/secrets"_s, u"org.freedesktop.Secret.Service"_s, u"SearchItems"_s,
            {QVariant::fromValue(ours)});
    if (found.type() != QDBusMessage::ReplyMessage) {
        return {u"not to be listed: "_s + found.errorMessage()};
    }
    QStringList keys;
    const auto paths = qdbus_cast<QList<QDBusObjectPath>>(found.arguments().value(0))
                       + qdbus_cast<QList<QDBusObjectPath>>(found.arguments().value(1));
    for (const QDBusObjectPath &path : paths) {
        const QVariant attributes = property(path.path(), u"org.freedesktop.Secret.Item"_s, u"Attributes"_s);
        keys.append(qdbus_cast<Attributes>(attributes).value(u"user"_s));
    }
    return keys;
}

QString listedBySecretTool()
{
    QProcess tool;
    tool.setProcessChannelMode(QProcess::MergedChannels);
    tool.start(u"secret-tool"_s, {u"search"_s, u"--all"_s, u"server"_s, u"Mooring"_s});
    tool.waitForFinished(patience);
    QStringList lines = QString::fromUtf8(tool.readAll()).split(u'\n', Qt::SkipEmptyParts);
    lines.removeIf([](const QString &line) { return line.startsWith("secret = "_L1); });
    return lines.join(u'\n');
}

QString labelsInDefaultCollection()
{
    const QVariant items = property(defaultCollection(), u"org.freedesktop.Secret.Collection"_s, u"Items"_s);
    QStringList labels;
    const auto paths = qdbus_cast<QList<QDBusObjectPath>>(items);
    for (const QDBusObjectPath &item : paths) {
        labels.append(property(item.path(), u"org.freedesktop.Secret.Item"_s, u"Label"_s).toString());
    }
    labels.sort();
    return labels.join(u'\n');
}

} // namespace mooring::keychains
