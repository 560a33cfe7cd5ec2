// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fakekwallet.h"

#include <QTimer>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

const auto name = u"org.kde.kwalletd5"_s;
const auto path = u"/modules/kwalletd5"_s;
const auto connectionName = u"fake-kwallet"_s;
constexpr int noType = 0;
constexpr int refused = -1;

} // namespace

FakeKWallet::FakeKWallet()
    : m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, connectionName))
{
    m_bus.registerVirtualObject(path, this);
}

FakeKWallet::~FakeKWallet()
{
    die();
}

void FakeKWallet::start()
{
    m_bus.registerService(name);
}

void FakeKWallet::die()
{
    if (!m_bus.isConnected()) {
        return;
    }
    m_bus.unregisterService(name);
    m_bus.unregisterObject(path);
    QDBusConnection::disconnectFromBus(connectionName);
    m_bus = QDBusConnection(QString());
}

void FakeKWallet::answerNow(Answer given)
{
    answer = given;
    const QList<QDBusMessage> open = std::exchange(m_questions, {});
    for (const QDBusMessage &question : open) {
        m_bus.send(question.createReply(given == Answer::Accept ? accept() : refused));
    }
}

void FakeKWallet::closeWallet()
{
    isOpen = false;
    m_isUser = false;
    ++m_handle;
}

int FakeKWallet::accept()
{
    isOpen = true;
    exists = true;
    m_isUser = true;
    return m_handle;
}

QString FakeKWallet::introspect(const QString &) const
{
    return {};
}

bool FakeKWallet::handleMessage(const QDBusMessage &message, const QDBusConnection &)
{
    calls << message.member();
    message.setDelayedReply(true);
    if (message.member() == mute) {
        return true;
    }
    const bool isLate = message.member() == delayed;
    QTimer::singleShot(isLate ? delay : std::chrono::milliseconds(0), this,
                       [this, message] { send(message); });
    return true;
}

void FakeKWallet::send(const QDBusMessage &message)
{
    if (message.member() == closesIn) {
        closesIn.clear();
        closeWallet();
    }
    if (message.member() == wrong) {
        m_bus.send(message.createReply(QVariantMap{{u"never"_s, u"this"_s}}));
        return;
    }
    if (const std::optional<QVariant> value = valueFor(message)) {
        const QDBusMessage reply = value->isValid() ? message.createReply(*value) : message.createReply();
        m_bus.send(reply);
        if (message.member() == doubled) {
            m_bus.send(reply);
        }
    }
}

std::optional<QVariant> FakeKWallet::valueFor(const QDBusMessage &message)
{
    const QString member = message.member();
    const QVariantList arguments = message.arguments();
    const QVariant first = arguments.value(0);
    if (member == "isEnabled"_L1) {
        return isEnabled;
    }
    if (member == "networkWallet"_L1) {
        return u"kdewallet"_s;
    }
    if (member == "wallets"_L1) {
        return exists ? QStringList{u"kdewallet"_s} : QStringList();
    }
    if (member == "users"_L1) {
        return m_isUser ? QStringList{u"Mooring"_s} : QStringList{u"Others"_s};
    }
    if (member == "isOpen"_L1) {
        return first.typeId() == QMetaType::Int ? isOpen && first.toInt() == m_handle : isOpen;
    }
    if (member == "open"_L1) {
        return open(message);
    }
    if (member == "sync"_L1) {
        return QVariant();
    }
    if (member == "close"_L1) {
        return 0;
    }
    return inWallet(member, arguments);
}

QVariant FakeKWallet::inWallet(const QString &member, const QVariantList &arguments)
{
    // Like the real one: to a wrong handle it answers as if the wallet were empty.
    const bool isGood = isOpen && m_isUser && arguments.value(0).toInt() == m_handle;
    if (member == "hasFolder"_L1) {
        return isGood && hasFolder;
    }
    if (member == "createFolder"_L1) {
        return isGood && !std::exchange(hasFolder, true);
    }
    if (member == "removeFolder"_L1) {
        entries.clear();
        return isGood && std::exchange(hasFolder, false);
    }
    if (member == "entryList"_L1) {
        return isGood ? QStringList(entries.keys()) : QStringList();
    }
    return ofItem(member, isGood ? arguments : QVariantList());
}

QVariant FakeKWallet::ofItem(const QString &member, const QVariantList &arguments)
{
    const bool isGood = !arguments.isEmpty();
    const QString key = arguments.value(2).toString();
    const Entry entry = isGood ? entries.value(key, Entry{noType, {}}) : Entry{noType, {}};
    if (member == "entryType"_L1) {
        return entry.type;
    }
    if (member == "readPassword"_L1) {
        return QString::fromUtf8(entry.value);
    }
    if (member == "readEntry"_L1 || member == "readMap"_L1) {
        return entry.value;
    }
    if (isGood && member == "writePassword"_L1) {
        entries.insert(key, {1, arguments.value(3).toString().toUtf8()});
    } else if (isGood && member == "writeMap"_L1) {
        entries.insert(key, {3, arguments.value(3).toByteArray()});
    } else if (isGood && member == "removeEntry"_L1) {
        return entries.remove(key) > 0 ? 0 : -3;
    }
    return isGood ? 0 : refused;
}

std::optional<QVariant> FakeKWallet::open(const QDBusMessage &message)
{
    const bool asks = !isOpen || (asksForPermission && !m_isUser);
    if (asks && answer == Answer::None) {
        m_questions << message;
        return std::nullopt;
    }
    return asks && answer == Answer::Refuse ? refused : accept();
}

} // namespace mooring::support
