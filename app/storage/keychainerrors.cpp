// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainerrors.h"

#include "base/words.h"

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::KeychainCase;
using base::Words;

namespace {

QString lockedSentence(KeychainProgram program)
{
    switch (program) {
    case KeychainProgram::KeePassXC:
        return Words::tr("Your database is locked in KeePassXC, or isn't open to other "
                         "apps. Unlock it there, then try again. "
                         "If it is unlocked: allow other apps in its database settings, "
                         "under Secret Service Integration.");
    case KeychainProgram::KWallet:
        return Words::tr("KWallet is closed. Open it with its password, then try again.");
    case KeychainProgram::GnomeKeyring:
        return Words::tr("GNOME Keyring is locked. Unlock it with its password (usually the one you "
                         "sign in to this computer with), then try again.");
    case KeychainProgram::MacOs:
    case KeychainProgram::Windows:
    case KeychainProgram::Unknown:
        break;
    }
#if defined(Q_OS_MACOS)
    return Words::tr(
        "Your keychain is locked. Unlock it (the Keychain Access app can do that), then try again.");
#elif defined(Q_OS_WIN)
    return Words::tr(
        "Windows keeps its credentials locked right now. Sign in to Windows again, then try again.");
#else
    return Words::tr("Your keyring is locked. Unlock it with its password (usually the one "
                     "you sign in to this computer with), "
                     "then try again.");
#endif
}

QString deniedSentence(KeychainProgram program)
{
    switch (program) {
    case KeychainProgram::KeePassXC:
        return Words::tr(
            "KeePassXC didn't let Mooring use its entry. Try again and allow it in KeePassXC's window; if "
            "none opens, restart Mooring first. To stop it from asking, turn off \"Confirm when passwords "
            "are retrieved by clients\" in its settings.");
    case KeychainProgram::KWallet:
        return Words::tr("KWallet stayed closed. Try again, and enter its password when it asks for it.");
    case KeychainProgram::GnomeKeyring:
        return Words::tr(
            "GNOME Keyring refused access. Try again, and allow Mooring to use it when you are asked.");
    case KeychainProgram::MacOs:
    case KeychainProgram::Windows:
    case KeychainProgram::Unknown:
        break;
    }
#if defined(Q_OS_MACOS)
    return Words::tr("The keychain refused access. Try again and choose Allow when macOS "
                     "asks whether Mooring may use it.");
#elif defined(Q_OS_WIN)
    return Words::tr("Windows Credential Manager refused access. A rule of this computer "
                     "may forbid stored credentials; ask "
                     "whoever looks after it.");
#else
    return Words::tr(
        "The keyring refused access. Try again, and allow Mooring to use it when you are asked.");
#endif
}

QString missingSentence(KeychainProgram program)
{
    switch (program) {
    case KeychainProgram::KeePassXC:
        return Words::tr("KeePassXC isn't running. Start it, unlock your database, then try again.");
    case KeychainProgram::KWallet:
        return Words::tr("KWallet isn't running. Sign in to the desktop again, then try again.");
    case KeychainProgram::GnomeKeyring:
        return Words::tr("GNOME Keyring isn't running. Sign in to the desktop again, then try again.");
    case KeychainProgram::MacOs:
    case KeychainProgram::Windows:
    case KeychainProgram::Unknown:
        break;
    }
#if defined(Q_OS_MACOS) || defined(Q_OS_WIN)
    return Words::tr(
        "The system's store for passwords can't be reached from here, so nothing can be kept safely.");
#else
    return Words::tr(
        "There is no keyring in this session, so nothing can be kept safely. If you use KeePassXC, start it. "
        "Otherwise install GNOME Keyring or KWallet, sign in to the desktop again and try again.");
#endif
}

QString slowSentence(KeychainProgram program)
{
    if (program == KeychainProgram::Unknown) {
        return Words::tr("The keychain hasn't answered in time. Look for a window that asks for its "
                         "password, then try again.");
    }
    return Words::tr(
               "%1 hasn't answered in time. Look for a window of it that asks you something, then try again.")
        .arg(nameOf(program));
}

QString failedSentence(KeychainProgram program)
{
    if (program == KeychainProgram::Unknown) {
        return Words::tr("The keychain didn't do what it was asked for. Try again; signing out of this "
                         "computer and in again often helps.");
    }
    return Words::tr("%1 didn't do what it was asked for. Try again; restarting it often helps.")
        .arg(nameOf(program));
}

} // namespace

