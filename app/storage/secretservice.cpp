// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/secretservice.h"

#include "base/deadline.h"
#include "storage/keychainerrors.h"
#include "storage/secretprompt.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusError>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QLibrary>
#include <QMap>

#include <algorithm>
#include <limits>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::failed;
using base::Result;
using base::Task;
using Attributes = QMap<QString, QString>;
using Paths = QList<QDBusObjectPath>;

namespace {

const auto secretService = u"org.freedesktop.secrets"_s;
const auto serviceInterface = u"org.freedesktop.Secret.Service"_s;
const auto collectionInterface = u"org.freedesktop.Secret.Collection"_s;
constexpr auto noObject = "/"_L1;
constexpr int forEver = std::numeric_limits<int>::max();
constexpr int looksForCollection = 3;
constexpr std::chrono::milliseconds betweenLooks(50);

QDBusMessage busCall(const QString &method)
{
    return QDBusMessage::createMethodCall(u"org.freedesktop.DBus"_s, u"/org/freedesktop/DBus"_s,
                                          u"org.freedesktop.DBus"_s, method);
}

QDBusMessage serviceCall(const QString &method)
{
    return QDBusMessage::createMethodCall(secretService, u"/org/freedesktop/secrets"_s, serviceInterface,
                                          method);
}

/// The answer or error message; there always is one. `deadline` outlives the call.
Task<QDBusMessage> call(QDBusMessage message, const base::Deadline *deadline)
{
    // QtDBus would end the call by a timer of its own, which a process that wakes up hears too early.
    const QDBusPendingCall pending = QDBusConnection::sessionBus().asyncCall(message, forEver);
    const base::OneShot<QDBusMessage> answer;
    const QDBusPendingCallWatcher watcher(pending);
    QObject::connect(&watcher, &QDBusPendingCallWatcher::finished, &watcher,
                     [answer](QDBusPendingCallWatcher *ended) { answer.resolve(ended->reply()); });
    base::Deadline patience(
        [answer] { answer.resolve(QDBusMessage::createError(QDBusError::NoReply, u"too late"_s)); });
    patience.start(std::max(std::chrono::milliseconds(1), deadline->left()));
    QDBusMessage reply = co_await answer;
    co_return reply;
}

KeychainReport failure(const QDBusMessage &reply)
{
    const QString name = reply.errorName();
    // What the bus says when nobody has the name and nothing can be started for it.
    const bool nobody = name == "org.freedesktop.DBus.Error.ServiceUnknown"_L1
                        || name == "org.freedesktop.DBus.Error.NameHasNoOwner"_L1
                        || name.startsWith("org.freedesktop.DBus.Error.Spawn."_L1);
    const bool isLate =
        name == "org.freedesktop.DBus.Error.NoReply"_L1 || name == "org.freedesktop.DBus.Error.Timeout"_L1;
    const KeychainState state = nobody   ? KeychainState::Missing
                                : isLate ? KeychainState::Slow
                                         : KeychainState::Failed;
    return {state, name + ": "_L1 + reply.errorMessage()};
}

Task<KeychainReport> whetherServiceExists(const base::Deadline *deadline)
{
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        co_return KeychainReport{KeychainState::Missing, "no session bus: "_L1 + bus.lastError().message()};
    }
    QDBusMessage question = busCall(u"NameHasOwner"_s);
    question << secretService;
    QDBusMessage answer = co_await call(question, deadline);
    const QDBusPendingReply<bool> owned = QDBusPendingCall::fromCompletedCall(answer);
    if (owned.isError()) {
        co_return failure(answer);
    }
    if (owned.value()) {
        co_return KeychainReport{KeychainState::Unlocked, {}};
    }
    QDBusMessage listQuestion = busCall(u"ListActivatableNames"_s);
    QDBusMessage list = co_await call(listQuestion, deadline);
    const QDBusPendingReply<QStringList> names = QDBusPendingCall::fromCompletedCall(list);
    if (names.isError()) {
        co_return failure(list);
    }
    if (!names.value().contains(secretService)) {
        co_return KeychainReport{KeychainState::Missing, u"nobody offers org.freedesktop.secrets"_s};
    }
    co_return KeychainReport{KeychainState::Unlocked, {}};
}

/// Unlocked with the default collection's path as detail, or why there is none.
Task<KeychainReport> findDefaultCollection(const base::Deadline *deadline)
{
    KeychainReport exists = co_await whetherServiceExists(deadline);
    if (exists.state != KeychainState::Unlocked) {
        co_return exists;
    }
    // gnome-keyring may not know yet who is asking when a process asks for the first time in a crowd,
    // and then says that there is none: only what it says again is believed.
    QString path = noObject;
    for (int attempt = 0; attempt < looksForCollection && path == noObject; ++attempt) {
        if (attempt > 0) {
            co_await base::sleepFor(betweenLooks, {});
        }
        QDBusMessage question = serviceCall(u"ReadAlias"_s);
        question << u"default"_s;
        QDBusMessage answer = co_await call(question, deadline); // starts the service if need be
        const QDBusPendingReply<QDBusObjectPath> alias = QDBusPendingCall::fromCompletedCall(answer);
        if (alias.isError()) {
            co_return failure(answer);
        }
        path = alias.value().path();
    }
    if (path == noObject) {
        co_return KeychainReport{KeychainState::NoDefaultCollection, {}};
    }
    co_return KeychainReport{KeychainState::Unlocked, path};
}

