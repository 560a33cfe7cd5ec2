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

FakeSecretService::FakeSecretService(const QString &busName)
    : collectionName(u"fake"_s)
    , denial(u"org.freedesktop.Secret.Error.IsLocked"_s)
    , m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, busName))
    , m_busName(busName)
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
    QDBusConnection::disconnectFromBus(m_busName);
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
    const QString error = errorFor(message);
    if (!error.isEmpty()) {
        return message.createErrorReply(error, u"not now, and not for you"_s);
    }
    return message.createReply(valuesFor(message));
}

/// Empty: none.
QString FakeSecretService::errorFor(const QDBusMessage &message)
{
    const QString member = message.member();
    const bool isWrite = member == "CreateItem"_L1 || member == "Delete"_L1 || member == "SetSecret"_L1;
    if ((deniesWriting || isLocked) && isWrite) {
        return denial;
    }
    if (member == "OpenSession"_L1 && message.arguments().value(0).toString() != "plain"_L1) {
        return QDBusError::errorString(QDBusError::NotSupported);
    }
    if (member != "GetSecret"_L1 && member != "SetSecret"_L1) {
        return {};
    }
    const QDBusObjectPath path(message.path());
    if (!items.contains(path)) {
        return u"org.freedesktop.Secret.Error.NoSuchObject"_s;
    }
    const bool isAllowed = !isLocked && mayUse(message.service(), path);
    m_allowedOnce[message.service()].remove(path);
    if (!isAllowed) {
        return u"org.freedesktop.Secret.Error.IsLocked"_s;
    }
    const bool hasSession = m_sessions.contains(message.service());
    return hasSession ? QString() : u"org.freedesktop.Secret.Error.NoSession"_s;
}

bool FakeSecretService::mayUse(const QString &who, const QDBusObjectPath &path) const
{
    return !asksPermission || m_allowed.value(who).contains(path) || m_allowedOnce.value(who).contains(path);
}

QVariantList FakeSecretService::valuesFor(const QDBusMessage &message)
{
    const QString member = message.member();
    if (member == "Get"_L1) {
        return propertyFor(message);
    }
    if (member == "GetAll"_L1) {
        return {QVariantMap{{u"Collections"_s, variantOf(Paths{collection()})}, {u"Locked"_s, isLocked}}};
    }
    if (member == "CreateItem"_L1) {
        return createItem(message);
    }
    return message.path() == root ? serviceValues(message) : itemValues(message);
}

QVariantList FakeSecretService::serviceValues(const QDBusMessage &message)
{
    const QString member = message.member();
    if (member == "OpenSession"_L1) {
        m_sessions.insert(message.service());
        return {variantOf(QDBusVariant(QString())), variantOf(session)};
    }
    if (member == "ReadAlias"_L1) {
        const bool isSeen = hasCollection && overlooked-- <= 0;
        return {variantOf(isSeen ? collection() : nothing)};
    }
    if (member == "SearchItems"_L1) {
        return searchItems(message);
    }
    if (member == "GetSecrets"_L1) {
        return getSecrets(message);
    }
    if (member == "Unlock"_L1) {
        return unlock(message);
    }
    if (member == "CreateCollection"_L1) {
        m_asked = {message.service(), {}, {}};
        return {variantOf(nothing), variantOf(prompt)};
    }
    return {};
}

QVariantList FakeSecretService::itemValues(const QDBusMessage &message)
{
    const QString member = message.member();
    const QDBusObjectPath path(message.path());
    if (member == "Delete"_L1) {
        if (!asksToDelete) {
            items.remove(path);
        }
        m_asked = {message.service(), {path}, {}, asksToDelete};
        return {variantOf(asksToDelete ? prompt : nothing)};
    }
    if (member == "GetSecret"_L1) {
        const Item &item = items[path];
        return {variantOf(WireSecret{session, {}, item.value, item.contentType})};
    }
    if (member == "SetSecret"_L1) {
        const auto secret = qdbus_cast<WireSecret>(message.arguments().value(0));
        Item item = items[path];
        item.value = secret.value;
        item.contentType = secret.contentType;
        store(path, item);
    }
    if (member == "Set"_L1) {
        items[path].label = message.arguments().value(2).value<QDBusVariant>().variant().toString();
    }
    return {}; // Prompt and Dismiss
}

