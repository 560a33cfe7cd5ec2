// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychains/gnomekeychain.h"

#include "keychains/keepassxckeychain.h"
#include "keychains/screen.h"
#include "keychains/secretlisting.h"

#include <QDBusObjectPath>
#include <QDir>
#include <QFile>

namespace mooring::keychains {

using namespace Qt::StringLiterals;

namespace {

const auto loginKeyring = u"/org/freedesktop/secrets/collection/login"_s;

QString keyringFile(const QString &name)
{
    return qEnvironmentVariable("XDG_DATA_HOME") + u"/keyrings/"_s + name;
}

} // namespace

GnomeKeychain::GnomeKeychain() = default;

GnomeKeychain::~GnomeKeychain() = default;

void GnomeKeychain::start(bool isUnlocked)
{
    QStringList arguments{u"--foreground"_s, u"--components=secrets"_s};
    if (isUnlocked) {
        arguments.append(u"--unlock"_s);
    }
    const QByteArray password = isUnlocked ? qgetenv("MOORING_TEST_KEYRING_PASSWORD") : QByteArray();
    m_daemon.start(u"gnome-keyring-daemon"_s, arguments, password, secretsName);
}

void GnomeKeychain::heal()
{
    end();
    const QString aside = keyringFile(u"login.keyring.aside"_s);
    if (QFile::exists(aside)) {
        QFile::remove(keyringFile(u"login.keyring"_s));
        QFile::rename(aside, keyringFile(u"login.keyring"_s));
    }
    start(true);
}

void GnomeKeychain::end()
{
    m_prompter.kill();
    if (m_other) {
        m_other->end();
    }
    if (m_daemon.isRunning()) {
        m_daemon.terminate();
        awaitOwner(secretsName, false);
    }
}

void GnomeKeychain::empty()
{
    end();
    m_other.reset();
    QFile::remove(keyringFile(u"login.keyring.aside"_s));
    QFile::remove(keyringFile(u"login.keyring"_s));
}

void GnomeKeychain::kill()
{
    m_daemon.kill();
    awaitOwner(secretsName, false);
}

void GnomeKeychain::lock()
{
    // The program that asks for passwords: without it, whoever has the keyring unlocked is refused.
    m_prompter.start(u"/usr/libexec/gcr-prompter"_s, {}, {}, u"org.gnome.keyring.SystemPrompter"_s);
    const QList<QDBusObjectPath> keyrings{QDBusObjectPath(loginKeyring)};
    ask(secretsName, u"/org/freedesktop/secrets"_s, u"org.freedesktop.Secret.Service"_s, u"Lock"_s,
        {QVariant::fromValue(keyrings)});
}

void GnomeKeychain::loseDefault()
{
    end();
    QFile::rename(keyringFile(u"login.keyring"_s), keyringFile(u"login.keyring.aside"_s));
    start(false);
}

void GnomeKeychain::takeOver()
{
    kill();
    m_other = std::make_unique<KeePassXcKeychain>(KeePassXcKeychain::Access::IsFree);
    m_other->heal();
}

void GnomeKeychain::answer(bool agrees)
{
    const QString window = Screen::windowNamed(u"."_s);
    if (window.isEmpty()) {
        return;
    }
    if (agrees) {
        Screen::type(window, qEnvironmentVariable("MOORING_TEST_KEYRING_PASSWORD"));
    }
    Screen::press(window, agrees ? u"Return"_s : u"Escape"_s);
}

QStringList GnomeKeychain::items()
{
    QStringList keys = keysInSecretService();
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

QString GnomeKeychain::listing()
{
    return u"Labels in the keyring \"login\" (as Passwords and Keys shows them):\n"_s
           + labelsInDefaultCollection() + u"\n\nsecret-tool search --all server Mooring:\n"_s
           + listedBySecretTool();
}

} // namespace mooring::keychains
