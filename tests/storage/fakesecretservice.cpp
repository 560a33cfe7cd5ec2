// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fakesecretservice.h"

#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusVariant>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using Paths = QList<QDBusObjectPath>;

namespace {

const auto name = u"org.freedesktop.secrets"_s;
const auto root = u"/org/freedesktop/secrets"_s;
const auto collection = u"/org/freedesktop/secrets/collection/fake"_s;
const auto prompt = u"/org/freedesktop/secrets/prompt/1"_s;

} // namespace

FakeSecretService::FakeSecretService()
    : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"fake-secret-service"_s))
{
    m_bus.registerVirtualObject(root, this, QDBusConnection::SubPath);
}

FakeSecretService::~FakeSecretService()
{
    stop();
    m_bus.unregisterObject(root, QDBusConnection::UnregisterTree);
    QDBusConnection::disconnectFromBus(u"fake-secret-service"_s);
}

void FakeSecretService::start()
{
    m_bus.registerService(name);
}

void FakeSecretService::stop()
{
    m_bus.unregisterService(name);
}

QString FakeSecretService::introspect(const QString &) const
{
    return {};
}

bool FakeSecretService::handleMessage(const QDBusMessage &message, const QDBusConnection &connection)
{
    calls << message.member();
    if (isSilent) {
        message.setDelayedReply(true);
        return true;
    }
    const QVariantList values = answerTo(message);
    connection.send(message.createReply(values));
    if (message.member() == "Prompt"_L1) {
        answerPrompt();
    }
    return true;
}

QVariantList FakeSecretService::answerTo(const QDBusMessage &message)
{
    const QString member = message.member();
    if (member == "ReadAlias"_L1) {
        const bool isSeen = hasCollection && overlooked-- <= 0;
        return {QVariant::fromValue(QDBusObjectPath(isSeen ? collection : u"/"_s))};
    }
    if (member == "Get"_L1) {
        return {QVariant::fromValue(QDBusVariant(isLocked))};
    }
    if (member == "SearchItems"_L1) {
        Paths locked;
        for (const QString &path : lockedItems) {
            locked << QDBusObjectPath(path);
        }
        return {QVariant::fromValue(Paths()), QVariant::fromValue(locked)};
    }
    if (member == "Unlock"_L1) {
        for (const QDBusObjectPath &path : qdbus_cast<Paths>(message.arguments().value(0))) {
            unlockRequests << path.path();
        }
        return {QVariant::fromValue(Paths()), QVariant::fromValue(QDBusObjectPath(prompt))};
    }
    if (member == "CreateCollection"_L1) {
        return {QVariant::fromValue(QDBusObjectPath(u"/"_s)), QVariant::fromValue(QDBusObjectPath(prompt))};
    }
    return {}; // Prompt and Dismiss
}

void FakeSecretService::answerPrompt()
{
    if (answer == Answer::None) {
        return;
    }
    if (answer == Answer::Accept) {
        hasCollection = true;
        isLocked = false;
        lockedItems.clear();
    }
    QDBusMessage completed =
        QDBusMessage::createSignal(prompt, u"org.freedesktop.Secret.Prompt"_s, u"Completed"_s);
    completed << (answer == Answer::Dismiss) << QVariant::fromValue(QDBusVariant(QString()));
    m_bus.send(completed);
}

} // namespace mooring::storage
