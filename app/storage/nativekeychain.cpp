// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/nativekeychain.h"

#include "storage/keychainerrors.h"
#include "storage/keychainjobs.h"

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::failed;
using base::KeychainCase;
using base::Result;
using base::Task;

namespace {

/// Read to have the keychain unlock itself; nothing is ever stored there.
constexpr auto unlockProbeKey = "app.mooring.Mooring/unlock"_L1;

constexpr KeychainProgram theProgram =
#ifdef Q_OS_WIN
    KeychainProgram::Windows;
#else
    KeychainProgram::MacOs;
#endif

} // namespace

Task<KeychainReport> NativeKeychain::look(QString)
{
    co_return KeychainReport{KeychainState::Unlocked, {}, {}, theProgram};
}

KeychainProgram NativeKeychain::program() const
{
    return theProgram;
}

Task<JobResult> NativeKeychain::read(QString key, std::stop_token)
{
    return runReadJob(std::move(key));
}

Task<JobResult> NativeKeychain::write(QString key, QString text, QString, std::stop_token)
{
    return runWriteJob(std::move(key), std::move(text));
}

Task<JobResult> NativeKeychain::remove(QString key, std::stop_token)
{
    return runDeleteJob(std::move(key));
}

Task<Result<void>> NativeKeychain::unlock(std::stop_token)
{
    JobResult result = co_await runReadJob(unlockProbeKey);
    if (result.outcome == JobOutcome::Denied) {
        co_return failed(keychainFailure(KeychainCase::Denied, result.detail));
    }
    co_return Result<void>();
}

Task<void> NativeKeychain::relabel(QString, QString)
{
    co_return;
}

} // namespace mooring::storage
