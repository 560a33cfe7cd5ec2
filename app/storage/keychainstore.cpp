// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychainstore.h"

#include "base/checkpoint.h"
#include "storage/keychainerrors.h"
#include "storage/keychainjobs.h"
#ifdef MOORING_SECRET_SERVICE
#include "storage/secretservice.h"
#endif

#include <QAbstractEventDispatcher>
#include <QCoreApplication>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::failed;
using base::KeychainCase;
using base::Result;
using base::Task;
using Answer = KeychainQueue::Answer;

namespace {

/// Read to have the keychain unlock itself where there is no other way; nothing is ever stored there.
constexpr auto unlockProbeKey = "app.mooring.Mooring/unlock"_L1;
constexpr auto base64url = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

/// Of the base64url text. Windows' own limit is 2560 bytes; with QtKeychain 0.15 and later 18944.
#if defined(Q_OS_WIN) && !defined(MOORING_QTKEYCHAIN_HAS_LARGE_WINDOWS_ITEMS)
constexpr qsizetype maximumTextSize = 2400;
#elif defined(Q_OS_WIN)
constexpr qsizetype maximumTextSize = 18000;
#else
constexpr qsizetype maximumTextSize = 128 * 1024;
#endif

/// What a job's failure means, given how the keychain looks right after it.
base::Error jobError(const JobResult &result, const KeychainReport &now)
{
    if (std::optional<base::Error> visible = errorOf(now)) {
        visible->detail = result.detail + " ("_L1 + visible->detail + u')';
        return *visible;
    }
    switch (result.outcome) {
    case JobOutcome::Denied:
        return keychainFailure(KeychainCase::Denied, result.detail);
    case JobOutcome::NoService:
        return keychainFailure(KeychainCase::Missing, result.detail);
    case JobOutcome::Late:
        return keychainFailure(KeychainCase::Slow, result.detail);
    case JobOutcome::Done:
    case JobOutcome::NotFound:
    case JobOutcome::Failed:
        break;
    }
    return keychainFailure(KeychainCase::Failed, result.detail);
}

Answer decoded(const QString &text)
{
    const QByteArray::FromBase64Result bytes =
        QByteArray::fromBase64Encoding(text.toLatin1(), base64url | QByteArray::AbortOnBase64DecodingErrors);
    if (!bytes) {
        return failed(keychainFailure(KeychainCase::Damaged, u"not base64url"_s));
    }
    return std::optional<QByteArray>(*bytes);
}

/// The job and the look after it; the look before it is the caller's.
Task<Answer> readUnlocked(QString key, KeychainGuard guard)
{
    JobResult result = co_await runReadJob(key);
    if (result.outcome == JobOutcome::Done) {
        co_return decoded(result.text);
    }
    KeychainReport after = co_await guard(key);
    if (result.outcome == JobOutcome::NotFound && after.state == KeychainState::Unlocked) {
        co_return Answer(std::nullopt);
    }
    co_return failed(jobError(result, after));
}

Task<Answer> readWork(QString key, KeychainGuard guard)
{
    KeychainReport before = co_await guard(key);
    const std::optional<base::Error> unusable = errorOf(before);
    if (unusable) {
        co_return failed(*unusable);
    }
    Answer answer = co_await readUnlocked(key, guard);
    co_return answer;
}

Task<Answer> writeWork(QString key, QByteArray value, KeychainGuard guard)
{
    KeychainReport before = co_await guard(key);
    const std::optional<base::Error> unusable = errorOf(before);
    if (unusable) {
        co_return failed(*unusable);
    }
    const QString text = QString::fromLatin1(value.toBase64(base64url));
    Task<JobResult> writing = runWriteJob(key, text);
    base::checkpoint("K13"); // of a new sign-in
    base::checkpoint("K18"); // of a renewed one
    JobResult result = co_await std::move(writing);
    base::checkpoint("written");
    if (result.outcome != JobOutcome::Done) {
        KeychainReport after = co_await guard(key);
        co_return failed(jobError(result, after));
    }
    Answer readBack = co_await readUnlocked(key, guard);
    const bool isCutOff = !readBack && readBack.error().keychainCase == KeychainCase::Damaged;
    if (isCutOff || (readBack && *readBack != value)) {
        co_return failed(notKeptError());
    }
    co_return readBack;
}

Task<Answer> removeWork(QString key, KeychainGuard guard)
{
    KeychainReport before = co_await guard(key);
    const std::optional<base::Error> unusable = errorOf(before);
    if (unusable) {
        co_return failed(*unusable);
    }
    JobResult result = co_await runDeleteJob(key);
    if (result.outcome != JobOutcome::Done && result.outcome != JobOutcome::NotFound) {
        KeychainReport after = co_await guard(key);
        co_return failed(jobError(result, after));
    }
    // A locked keyring says that it deleted, and deletes nothing.
    JobResult check = co_await runReadJob(key);
    if (check.outcome == JobOutcome::Done) {
        co_return failed(notRemovedError());
    }
    KeychainReport after = co_await guard(key);
    if (check.outcome != JobOutcome::NotFound || after.state != KeychainState::Unlocked) {
        co_return failed(jobError(check, after));
    }
    co_return Answer(std::nullopt);
}

Task<Answer> lookWork(KeychainGuard guard)
{
    const QString anyKey;
    KeychainReport report = co_await guard(anyKey);
    const std::optional<base::Error> unusable = errorOf(report);
    if (unusable) {
        co_return failed(*unusable);
    }
    co_return Answer(std::nullopt);
}

/// Any access makes these keychains unlock themselves.
[[maybe_unused]] Task<Answer> unlockWork(KeychainGuard guard)
{
    Answer answer = co_await readUnlocked(unlockProbeKey, guard);
    co_return answer;
}

Task<KeychainReport> note(Task<KeychainReport> look, std::shared_ptr<QString> identity)
{
    KeychainReport report = co_await std::move(look);
    if (report.state == KeychainState::Unlocked) {
        *identity = report.identity;
    }
    co_return report;
}

KeychainGuard noting(KeychainGuard guard, std::shared_ptr<QString> identity)
{
    return [guard = std::move(guard), identity = std::move(identity)](const QString &key) {
        return note(guard(key), identity);
    };
}

Result<void> withoutValue(const Answer &answer)
{
    return answer ? Result<void>() : Result<void>(failed(answer.error()));
}

} // namespace

