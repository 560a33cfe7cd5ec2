// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainreport.h"

#include <QCoreApplication>

namespace mooring::storage {

using namespace Qt::StringLiterals;

QString nameOf(KeychainProgram program)
{
    switch (program) {
    case KeychainProgram::GnomeKeyring:
        return u"GNOME Keyring"_s;
    case KeychainProgram::KWallet:
        return u"KWallet"_s;
    case KeychainProgram::KeePassXC:
        return u"KeePassXC"_s;
    case KeychainProgram::MacOs:
        return u"macOS Keychain"_s;
    case KeychainProgram::Windows:
        return u"Windows Credential Manager"_s;
    case KeychainProgram::Unknown:
        break;
    }
    return QCoreApplication::translate("mooring::storage", "the keychain");
}

} // namespace mooring::storage
