// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainguard.h"

#ifdef MOORING_SECRET_SERVICE
#include "storage/secretservice.h"
#endif

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::Task;

namespace {

Task<KeychainReport> assumeUnlocked(QString identity)
{
    co_return KeychainReport{KeychainState::Unlocked, {}, identity};
}

} // namespace

KeychainGuard systemKeychainGuard([[maybe_unused]] std::chrono::milliseconds deadline)
{
#ifdef MOORING_SECRET_SERVICE
    if (usesSecretService()) {
        return [deadline](const QString &key) { return secretServiceState(key, deadline); };
    }
    const QString identity = u"KWallet"_s;
#else
    const QString identity;
#endif
    return [identity](const QString &) { return assumeUnlocked(identity); };
}

} // namespace mooring::storage
