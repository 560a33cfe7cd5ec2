// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/systemkeychains.h"

#ifdef MOORING_SECRET_SERVICE
#include "storage/kwallet.h"
#include "storage/secretservice.h"
#else
#include "storage/nativekeychain.h"
#endif

#include <algorithm>

namespace mooring::storage {

using namespace Qt::StringLiterals;

#ifdef MOORING_SECRET_SERVICE

namespace {

/// What KDE's own programs go by: Plasma sets the first, older ones and other sessions of KDE one of the
/// rest.
bool isKde()
{
    const QStringList desktops = qEnvironmentVariable("XDG_CURRENT_DESKTOP").split(u':');
    const QByteArray session = qgetenv("DESKTOP_SESSION").toLower();
    return desktops.contains("KDE"_L1, Qt::CaseInsensitive) || !qgetenv("KDE_FULL_SESSION").isEmpty()
           || session.startsWith("kde") || session.startsWith("plasma");
}

/// QtKeychain's own variable: whoever has set it means all programs that keep secrets.
bool prefersKWallet()
{
    const QByteArray chosen = qgetenv("QTKEYCHAIN_BACKEND");
    return chosen.isEmpty() ? isKde() : chosen.startsWith("kwallet");
}

} // namespace

Keychains::Maker systemKeychains(std::chrono::milliseconds deadline)
{
    return [deadline](KeychainQuestions &questions) {
        std::vector<std::unique_ptr<Keychain>> keychains;
        keychains.push_back(std::make_unique<SecretService>(deadline, questions));
        keychains.push_back(std::make_unique<SecretService>(deadline, questions, u"org.gnome.keyring"_s));
        keychains.push_back(std::make_unique<KWallet>(6, deadline, questions));
        keychains.push_back(std::make_unique<KWallet>(5, deadline, questions));
        if (prefersKWallet()) {
            std::ranges::rotate(keychains, keychains.begin() + 2);
        }
        return keychains;
    };
}

#else

Keychains::Maker systemKeychains(std::chrono::milliseconds)
{
    return [](KeychainQuestions &) {
        std::vector<std::unique_ptr<Keychain>> keychains;
        keychains.push_back(std::make_unique<NativeKeychain>());
        return keychains;
    };
}

#endif

} // namespace mooring::storage
