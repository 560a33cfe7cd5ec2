// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychains/kwalletkeychain.h"

#include "keychains/gnomekeychain.h"
#include "keychains/keepassxckeychain.h"
#include "keychains/screen.h"
#include "keychains/secretlisting.h"

#include <QDataStream>
#include <QDir>
#include <QFile>
#include <QPasswordDigestor>

namespace mooring::keychains {

using namespace Qt::StringLiterals;

namespace {

const auto busName = u"org.kde.kwalletd5"_s;
const auto wallet = u"kdewallet"_s;
const auto password = u"only-for-tests"_s;
const auto application = u"Mooring"_s;

QDBusMessage askWallet(const QString &method, const QVariantList &arguments = {})
{
    return ask(busName, u"/modules/kwalletd5"_s, u"org.kde.KWallet"_s, method, arguments);
}

QString walletFolder()
{
    return qEnvironmentVariable("XDG_DATA_HOME") + u"/kwalletd"_s;
}

/// As kwalletd5 makes a key of a typed password; needs the salt to be on the disk before the wallet is made.
QByteArray keyOf(const QString &typed)
{
    constexpr int size = 56;
    constexpr int rounds = 50'000;
    const QString folder = walletFolder();
    const QByteArray salt(size, 's');
    QFile file(folder + u'/' + wallet + u".salt"_s);
    if (!QDir().mkpath(folder) || !file.open(QFile::WriteOnly) || file.write(salt) != size) {
        qFatal("the wallet's salt can't be written");
    }
    return QPasswordDigestor::deriveKeyPbkdf2(QCryptographicHash::Sha512, typed.toUtf8(), salt, rounds, size);
}

} // namespace

KWalletKeychain::KWalletKeychain(Way way)
    : m_way(way)
    , m_key(keyOf(password))
{
}

KWalletKeychain::~KWalletKeychain() = default;

QString KWalletKeychain::id() const
{
    return m_way == Way::OwnInterface ? u"kwallet"_s : u"kwallet-service"_s;
}

QHash<QString, QString> KWalletKeychain::environment() const
{
    if (m_way == Way::SecretService) {
        return {};
    }
    return {{u"XDG_CURRENT_DESKTOP"_s, u"KDE"_s}, {u"KDE_SESSION_VERSION"_s, u"5"_s}};
}

void KWalletKeychain::configure(bool isEnabled, const QString &defaultWallet) const
{
    QFile file(qEnvironmentVariable("XDG_CONFIG_HOME") + u"/kwalletrc"_s);
    if (!file.open(QFile::WriteOnly | QFile::Truncate)) {
        qFatal("kwalletrc can't be written");
    }
    file.write("[Wallet]\nFirst Use=false\nEnabled=" + QByteArray(isEnabled ? "true" : "false")
               + "\nDefault Wallet=" + defaultWallet.toUtf8() + '\n');
}

/// Whether the bus starts it for whoever asks for it, as it does where KDE is installed.
void KWalletKeychain::letTheBusStartIt(bool may)
{
    const QString file = qEnvironmentVariable("MOORING_TEST_SERVICES") + u"/kwallet.service"_s;
    if (may == QFile::exists(file)) {
        return;
    }
    QFile service(file);
    const QByteArray lines = "[D-BUS Service]\nName=" + busName.toUtf8() + "\nExec=/usr/bin/kwalletd5\n";
    if (may && (!service.open(QFile::WriteOnly) || service.write(lines) != lines.size())) {
        qFatal("the service file can't be written");
    }
    if (!may) {
        service.remove();
    }
    const auto bus = u"org.freedesktop.DBus"_s;
    ask(bus, u"/org/freedesktop/DBus"_s, bus, u"ReloadConfig"_s);
}

void KWalletKeychain::start()
{
    m_daemon.start(u"kwalletd5"_s, {}, {}, busName);
}

void KWalletKeychain::open()
{
    start();
    askWallet(u"pamOpen"_s, {wallet, m_key, 0});
    if (!askWallet(u"isOpen"_s, {wallet}).arguments().value(0).toBool()) {
        qFatal("the wallet can't be opened");
    }
}

void KWalletKeychain::heal()
{
    end();
    letTheBusStartIt(false);
    configure(true, wallet);
    const bool isNew = !QFile::exists(walletFolder() + u'/' + wallet + u".kwl"_s);
    open();
    if (isNew) {
        // Other programs see a wallet as their Secret Service only after the next start.
        end();
        open();
    }
    awaitOwner(secretsName, true);
}

void KWalletKeychain::end()
{
    if (m_other) {
        m_other->end();
    }
    if (m_daemon.isRunning()) {
        m_daemon.terminate();
        awaitOwner(busName, false);
        awaitOwner(secretsName, false);
    }
}

void KWalletKeychain::empty()
{
    end();
    m_other.reset();
    QFile::remove(walletFolder() + u'/' + wallet + u".kwl"_s);
}

void KWalletKeychain::kill()
{
    m_daemon.kill();
    awaitOwner(busName, false);
    awaitOwner(secretsName, false);
}

void KWalletKeychain::close()
{
    askWallet(u"close"_s, {wallet, true});
}

void KWalletKeychain::switchOff()
{
    configure(false, wallet);
    askWallet(u"reconfigure"_s);
    letTheBusStartIt(true);
}

void KWalletKeychain::loseDefault()
{
    end();
    configure(true, u"gone"_s);
    start();
    askWallet(u"pamOpen"_s, {wallet, m_key, 0});
}

void KWalletKeychain::takeOver()
{
    kill();
    if (m_way == Way::OwnInterface) {
        m_other = std::make_unique<GnomeKeychain>();
    } else {
        m_other = std::make_unique<KeePassXcKeychain>(KeePassXcKeychain::Access::IsFree);
    }
    m_other->heal();
}

void KWalletKeychain::answer(bool agrees)
{
    const QString window = Screen::windowOf(u"kwalletd5"_s);
    if (window.isEmpty()) {
        return;
    }
    if (agrees) {
        Screen::type(window, password);
    }
    Screen::press(window, agrees ? u"Return"_s : u"Escape"_s);
}

QStringList KWalletKeychain::entries() const
{
    const QDBusMessage opened = askWallet(u"open"_s, {wallet, qlonglong(0), application});
    const int handle = opened.arguments().value(0).toInt();
    QStringList keys;
    const QStringList folders =
        askWallet(u"folderList"_s, {handle, application}).arguments().value(0).toStringList();
    for (const QString &folder : folders) {
        const QDBusMessage found = askWallet(u"entryList"_s, {handle, folder, application});
        const QStringList entries = found.arguments().value(0).toStringList();
        for (const QString &entry : entries) {
            keys.append(folder == application ? entry : folder + u'/' + entry);
        }
    }
    askWallet(u"close"_s, {handle, false, application});
    return keys;
}

/// What each entry is called for people: KWallet has no labels, so a map holds them.
QStringList KWalletKeychain::names() const
{
    const QDBusMessage opened = askWallet(u"open"_s, {wallet, qlonglong(0), application});
    const int handle = opened.arguments().value(0).toInt();
    const QDBusMessage found = askWallet(u"readMap"_s, {handle, application, u"Names"_s, application});
    QMap<QString, QString> map;
    QDataStream stream(found.arguments().value(0).toByteArray());
    stream >> map;
    QStringList lines;
    for (auto name = map.cbegin(); name != map.cend(); ++name) {
        lines.append(name.key() + u" = "_s + name.value());
    }
    askWallet(u"close"_s, {handle, false, application});
    return lines;
}

QStringList KWalletKeychain::items()
{
    QStringList keys = m_way == Way::OwnInterface ? entries() : keysInSecretService();
    if (m_other) {
        end();
        m_other->heal();
        const QStringList others = m_other->items();
        heal();
        if (others.isEmpty()) {
            m_other.reset();
        }
        keys += others;
    }
    return keys;
}

QString KWalletKeychain::listing()
{
    const QString own =
        u"Folders and entries of the wallet \"kdewallet\" (as KWalletManager shows them; folder Mooring "
        "where none is named):\n"_s
        + entries().join(u'\n') + u'\n';
    const QString named = u"\nThe map Names:\n"_s + names().join(u'\n') + u'\n';
    if (m_way == Way::OwnInterface) {
        QProcess tool;
        tool.setProcessChannelMode(QProcess::MergedChannels);
        tool.start(u"kwallet-query"_s, {u"--list-entries"_s, u"--folder"_s, application, wallet});
        tool.waitForFinished();
        return own + named + u"\nkwallet-query --list-entries --folder Mooring kdewallet:\n"_s
               + QString::fromUtf8(tool.readAll());
    }
    return own + u"\nLabels in the collection \"kdewallet\":\n"_s + labelsInDefaultCollection()
           + u"\n\nsecret-tool search --all server Mooring:\n"_s + listedBySecretTool();
}

} // namespace mooring::keychains
