// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/recordsfile.h"

#include "base/logging.h"
#include "base/words.h"
#include "connections/records/recordsdocument.h"
#include "oauth/clientmetadata.h"
#include "storage/atomicfile.h"
#include "storage/filelock.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <future>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using base::Words;

namespace {

constexpr qint64 maximumSize = 64 * 1024 * 1024;

/// Nobody could read it again.
base::Error tooLargeError(const QString &path, qsizetype size)
{
    return makeError(
        base::ErrorKind::Storage,
        Words::tr("The list of connections would become larger than Mooring can read, so this change was "
                  "not saved. %1 is as it was; remove what you don't need.")
            .arg(QDir::toNativeSeparators(path)),
        QString::number(size));
}

QString filePath(const storage::Profile &profile)
{
    return profile.folder() + u"/connections.json"_s;
}

} // namespace

class RecordsFile::Ahead final {
public:
    explicit Ahead(const QString &path)
        : m_found(std::async(std::launch::async, [path] { return look(path); }))
    {
    }

    /// The records, if the file is still the one that was read.
    std::optional<Records> take(const Stamp &now)
    {
        Found found = m_found.get();
        return found.stamp == now ? std::move(found.records) : std::nullopt;
    }

private:
    struct Found {
        Stamp stamp;
        std::optional<Records> records;
    };

    static Found look(const QString &path)
    {
        Found found;
        found.stamp = stampOf(path);
        if (const Result<QByteArray> bytes = storage::readFile(path, maximumSize)) {
            if (Result<Records> records = recordsFrom(*bytes)) {
                found.records = std::move(*records);
            }
        }
        return found;
    }

    std::future<Found> m_found;
};

std::shared_ptr<RecordsFile::Ahead> RecordsFile::readAhead(const storage::Profile &profile)
{
    return std::make_shared<Ahead>(filePath(profile));
}

RecordsFile::RecordsFile(storage::Profile profile, base::Deadlines deadlines)
    : m_profile(std::move(profile))
    , m_deadlines(deadlines)
{
}

Result<Records> RecordsFile::load()
{
    Result<Records> records = read();
    if (records) {
        tell(*records);
    }
    return records;
}

void RecordsFile::tell(const Records &records)
{
    m_registrations = records.registrations;
    m_clientMetadataUrl = records.clientMetadataUrl;
    if (records.hasUnusable() && !std::exchange(m_hasWarned, true)) {
        qCWarning(base::lcConnections)
            << "connections.json has entries that can't be used; they are kept,"
            << records.unusableConnections.size() << "connections," << records.unusableRegistrations.size()
            << "registrations and" << records.unusableRevocations.size() << "revocations";
    }
    if (m_observer) {
        m_observer(records);
    }
}

Result<Records> RecordsFile::read()
{
    m_seen = stamp();
    if (const std::shared_ptr<Ahead> ahead = std::exchange(m_ahead, nullptr)) {
        if (std::optional<Records> records = ahead->take(m_seen)) {
            return std::move(*records);
        }
    }
    const QString path = filePath(m_profile);
    Result<QByteArray> bytes = storage::readFile(path, maximumSize);
    if (!bytes) {
        if (bytes.error().kind == base::ErrorKind::NotFound) {
            return Records();
        }
        return base::failed(bytes.error());
    }
    Result<Records> records = recordsFrom(*bytes);
    if (records || records.error().kind == base::ErrorKind::Storage) {
        return records;
    }
    const Result<QString> copy = storage::setAside(path);
    if (!copy) {
        return base::failed(copy.error());
    }
    m_seen = stamp();
    return base::failed(makeError(
        base::ErrorKind::Storage,
        Words::tr("The list of connections was damaged and could not be read. It was kept as %1; the "
                  "sign-ins are still in the keychain.")
            .arg(QDir::toNativeSeparators(*copy)),
        records.error().detail));
}

Task<Result<Records>> RecordsFile::update(RecordsChange change, std::stop_token stop)
{
    const QString lockPath = m_profile.locksFolder() + u"/connections.json.lock"_s;
    Result<storage::FileLock> lock = co_await storage::FileLock::acquire(lockPath, m_deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<Records> records = read();
    if (!records) {
        co_return base::failed(records.error());
    }
    change(*records);
    const QByteArray document = toDocument(*records);
    if (document.size() > maximumSize) {
        co_return base::failed(tooLargeError(filePath(m_profile), document.size()));
    }
    storage::removeLeftovers(filePath(m_profile));
    const Result<void> written = storage::writeFileAtomically(filePath(m_profile), document);
    if (!written) {
        co_return base::failed(written.error());
    }
    m_seen = stamp();
    tell(*records);
    co_return records;
}

QString RecordsFile::clientMetadataUrl() const
{
    return m_clientMetadataUrl ? *m_clientMetadataUrl : oauth::builtInClientMetadataUrl();
}

bool RecordsFile::hasChanged() const
{
    return stamp() != m_seen;
}

RecordsFile::Stamp RecordsFile::stamp() const
{
    return stampOf(filePath(m_profile));
}

RecordsFile::Stamp RecordsFile::stampOf(const QString &path)
{
#ifdef Q_OS_UNIX
    struct stat info = {};
    if (::stat(QFile::encodeName(path).constData(), &info) != 0) {
        return {};
    }
#ifdef Q_OS_DARWIN
    const timespec modified = info.st_mtimespec;
#else
    const timespec modified = info.st_mtim;
#endif
    return {static_cast<qint64>(info.st_ino), static_cast<qint64>(info.st_size),
            static_cast<qint64>(modified.tv_sec) * 1'000'000'000 + modified.tv_nsec};
#else
    const QFileInfo info(path);
    return info.exists() ? Stamp{0, info.size(), info.lastModified().toMSecsSinceEpoch()} : Stamp();
#endif
}

QString RecordsFile::activityLogPath(const QString &connectionId) const
{
    return m_profile.stateFolder() + u'/' + connectionId + u".json"_s;
}

QString RecordsFile::connectionLockPath(const QString &connectionId) const
{
    return m_profile.locksFolder() + u'/' + connectionId + u".lock"_s;
}

QString RecordsFile::revocationsLockPath() const
{
    return m_profile.locksFolder() + u"/revocations.lock"_s;
}

QString RecordsFile::registrationLockPath(const QString &issuer) const
{
    const QByteArray name =
        QCryptographicHash::hash(issuer.toUtf8(), QCryptographicHash::Sha256).toHex().first(32);
    return m_profile.locksFolder() + u"/issuer-"_s + QString::fromLatin1(name) + u".lock"_s;
}

} // namespace mooring::connections
