// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainerrors.h"

#include <QCoreApplication>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::KeychainCase;

namespace {

QString lockedSentence()
{
#if defined(Q_OS_MACOS)
    return QCoreApplication::translate(
        "mooring::storage",
        "Your keychain is locked. Unlock it (the Keychain Access app can do that), then try again.");
#elif defined(Q_OS_WIN)
    return QCoreApplication::translate(
        "mooring::storage",
        "Windows keeps its credentials locked right now. Sign in to Windows again, then try again.");
#else
    return QCoreApplication::translate("mooring::storage",
                                       "Your keyring is locked. Unlock it with its password (usually the one "
                                       "you sign in to this computer with), "
                                       "then try again.");
#endif
}

QString deniedSentence()
{
#if defined(Q_OS_MACOS)
    return QCoreApplication::translate("mooring::storage",
                                       "The keychain refused access. Try again and choose Allow when macOS "
                                       "asks whether Mooring may use it.");
#elif defined(Q_OS_WIN)
    return QCoreApplication::translate("mooring::storage",
                                       "Windows Credential Manager refused access. A rule of this computer "
                                       "may forbid stored credentials; ask "
                                       "whoever looks after it.");
#else
    return QCoreApplication::translate(
        "mooring::storage",
        "The keyring refused access. Try again, and allow Mooring to use it when you are asked.");
#endif
}

QString missingSentence()
{
#if defined(Q_OS_MACOS) || defined(Q_OS_WIN)
    return QCoreApplication::translate(
        "mooring::storage",
        "The system's store for passwords can't be reached from here, so nothing can be kept safely.");
#else
    return QCoreApplication::translate("mooring::storage",
                                       "There is no keyring in this session, so nothing can be kept safely. "
                                       "Install GNOME Keyring or KWallet, sign "
                                       "in to the desktop again and try again.");
#endif
}

} // namespace

QString keychainSentence(KeychainCase keychainCase)
{
    switch (keychainCase) {
    case KeychainCase::Locked:
        return lockedSentence();
    case KeychainCase::Denied:
        return deniedSentence();
    case KeychainCase::Missing:
        return missingSentence();
    case KeychainCase::TooLarge:
        return QCoreApplication::translate(
            "mooring::storage", "What the service sent is too large for the keychain, so it was not kept.");
    case KeychainCase::Damaged:
        return QCoreApplication::translate(
            "mooring::storage", "What is kept in the keychain for this connection is damaged. Disconnect, "
                                "then authorize again.");
    case KeychainCase::Slow:
        return QCoreApplication::translate(
            "mooring::storage", "The keychain hasn't answered in time. Look for a window that asks for its "
                                "password, then try again.");
    case KeychainCase::None:
    case KeychainCase::Failed:
        break;
    }
    return QCoreApplication::translate(
        "mooring::storage", "The keychain didn't do what it was asked for. Try again; signing out of this "
                            "computer and in again often helps.");
}

base::Error keychainFailure(KeychainCase keychainCase, const QString &detail)
{
    return base::keychainError(keychainCase, keychainSentence(keychainCase), detail);
}

base::Error noKeyringYetError()
{
    return base::keychainError(
        KeychainCase::Missing,
        QCoreApplication::translate(
            "mooring::storage",
            "There is no default keyring yet. Unlock the keyring to make one (you will choose "
            "its password), or make one in the Passwords and Keys app."),
        u"no default collection"_s);
}

base::Error keychainTooSlowError()
{
    return keychainFailure(KeychainCase::Slow, u"deadline passed"_s);
}

base::Error notKeptError()
{
    return base::keychainError(
        KeychainCase::Failed,
        QCoreApplication::translate(
            "mooring::storage", "The keychain didn't keep what was written to it. Try again in a moment."),
        u"read back something else"_s);
}

base::Error notRemovedError()
{
    return base::keychainError(
        KeychainCase::Failed,
        QCoreApplication::translate(
            "mooring::storage",
            "The keychain didn't remove what it was told to remove. Try again in a moment."),
        u"still there after removal"_s);
}

} // namespace mooring::storage
