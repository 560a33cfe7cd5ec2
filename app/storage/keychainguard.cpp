// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainguard.h"

#include "storage/keychainerrors.h"

#ifdef MOORING_SECRET_SERVICE
#include "storage/secretservice.h"
#endif

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::KeychainCase;
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

std::optional<base::Error> errorOf(const KeychainReport &report)
{
    switch (report.state) {
    case KeychainState::Unlocked:
    case KeychainState::Asks:
        return std::nullopt;
    case KeychainState::Locked:
        return keychainFailure(KeychainCase::Locked, report.detail);
    case KeychainState::Missing:
    case KeychainState::SwitchedOff:
        return keychainFailure(KeychainCase::Missing, report.detail);
    case KeychainState::NoDefaultCollection:
        return noKeyringYetError();
    case KeychainState::Slow:
        return keychainFailure(KeychainCase::Slow, report.detail);
    case KeychainState::Failed:
        break;
    }
    return keychainFailure(KeychainCase::Failed, report.detail);
}

} // namespace mooring::storage
