// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/atomicfile.h"

#include "base/checkpoint.h"
#include "base/logging.h"
#include "base/words.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>

#include <cerrno>

#ifdef Q_OS_UNIX
#include <fcntl.h>
#include <unistd.h>
#endif

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::failed;
using base::makeError;
using base::Result;
using base::Words;

namespace {

constexpr int maximumNamesToTry = 1000;

base::Error fileError(const QString &sentence, const QString &path, const QString &detail = {})
{
    return makeError(ErrorKind::Storage, sentence.arg(QDir::toNativeSeparators(path)), detail);
}

/// Why a write failed, from what the system said last.
base::Error writeError(const QString &path, const QFileDevice &file, int systemError)
{
    const bool noRoom = systemError == ENOSPC || systemError == EFBIG
#ifdef EDQUOT
                        || systemError == EDQUOT
#endif
                        || file.error() == QFileDevice::ResourceError;
    if (noRoom) {
        return fileError(Words::tr("There is no room left on the disk to save %1. What was saved "
                                   "before is untouched; free some room and try again."),
                         path, file.errorString());
    }
    const bool refused = systemError == EACCES || systemError == EPERM || systemError == EROFS
                         || file.error() == QFileDevice::PermissionsError;
    if (refused) {
        return fileError(Words::tr("Mooring may not write %1. Check the permissions of its folder."), path,
                         file.errorString());
    }
    return fileError(Words::tr("%1 can't be saved. What was saved before is untouched."), path,
                     file.errorString());
}

/// A rename is safe from a power cut only when the folder has been written too.
Result<void> syncFolderOf([[maybe_unused]] const QString &path)
{
#ifdef Q_OS_UNIX
    const QByteArray folder = QFile::encodeName(QFileInfo(path).absolutePath());
    const int descriptor = ::open(folder.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    base::checkpoint("K07");
    const bool synced = descriptor >= 0 && ::fsync(descriptor) == 0;
    const int systemError = errno;
    if (descriptor >= 0) {
        ::close(descriptor);
    }
    // Some file systems can't sync a folder; there is nothing better to be had on them.
    if (!synced && systemError != EINVAL && systemError != ENOTSUP) {
        return failed(fileError(Words::tr("%1 was saved, but the disk did not confirm it."), path,
                                qt_error_string(systemError)));
    }
#endif
    return {};
}

} // namespace

Result<QByteArray> readFile(const QString &path, qint64 maximumSize)
{
    const QFileInfo info(path);
    if (!info.exists()) {
        return failed(makeError(ErrorKind::NotFound,
                                Words::tr("There is no file %1.").arg(QDir::toNativeSeparators(path))));
    }
    // Opening a pipe would wait for somebody to write to it.
    if (!info.isFile()) {
        return failed(fileError(Words::tr("%1 is not an ordinary file."), path));
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return failed(fileError(Words::tr("Mooring may not read %1. Check the file's permissions."), path,
                                file.errorString()));
    }
    QByteArray bytes = file.read(maximumSize + 1);
    if (file.error() != QFileDevice::NoError) {
        return failed(fileError(Words::tr("%1 can't be read."), path, file.errorString()));
    }
    if (bytes.size() > maximumSize) {
        return failed(fileError(Words::tr("%1 is far larger than anything Mooring writes."), path));
    }
    return bytes;
}

Result<void> writeFileAtomically(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    errno = 0;
    // QSaveFile gives the new file the rights of the old one or the usual ones: too many, either way.
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)) {
        const int systemError = errno;
        return failed(writeError(path, file, systemError));
    }
    base::checkpoint("K25");
    errno = 0;
    if (file.write(bytes) != bytes.size() || !file.flush()) {
        const int systemError = errno;
        file.cancelWriting();
        return failed(writeError(path, file, systemError));
    }
    base::checkpoint("K05");
    errno = 0;
    if (!file.commit()) { // syncs the content before it renames
        const int systemError = errno;
        return failed(writeError(path, file, systemError));
    }
    base::checkpoint("K06");
    return syncFolderOf(path);
}

void removeLeftovers(const QString &path)
{
    const QFileInfo file(path);
    // QSaveFile puts six letters behind the name.
    static const QRegularExpression letters(u"^\\.[A-Za-z]{6}$"_s);
    const QStringList names = file.dir().entryList({file.fileName() + ".*"_L1}, QDir::Files | QDir::Hidden);
    for (const QString &name : names) {
        if (letters.match(name.sliced(file.fileName().size())).hasMatch()) {
            QFile::remove(file.dir().filePath(name));
        }
    }
}

Result<QString> setAside(const QString &path)
{
    const QString time = QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd'T'HHmmss'Z'"_s);
    const QString wanted = path + ".damaged-"_L1 + time;
    QString detail;
    for (int attempt = 1; attempt <= maximumNamesToTry; ++attempt) {
        const QString target = attempt == 1 ? wanted : wanted + u'-' + QString::number(attempt);
        QFile file(path);
        if (file.rename(target)) { // refuses to replace another file
            qCInfo(base::lcStorage) << "set aside as" << target;
            if (Result<void> synced = syncFolderOf(target); !synced) {
                return failed(synced.error());
            }
            return target;
        }
        detail = file.errorString();
        if (!QFileInfo::exists(target)) {
            break;
        }
    }
    return failed(fileError(Words::tr("%1 is damaged and can't be put aside. Move it to another "
                                      "place by hand."),
                            path, detail));
}

} // namespace mooring::storage
