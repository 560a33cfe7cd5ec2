// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fakesecretservice.h"

#include <QDBusArgument>
#include <QDBusMetaType>
#include <QDBusVariant>
#include <QTimer>

namespace mooring::support {

using namespace Qt::StringLiterals;
using Attributes = QMap<QString, QString>;
using Paths = QList<QDBusObjectPath>;

/// The Secret of the specification; with a plain session the parameters are empty.
struct WireSecret {
    QDBusObjectPath session;
    QByteArray parameters;
    QByteArray value;
    QString contentType;
};
using WireSecrets = QMap<QDBusObjectPath, WireSecret>;

static QDBusArgument &operator<<(QDBusArgument &argument, const WireSecret &secret)
{
    argument.beginStructure();
    argument << secret.session << secret.parameters << secret.value << secret.contentType;
    argument.endStructure();
    return argument;
}

static const QDBusArgument &operator>>(const QDBusArgument &argument, WireSecret &secret)
{
    argument.beginStructure();
    argument >> secret.session >> secret.parameters >> secret.value >> secret.contentType;
    argument.endStructure();
    return argument;
}

namespace {

const auto name = u"org.freedesktop.secrets"_s;
const auto root = u"/org/freedesktop/secrets"_s;
const QDBusObjectPath prompt(u"/org/freedesktop/secrets/prompt/1"_s);
const QDBusObjectPath session(u"/org/freedesktop/secrets/session/1"_s);
const QDBusObjectPath nothing(u"/"_s);

template <typename T>
QVariant variantOf(const T &value)
{
    return QVariant::fromValue(value);
}

} // namespace

FakeSecretService::FakeSecretService()
    : collectionName(u"fake"_s)
    , denial(u"org.freedesktop.Secret.Error.IsLocked"_s)
    , m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"fake-secret-service"_s))
{
    qDBusRegisterMetaType<Attributes>();
    qDBusRegisterMetaType<WireSecret>();
    qDBusRegisterMetaType<WireSecrets>();
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

QMap<QString, QByteArray> FakeSecretService::values() const
{
    QMap<QString, QByteArray> values;
    for (const Item &item : items) {
        values.insert(item.attributes.value(u"user"_s), item.value);
    }
    return values;
}

QDBusObjectPath FakeSecretService::collection() const
{
    return QDBusObjectPath(root + u"/collection/"_s + collectionName);
}

QString FakeSecretService::introspect(const QString &) const
{
    return {};
}

bool FakeSecretService::handleMessage(const QDBusMessage &message, const QDBusConnection &connection)
{
    calls << message.member();
    message.setDelayedReply(true);
    if (isSilent) {
        return true;
    }
    const bool isLate = delayed.isEmpty() || delayed == message.member();
    QTimer::singleShot(isLate ? delay : std::chrono::milliseconds(0), this, [this, message, connection] {
        connection.send(answerTo(message));
        if (message.member() == "Prompt"_L1) {
            answerPrompt();
        }
    });
    return true;
}

QDBusMessage FakeSecretService::answerTo(const QDBusMessage &message)
{
    const QString member = message.member();
    const bool isWrite = member == "CreateItem"_L1 || member == "Delete"_L1;
    if ((deniesWriting || isLocked) && isWrite) {
        return message.createErrorReply(denial, u"not now, and not for you"_s);
    }
    if (member == "OpenSession"_L1 && message.arguments().value(0).toString() != "plain"_L1) {
        return message.createErrorReply(QDBusError::NotSupported, u"plain only"_s);
    }
    return message.createReply(valuesFor(message));
}

QVariantList FakeSecretService::valuesFor(const QDBusMessage &message)
{
    const QString member = message.member();
    if (member == "OpenSession"_L1) {
        return {variantOf(QDBusVariant(QString())), variantOf(session)};
    }
    if (member == "ReadAlias"_L1) {
        const bool isSeen = hasCollection && overlooked-- <= 0;
        return {variantOf(isSeen ? collection() : nothing)};
    }
    if (member == "Get"_L1) {
        return {variantOf(QDBusVariant(isLocked))};
    }
    if (member == "GetAll"_L1) {
        return {QVariantMap{{u"Collections"_s, variantOf(Paths{collection()})}, {u"Locked"_s, isLocked}}};
    }
    if (member == "SearchItems"_L1) {
        return searchItems(message);
    }
    if (member == "CreateItem"_L1) {
        return createItem(message);
    }
    if (member == "GetSecrets"_L1) {
        return getSecrets(message);
    }
    if (member == "Delete"_L1) {
        items.remove(QDBusObjectPath(message.path()));
        return {variantOf(nothing)};
    }
    if (member == "Unlock"_L1) {
        const auto asked = qdbus_cast<Paths>(message.arguments().value(0));
        for (const QDBusObjectPath &path : asked) {
            unlockRequests << path.path();
        }
        const bool needsPrompt = isLocked || !lockedItems.isEmpty();
        return {variantOf(needsPrompt ? Paths() : asked), variantOf(needsPrompt ? prompt : nothing)};
    }
    if (member == "CreateCollection"_L1) {
        return {variantOf(nothing), variantOf(prompt)};
    }
    return {}; // Prompt and Dismiss
}

QVariantList FakeSecretService::searchItems(const QDBusMessage &message) const
{
    const auto wanted = qdbus_cast<Attributes>(message.arguments().value(0));
    Paths found;
    for (const auto &[path, item] : items.asKeyValueRange()) {
        const auto fits = [&item = item, &wanted](const QString &key) {
            return item.attributes.value(key) == wanted.value(key);
        };
        const QStringList keys = wanted.keys();
        if (std::all_of(keys.begin(), keys.end(), fits)) {
            found << path;
        }
    }
    Paths locked = isLocked ? found : Paths();
    for (const QString &path : lockedItems) {
        locked << QDBusObjectPath(path);
    }
    return {variantOf(isLocked ? Paths() : found), variantOf(locked)};
}

QVariantList FakeSecretService::createItem(const QDBusMessage &message)
{
    const auto properties = qdbus_cast<QVariantMap>(message.arguments().value(0));
    Item item;
    item.attributes = qdbus_cast<Attributes>(properties.value(u"org.freedesktop.Secret.Item.Attributes"_s));
    item.value = qdbus_cast<WireSecret>(message.arguments().value(1)).value;
    QDBusObjectPath path(collection().path() + u'/' + QString::number(++m_created));
    for (const auto &[old, existing] : items.asKeyValueRange()) {
        if (existing.attributes == item.attributes) {
            path = old;
        }
    }
    const Memory today = keptWell-- > 0 ? Memory::Keeps : memory;
    if (today == Memory::Truncates) {
        item.value.truncate(item.value.size() / 8
                            * 4); // still base64, so that it is the content that shows it
    } else if (today == Memory::Garbles) {
        item.value.replace(0, 4, "AAAA");
    }
    if (today == Memory::Loses) {
        items.remove(path);
    } else if (today != Memory::Drops) {
        items.insert(path, item);
    }
    return {variantOf(path), variantOf(nothing)};
}

QVariantList FakeSecretService::getSecrets(const QDBusMessage &message) const
{
    WireSecrets secrets;
    for (const QDBusObjectPath &path : qdbus_cast<Paths>(message.arguments().value(0))) {
        secrets.insert(path, {session, {}, items.value(path).value, u"text/plain"_s});
    }
    return {variantOf(secrets)};
}

void FakeSecretService::answerPrompt()
{
    if (answer == Answer::None) {
        return;
    }
    Paths unlocked;
    if (answer == Answer::Accept) {
        hasCollection = true;
        isLocked = false;
        lockedItems.clear();
        unlocked << collection();
    }
    QDBusMessage completed =
        QDBusMessage::createSignal(prompt.path(), u"org.freedesktop.Secret.Prompt"_s, u"Completed"_s);
    completed << (answer == Answer::Dismiss) << variantOf(QDBusVariant(variantOf(unlocked)));
    m_bus.send(completed);
}

} // namespace mooring::support