QString keychainSentence(KeychainCase keychainCase, KeychainProgram program)
{
    switch (keychainCase) {
    case KeychainCase::Locked:
        return lockedSentence(program);
    case KeychainCase::Denied:
        return deniedSentence(program);
    case KeychainCase::Missing:
        return missingSentence(program);
    case KeychainCase::TooLarge:
        return Words::tr("What the service sent is too large for the keychain, so it was not kept.");
    case KeychainCase::Damaged:
        return Words::tr("What is kept in the keychain for this connection is damaged. Disconnect, "
                         "then authorize again.");
    case KeychainCase::Slow:
        return slowSentence(program);
    case KeychainCase::None:
    case KeychainCase::Failed:
        break;
    }
    return failedSentence(program);
}

base::Error keychainFailure(KeychainCase keychainCase, const QString &detail, KeychainProgram program)
{
    return base::keychainError(keychainCase, keychainSentence(keychainCase, program), detail);
}

std::optional<base::Error> errorOf(const KeychainReport &report)
{
    if (report.state == KeychainState::Unlocked || report.state == KeychainState::Asks) {
        return std::nullopt;
    }
    return failureOf(report);
}

base::Error failureOf(const KeychainReport &report)
{
    switch (report.state) {
    case KeychainState::Locked:
        return keychainFailure(KeychainCase::Locked, report.detail, report.program);
    case KeychainState::Missing:
        return keychainFailure(KeychainCase::Missing, report.detail, report.program);
    case KeychainState::SwitchedOff:
        return switchedOffError(report.program, report.detail);
    case KeychainState::NoDefaultCollection:
        return noKeyringYetError(report.program);
    case KeychainState::Slow:
        return keychainFailure(KeychainCase::Slow, report.detail, report.program);
    case KeychainState::Asks:
        return keychainFailure(KeychainCase::Denied, report.detail, report.program);
    case KeychainState::Unlocked:
    case KeychainState::Failed:
        break;
    }
    return keychainFailure(KeychainCase::Failed, report.detail, report.program);
}

base::Error noKeyringYetError(KeychainProgram program)
{
    QString sentence;
    if (program == KeychainProgram::KeePassXC) {
        sentence = Words::tr(
            "No database that other apps may use is open in KeePassXC. Open yours, then try again. If it is "
            "open: allow it in its database settings, under Secret Service Integration.");
    } else if (program == KeychainProgram::KWallet) {
        sentence = Words::tr(
            "KWallet has no wallet yet. Make one in System Settings, under KDE Wallet, then try again.");
    } else if (program == KeychainProgram::GnomeKeyring) {
        sentence = Words::tr(
            "GNOME Keyring has no default keyring yet. Unlock it to make one (you will choose its password), "
            "or make one in the Passwords and Keys app.");
    } else {
        sentence =
            Words::tr("There is no default keyring yet. Unlock the keyring to make one (you will choose "
                      "its password), or make one in the Passwords and Keys app.");
    }
    return base::keychainError(KeychainCase::Missing, sentence, u"no default collection"_s);
}

base::Error switchedOffError(KeychainProgram program, const QString &detail)
{
    QString sentence;
    if (program == KeychainProgram::KWallet) {
        sentence = Words::tr(
            "KWallet is switched off. Turn it on in System Settings, under KDE Wallet, then try again.");
    } else if (program == KeychainProgram::KeePassXC) {
        sentence = Words::tr("KeePassXC keeps nothing for other apps right now. Turn on Secret Service "
                             "Integration in its settings, then try again.");
    } else {
        sentence = keychainSentence(KeychainCase::Missing, program);
    }
    return base::keychainError(KeychainCase::Missing, sentence, detail);
}

base::Error keychainTooSlowError(KeychainProgram program)
{
    return keychainFailure(KeychainCase::Slow, u"deadline passed"_s, program);
}

base::Error notKeptError()
{
    return base::keychainError(
        KeychainCase::Failed,
        Words::tr("The keychain didn't keep what was written to it. Try again in a moment."),
        u"read back something else"_s);
}

base::Error notRemovedError()
{
    return base::keychainError(
        KeychainCase::Failed,
        Words::tr("The keychain didn't remove what it was told to remove. Try again in a moment."),
        u"still there after removal"_s);
}

} // namespace mooring::storage
