// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/kwalletbus.h"

#include <QDBusConnection>

namespace mooring::storage {

using namespace Qt::StringLiterals;

KWalletBus::KWalletBus(int generation)
    : m_service(u"org.kde.kwalletd%1"_s.arg(generation))
    , m_path(u"/modules/kwalletd%1"_s.arg(generation))
{
}

base::Task<KWalletAnswer<QString>> KWalletBus::owner(const base::Deadline *deadline) const
{
    const QString service = m_service;
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        co_return std::unexpected(kwalletReport(KeychainState::Missing, u"there is no session bus"_s));
    }
    const QDBusMessage question = toTheBus(u"GetNameOwner"_s, {service});
    QDBusMessage running = co_await busCall(question, deadline);
    const std::optional<QString> owner = onlyValueOf<QString>(running);
    if (owner) {
        co_return KWalletAnswer<QString>(*owner);
    }
    if (!isFromNobody(running)) {
        co_return std::unexpected(kwalletTrouble(running));
    }
    const QDBusMessage request = toTheBus(u"StartServiceByName"_s, {service, 0U});
    QDBusMessage start = co_await busCall(request, deadline);
    if (start.errorName().startsWith("org.freedesktop.DBus.Error.Spawn.Child"_L1)) {
        // It is installed, and ends by itself: that is how a KWallet that is switched off behaves.
        co_return std::unexpected(kwalletReport(KeychainState::SwitchedOff, detailOf(start)));
    }
    if (start.type() != QDBusMessage::ReplyMessage) {
        co_return std::unexpected(kwalletTrouble(start));
    }
    QDBusMessage started = co_await busCall(question, deadline);
    const std::optional<QString> newOwner = onlyValueOf<QString>(started);
    if (!newOwner && isFromNobody(started)) {
        co_return std::unexpected(kwalletReport(KeychainState::SwitchedOff, u"it ended at once"_s));
    }
    if (!newOwner) {
        co_return std::unexpected(kwalletTrouble(started));
    }
    co_return KWalletAnswer<QString>(*newOwner);
}

QDBusMessage KWalletBus::message(const QString &owner, const QString &method,
                                 const QVariantList &arguments) const
{
    QDBusMessage message = QDBusMessage::createMethodCall(owner, m_path, u"org.kde.KWallet"_s, method);
    message.setArguments(arguments);
    message.setAutoStartService(false);
    return message;
}

KeychainReport kwalletReport(KeychainState state, const QString &detail)
{
    return {state, detail, {}, KeychainProgram::KWallet};
}

KeychainReport kwalletTrouble(const QDBusMessage &answer)
{
    // With "apiEnabled=false" in its settings the program runs, but has nothing at this place.
    const bool hasNoInterface = answer.errorName() == "org.freedesktop.DBus.Error.UnknownObject"_L1;
    const KeychainState state = isLate(answer)         ? KeychainState::Slow
                                : isFromNobody(answer) ? KeychainState::Missing
                                : hasNoInterface       ? KeychainState::SwitchedOff
                                                       : KeychainState::Failed;
    return kwalletReport(state, detailOf(answer));
}

} // namespace mooring::storage
