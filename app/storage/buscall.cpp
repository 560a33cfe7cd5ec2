// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/buscall.h"

#include <QDBusConnection>
#include <QDBusError>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>

#include <algorithm>
#include <array>
#include <limits>

namespace mooring::storage {

using namespace Qt::StringLiterals;

namespace {

/// The bus never says this one, and QtDBus only by a timer that is not in use here.
constexpr auto tooLate = QDBusError::Timeout;

} // namespace

base::Task<QDBusMessage> busCall(QDBusMessage message, const base::Deadline *deadline)
{
    // QtDBus would end the call by a timer of its own, which a process that wakes up hears too early.
    const QDBusPendingCall pending =
        QDBusConnection::sessionBus().asyncCall(message, std::numeric_limits<int>::max());
    const base::OneShot<QDBusMessage> answer;
    const QDBusPendingCallWatcher watcher(pending);
    QObject::connect(&watcher, &QDBusPendingCallWatcher::finished, &watcher,
                     [answer](QDBusPendingCallWatcher *ended) { answer.resolve(ended->reply()); });
    base::Deadline patience(
        [answer] { answer.resolve(QDBusMessage::createError(tooLate, u"no answer in time"_s)); });
    patience.start(std::max(std::chrono::milliseconds(1), deadline->left()));
    QDBusMessage reply = co_await answer;
    co_return reply;
}

QDBusMessage toTheBus(const QString &method, const QVariantList &arguments)
{
    const QString bus = u"org.freedesktop.DBus"_s;
    QDBusMessage message = QDBusMessage::createMethodCall(bus, u"/org/freedesktop/DBus"_s, bus, method);
    message.setArguments(arguments);
    return message;
}

bool isLate(const QDBusMessage &answer)
{
    return answer.errorName() == QDBusError::errorString(tooLate);
}

bool isFromNobody(const QDBusMessage &answer)
{
    constexpr std::array names = {
        "org.freedesktop.DBus.Error.ServiceUnknown"_L1, "org.freedesktop.DBus.Error.NameHasNoOwner"_L1,
        "org.freedesktop.DBus.Error.NoReply"_L1, // it has left the bus with the call
        "org.freedesktop.DBus.Error.Disconnected"_L1};
    const QString name = answer.errorName();
    return std::ranges::find(names, name) != names.end()
           || name.startsWith("org.freedesktop.DBus.Error.Spawn."_L1);
}

QString detailOf(const QDBusMessage &answer)
{
    if (answer.type() == QDBusMessage::ErrorMessage) {
        return answer.errorName() + ": "_L1 + answer.errorMessage();
    }
    return "an answer of other types: "_L1 + answer.signature();
}

base::Task<bool> isOnTheBus(QString name, std::chrono::milliseconds deadline)
{
    if (!QDBusConnection::sessionBus().isConnected()) {
        co_return false;
    }
    base::Deadline patience;
    patience.start(deadline);
    const QDBusMessage question = toTheBus(u"NameHasOwner"_s, {name});
    QDBusMessage answer = co_await busCall(question, &patience);
    const std::optional<bool> hasOwner = onlyValueOf<bool>(answer);
    co_return hasOwner.value_or(false);
}

} // namespace mooring::storage