KeychainStore::KeychainStore(const base::Deadlines &deadlines)
    : KeychainStore(deadlines, systemKeychainGuard(deadlines.keychain))
{
}

KeychainStore::KeychainStore(const base::Deadlines &deadlines, KeychainGuard guard)
    : m_deadlines(deadlines)
    , m_identity(std::make_shared<QString>())
    , m_guard(noting(std::move(guard), m_identity))
{
}

bool KeychainStore::eventLoopCanServeIt()
{
#ifdef Q_OS_LINUX
    const QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    return dispatcher
           && QLatin1StringView(dispatcher->metaObject()->className())
                  .contains("Glib"_L1, Qt::CaseInsensitive);
#else
    return true;
#endif
}

Task<Result<std::optional<QByteArray>>> KeychainStore::read(QString key, std::stop_token stop)
{
    const auto work = [key, guard = m_guard] { return readWork(key, guard); };
    return m_jobs.run(key, work, m_deadlines.keychain, std::move(stop));
}

Task<Result<void>> KeychainStore::write(QString key, QByteArray value, std::stop_token stop)
{
    if (value.size() > maximumValueSize()) {
        co_return failed(keychainFailure(KeychainCase::TooLarge, QString::number(value.size())));
    }
    const auto work = [key, value, guard = m_guard] { return writeWork(key, value, guard); };
    Task<Answer> writing = m_jobs.run(key, work, m_deadlines.keychain, stop);
    Answer answer = co_await std::move(writing);
    co_return withoutValue(answer);
}

Task<Result<void>> KeychainStore::remove(QString key, std::stop_token stop)
{
    const auto work = [key, guard = m_guard] { return removeWork(key, guard); };
    Task<Answer> removing = m_jobs.run(key, work, m_deadlines.keychain, stop);
    Answer answer = co_await std::move(removing);
    co_return withoutValue(answer);
}

Task<Result<void>> KeychainStore::checkUsable(std::stop_token stop)
{
    if (m_jobs.isStuckFor(m_deadlines.keychain)) {
        co_return failed(keychainTooSlowError());
    }
    const auto work = [guard = m_guard] { return lookWork(guard); };
    const QString noKey;
    Task<Answer> looking = m_looks.run(noKey, work, m_deadlines.keychain, stop);
    Answer answer = co_await std::move(looking);
    co_return withoutValue(answer);
}

Task<Result<void>> KeychainStore::unlock(std::stop_token stop)
{
#ifdef MOORING_SECRET_SERVICE
    if (usesSecretService()) {
        // Also when the default keyring is open: an older item may be in another one.
        Task<Result<void>> unlocking = unlockSecretService(m_deadlines.keychain, stop);
        Result<void> unlocked = co_await std::move(unlocking);
        co_return unlocked;
    }
#endif
    const auto work = [guard = m_guard] { return unlockWork(guard); };
    const QString key = unlockProbeKey;
    Task<Answer> unlocking = m_jobs.run(key, work, std::nullopt, stop);
    Answer answer = co_await std::move(unlocking);
    co_return withoutValue(answer);
}

Task<void> KeychainStore::settled(QString key)
{
    return m_jobs.settled(std::move(key));
}

Task<void> KeychainStore::drained()
{
    return m_jobs.settled({});
}

bool KeychainStore::hasRunningJobs() const
{
    return !m_jobs.isIdle();
}

qsizetype KeychainStore::maximumValueSize() const
{
    return maximumTextSize / 4 * 3;
}

QString KeychainStore::description() const
{
#if defined(Q_OS_MACOS)
    return u"macOS Keychain"_s;
#elif defined(Q_OS_WIN)
    return u"Windows Credential Manager"_s;
#else
    const QString desktop = qEnvironmentVariable("XDG_CURRENT_DESKTOP");
    if (desktop.contains("KDE"_L1)) {
        return u"KWallet"_s;
    }
    // Elsewhere another program may be the keyring, KeePassXC for instance.
    for (const QLatin1StringView name : {"GNOME"_L1, "Unity"_L1, "Cinnamon"_L1, "MATE"_L1, "XFCE"_L1}) {
        if (desktop.contains(name, Qt::CaseInsensitive)) {
            return u"GNOME Keyring"_s;
        }
    }
    return QCoreApplication::translate("mooring::storage", "the desktop's keyring");
#endif
}

} // namespace mooring::storage
