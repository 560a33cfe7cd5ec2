// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainreport.h"

#include "base/words.h"

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::Words;

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
    return Words::tr("the keychain");
}

bool isAbsent(const KeychainReport &report)
{
    return report.state == KeychainState::Missing || report.state == KeychainState::SwitchedOff;
}

QString placeOf(const KeychainReport &report)
{
    if (report.program == KeychainProgram::Unknown || report.identity.isEmpty()) {
        return report.identity;
    }
    const QString program = nameOf(report.program);
    return report.identity == program ? program : program + u'/' + report.identity;
}

bool isSamePlace(const QString &place, const KeychainReport &report)
{
    return isSamePlace(place, placeOf(report));
}

bool isSamePlace(const QString &place, const QString &now)
{
    return !place.isEmpty() && (place == now || now.endsWith(u'/' + place));
}

KeychainProgram programOf(const QString &place)
{
    const QString name = place.section(u'/', 0, 0);
    for (const KeychainProgram program :
         {KeychainProgram::GnomeKeyring, KeychainProgram::KWallet, KeychainProgram::KeePassXC,
          KeychainProgram::MacOs, KeychainProgram::Windows}) {
        if (name == nameOf(program)) {
            return program;
        }
    }
    return KeychainProgram::Unknown;
}

bool isSameProgram(const QString &place, const KeychainReport &report)
{
    if (isSamePlace(place, report)) {
        return true;
    }
    const KeychainProgram program = programOf(place);
    const bool isNamed = place.contains(u'/') || program != KeychainProgram::Unknown;
    return isNamed
               ? program == report.program
               : report.program != KeychainProgram::KWallet && report.program != KeychainProgram::KeePassXC;
}

QString placeText(const QString &place)
{
    const qsizetype slash = place.indexOf(u'/');
    if (slash < 0) {
        return place;
    }
    return u"%1 (%2)"_s.arg(place.left(slash), place.sliced(slash + 1));
}

} // namespace mooring::storage