Task<KeychainReport> whetherCollectionIsLocked(QString path, const base::Deadline *deadline)
{
    QDBusMessage question =
        QDBusMessage::createMethodCall(secretService, path, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    question << collectionInterface << u"Locked"_s;
    QDBusMessage answer = co_await call(question, deadline);
    const QDBusPendingReply<QDBusVariant> locked = QDBusPendingCall::fromCompletedCall(answer);
    if (locked.isError() || locked.value().variant().metaType() != QMetaType::fromType<bool>()) {
        co_return failure(answer);
    }
    const bool isLocked = locked.value().variant().toBool();
    co_return KeychainReport{isLocked ? KeychainState::Locked : KeychainState::Unlocked, {}};
}

/// Items of Mooring that are behind a lock, with this key or with any. They may be in another
/// keyring than the default one of today.
Task<Result<Paths>> lockedItems(QString key, const base::Deadline *deadline)
{
    qDBusRegisterMetaType<Attributes>();
    Attributes attributes{{u"server"_s, QString(keychainServiceName)}};
    if (!key.isEmpty()) {
        attributes.insert(u"user"_s, key);
    }
    QDBusMessage question = serviceCall(u"SearchItems"_s);
    question << QVariant::fromValue(attributes);
    QDBusMessage answer = co_await call(question, deadline);
    const QDBusPendingReply<Paths, Paths> found = QDBusPendingCall::fromCompletedCall(answer);
    if (found.isError()) {
        KeychainReport report = failure(answer);
        co_return failed(keychainFailure(base::KeychainCase::Failed, report.detail));
    }
    Paths locked = found.argumentAt<1>();
    co_return locked;
}

/// Asks the service to unlock or to make a keyring; the path of the prompt that it wants to show, or "/".
Task<Result<QString>> requestUnlock(KeychainReport collection, const base::Deadline *deadline)
{
    QDBusMessage request;
    if (collection.state == KeychainState::NoDefaultCollection) {
        request = serviceCall(u"CreateCollection"_s);
        const QVariantMap properties{{u"org.freedesktop.Secret.Collection.Label"_s,
                                      QCoreApplication::translate("mooring::storage", "Default keyring")}};
        request << properties << u"default"_s;
    } else {
        const QString anyKey;
        Result<Paths> items = co_await lockedItems(anyKey, deadline);
        if (!items) {
            co_return failed(items.error());
        }
        Paths objects = *items;
        objects.prepend(QDBusObjectPath(collection.detail));
        request = serviceCall(u"Unlock"_s);
        request << QVariant::fromValue(objects);
    }
    QDBusMessage answer = co_await call(request, deadline);
    const QVariantList values = answer.arguments();
    if (answer.type() != QDBusMessage::ReplyMessage || values.size() != 2) {
        KeychainReport report = failure(answer);
        co_return failed(keychainFailure(base::KeychainCase::Failed, report.detail));
    }
    co_return qvariant_cast<QDBusObjectPath>(values.at(1)).path();
}

} // namespace

bool usesSecretService()
{
    const QByteArray forced = qgetenv("QTKEYCHAIN_BACKEND"); // from QtKeychain 0.16 on
    if (!forced.isEmpty()) {
        return !forced.startsWith("kwallet");
    }
    if (qgetenv("XDG_CURRENT_DESKTOP") != "KDE") {
        return true;
    }
    const QByteArray session = qgetenv("KDE_SESSION_VERSION");
#ifdef MOORING_QTKEYCHAIN_KNOWS_KWALLET6
    return session != "5" && session != "6";
#else
    return session != "5";
#endif
}

Task<KeychainReport> secretServiceState(QString key, std::chrono::milliseconds deadline)
{
    base::Deadline whole;
    whole.start(deadline);
    KeychainReport collection = co_await findDefaultCollection(&whole);
    if (collection.state != KeychainState::Unlocked) {
        co_return collection;
    }
    KeychainReport report = co_await whetherCollectionIsLocked(collection.detail, &whole);
    report.identity = collection.detail.section(u'/', -1);
    if (report.state != KeychainState::Unlocked || key.isEmpty()) {
        co_return report;
    }
    Result<Paths> locked = co_await lockedItems(key, &whole);
    if (!locked) {
        co_return KeychainReport{KeychainState::Failed, locked.error().detail};
    }
    if (!locked->isEmpty()) {
        co_return KeychainReport{KeychainState::Locked, u"the item is in another keyring that is locked"_s};
    }
    co_return report;
}

Task<Result<void>> unlockSecretService(std::chrono::milliseconds deadline, std::stop_token stop)
{
    base::Deadline whole;
    whole.start(deadline);
    KeychainReport collection = co_await findDefaultCollection(&whole);
    if (collection.state != KeychainState::Unlocked
        && collection.state != KeychainState::NoDefaultCollection) {
        co_return failed(*errorOf(collection));
    }
    Result<QString> path = co_await requestUnlock(collection, &whole);
    if (!path) {
        co_return failed(path.error());
    }
    if (stop.stop_requested()) {
        co_return failed(base::cancelledError());
    }
    if (*path != noObject) {
        SecretPrompt prompt(QDBusConnection::sessionBus(), *path);
        Result<void> over = co_await prompt.show(stop);
        if (!over) {
            co_return over;
        }
    }
    const QString anyKey;
    KeychainReport now = co_await secretServiceState(anyKey, deadline);
    const std::optional<base::Error> error = errorOf(now);
    if (error) {
        co_return failed(*error);
    }
    co_return Result<void>();
}

void forgetSecretSession()
{
    // Loaded at run time, as QtKeychain does it: it is no dependency of the build.
    QLibrary libsecret(u"secret-1"_s, 0);
    if (const QFunctionPointer disconnect = libsecret.resolve("secret_service_disconnect")) {
        disconnect();
    }
}

} // namespace mooring::storage
