// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/profile.h"

#include "base/words.h"
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

#ifdef Q_OS_UNIX
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

constexpr auto applicationId = "app.mooring.Mooring"_L1;
constexpr auto onlyOwner = QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner;
constexpr auto anybodyElse = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther
                             | QFile::WriteOther | QFile::ExeOther;
/// sun_path has 104 bytes on macOS, 108 on Linux.
constexpr qsizetype maximumSocketPath = 100;

QString dataFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
}

base::Error folderError(const QString &sentence, const QString &path, const QString &detail = {})
{
    return makeError(ErrorKind::Storage, sentence.arg(QDir::toNativeSeparators(path)), detail);
}

bool belongsToUs([[maybe_unused]] const QFileInfo &info)
{
#ifdef Q_OS_UNIX
    return info.ownerId() == ::geteuid();
#else
    return true;
#endif
}

Result<void> checkFolder(const QString &path)
{
    const QFileInfo info(path);
    if (info.isSymLink()) {
        return failed(
            folderError(Words::tr("%1 is a link to another place. Mooring keeps its data only in a real "
                                  "folder; remove the link and start again."),
                        path));
    }
    if (!info.isDir()) {
        return failed(
            folderError(Words::tr("%1 is in the way of the folder that Mooring needs. Move it away and "
                                  "start again."),
                        path));
    }
    if (!belongsToUs(info)) {
        return failed(folderError(
            Words::tr("The folder %1 belongs to another user, so Mooring doesn't use it."), path));
    }
    return {};
}

Result<void> makeFolder(const QString &path)
{
    const QFileInfo info(path);
    if (!info.exists() && !info.isSymLink()) {
        // Another process may make it at the same moment; what counts is what is there afterwards.
        QDir().mkdir(path, onlyOwner);
        if (!QFileInfo::exists(path)) {
            return failed(
                folderError(Words::tr("The folder %1 can't be made. Check the permissions and the room on "
                                      "the disk."),
                            path));
        }
    }
    if (Result<void> usable = checkFolder(path); !usable) {
        return usable;
    }
    if (!QFileInfo(path).isWritable()) {
        return failed(folderError(Words::tr("Mooring may not write to its folder %1. Make it "
                                            "writable and start again."),
                                  path));
    }
    if ((QFileInfo(path).permissions() & anybodyElse) && !QFile::setPermissions(path, onlyOwner)) {
        return failed(folderError(Words::tr("The folder %1 can't be closed to other users."), path));
    }
    return {};
}

} // namespace

Profile::Profile()
    : m_name(u"default"_s)
{
}

Profile::Profile(const QString &name)
    : m_name(name)
{
}

Result<Profile> Profile::fromName(const QString &name)
{
    static const QRegularExpression allowed(u"\\A[a-z0-9-]{1,32}\\z"_s);
    if (!allowed.match(name).hasMatch()) {
        return failed(
            makeError(ErrorKind::InvalidInput, Words::tr("A profile's name has 1 to 32 characters: small "
                                                         "letters from a to z, digits and hyphens.")));
    }
    return Profile(name);
}

QString Profile::folder() const
{
    const QString root = dataFolder() + "/mooring"_L1;
    return *this == Profile() ? root : root + "/profiles/"_L1 + m_name;
}

QString Profile::locksFolder() const
{
    return folder() + "/locks"_L1;
}

QString Profile::stateFolder() const
{
    return folder() + "/state"_L1;
}

QString Profile::keychainPrefix() const
{
    return applicationId + u'/' + m_name + u'/';
}

QString Profile::socketName() const
{
    // The folder tells users and profiles apart; a hash keeps the name short.
    const QByteArray hash = QCryptographicHash::hash(folder().toUtf8(), QCryptographicHash::Sha256);
    const QString name = "mooring-"_L1 + QString::fromLatin1(hash.toHex().left(16));
#ifdef Q_OS_LINUX
    // Nobody else can take a name in there, as they could in the common temporary folder.
    if (qEnvironmentVariableIsSet("XDG_RUNTIME_DIR")) {
        const QString path = QStandardPaths::writableLocation(QStandardPaths::RuntimeLocation) + u'/' + name;
        if (QFile::encodeName(path).size() <= maximumSocketPath) {
            return path;
        }
    }
#endif
    return name;
}

QStringList Profile::ownFolders() const
{
    QStringList folders{dataFolder() + "/mooring"_L1};
    if (*this != Profile()) {
        folders << dataFolder() + "/mooring/profiles"_L1 << folder();
    }
    return folders;
}

Result<void> Profile::checkReadable() const
{
    for (const QString &path : ownFolders()) {
        const QFileInfo info(path);
        if (!info.exists() && !info.isSymLink()) {
            break;
        }
        if (Result<void> usable = checkFolder(path); !usable) {
            return usable;
        }
        if (!info.isReadable() || !info.isExecutable()) {
            return failed(folderError(Words::tr("Mooring may not read its folder %1. Check "
                                                "its permissions."),
                                      path));
        }
    }
    return {};
}

Result<void> Profile::prepare() const
{
    if (!QDir().mkpath(dataFolder())) {
        return failed(
            folderError(Words::tr("The folder %1 can't be made. Check the permissions and the room on the "
                                  "disk."),
                        dataFolder()));
    }
    const QStringList folders = ownFolders() + QStringList{locksFolder(), stateFolder()};
    for (const QString &path : folders) {
        if (Result<void> made = makeFolder(path); !made) {
            return made;
        }
    }
    return {};
}

} // namespace mooring::storage