QVariantList FakeSecretService::propertyFor(const QDBusMessage &message) const
{
    const QString name = message.arguments().value(1).toString();
    const Item item = items.value(QDBusObjectPath(message.path()));
    if (name == "Label"_L1) {
        return {variantOf(QDBusVariant(item.label))};
    }
    if (name == "Attributes"_L1) {
        return {variantOf(QDBusVariant(variantOf(item.attributes)))};
    }
    const bool isElsewhere = message.path() != collection().path() && message.path() != root;
    return {variantOf(QDBusVariant(isElsewhere ? !lockedItems.isEmpty() : isLocked))};
}

QVariantList FakeSecretService::unlock(const QDBusMessage &message)
{
    const auto asked = qdbus_cast<Paths>(message.arguments().value(0));
    bool needsPrompt = isLocked || !lockedItems.isEmpty();
    for (const QDBusObjectPath &path : asked) {
        unlockRequests << path.path();
        needsPrompt = needsPrompt || (items.contains(path) && !mayUse(message.service(), path));
    }
    m_asked = {message.service(), asked, {}};
    return {variantOf(needsPrompt ? Paths() : asked), variantOf(needsPrompt ? prompt : nothing)};
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
    Paths open;
    Paths locked;
    for (const QDBusObjectPath &path : found) {
        (isLocked || !mayUse(message.service(), path) ? locked : open) << path;
    }
    for (const QString &path : lockedItems) {
        locked << QDBusObjectPath(path);
    }
    return {variantOf(open), variantOf(locked)};
}

QVariantList FakeSecretService::createItem(const QDBusMessage &message)
{
    const auto properties = qdbus_cast<QVariantMap>(message.arguments().value(0));
    const auto secret = qdbus_cast<WireSecret>(message.arguments().value(1));
    Item item;
    item.attributes = qdbus_cast<Attributes>(properties.value(u"org.freedesktop.Secret.Item.Attributes"_s));
    item.label = properties.value(u"org.freedesktop.Secret.Item.Label"_s).toString();
    item.value = secret.value;
    item.contentType = secret.contentType;
    if (asksToCreate) {
        m_asked = {message.service(), {}, item};
        return {variantOf(nothing), variantOf(prompt)};
    }
    return {variantOf(keep(item, message.service())), variantOf(nothing)};
}

QDBusObjectPath FakeSecretService::keep(Item item, const QString &maker)
{
    QDBusObjectPath path(collection().path() + u'/' + QString::number(++m_created));
    for (const auto &[old, existing] : items.asKeyValueRange()) {
        if (existing.attributes == item.attributes) {
            path = old;
        }
    }
    m_allowed[maker].insert(path);
    store(path, std::move(item));
    return path;
}

void FakeSecretService::store(const QDBusObjectPath &path, Item item)
{
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
    QVariant result = variantOf(Paths());
    if (answer == Answer::Accept) {
        hasCollection = true;
        isLocked = false;
        lockedItems.clear();
        for (const QDBusObjectPath &path : std::as_const(m_asked.paths)) {
            (allowsOnce ? m_allowedOnce : m_allowed)[m_asked.who].insert(path);
            if (m_asked.isDeletion) {
                items.remove(path);
            }
        }
        result = variantOf(Paths{collection()});
        if (m_asked.newItem) {
            result = variantOf(keep(*m_asked.newItem, m_asked.who));
        }
    }
    QDBusMessage completed =
        QDBusMessage::createSignal(prompt.path(), u"org.freedesktop.Secret.Prompt"_s, u"Completed"_s);
    completed << (answer == Answer::Dismiss) << variantOf(QDBusVariant(result));
    m_bus.send(completed);
    if (completesTwice) {
        m_bus.send(completed);
    }
}

} // namespace mooring::support
