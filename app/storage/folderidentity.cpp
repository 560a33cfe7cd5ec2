// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/folderidentity.h"

#include "base/logging.h"
#include "base/strictjson.h"
#include "storage/atomicfile.h"

#include <QFile>
#include <QJsonDocument>
#include <QSaveFile>
#include <QUuid>

#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

namespace mooring::storage {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 maximumSize = 16 * 1024;

QString newId()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

/// A number that JSON can't hold exactly.
QString numberText(qint64 number)
{
    return QString::number(number);
}

} // namespace

FolderIdentity::Stamp FolderIdentity::Stamp::fromJson(const QJsonObject &json)
{
    return {json["id"_L1].toString(), json["path"_L1].toString()};
}

QJsonObject FolderIdentity::Stamp::toJson() const
{
    return {{u"id"_s, id}, {u"path"_s, path}};
}

FolderIdentity::Place FolderIdentity::placeOf([[maybe_unused]] const QString &folder)
{
#ifdef Q_OS_UNIX
    struct stat info = {};
    if (::stat(QFile::encodeName(folder).constData(), &info) == 0) {
        return {static_cast<qint64>(info.st_ino), static_cast<qint64>(info.st_dev)};
    }
#endif
    return {};
}

QString FolderIdentity::filePath(const QString &folder)
{
    return folder + u"/folder.json"_s;
}

QJsonObject FolderIdentity::read(const QString &folder)
{
    const base::Result<QByteArray> bytes = readFile(filePath(folder), maximumSize);
    const base::Result<QJsonObject> json =
        bytes ? base::parseJsonObject(*bytes) : base::failed(bytes.error());
    return json.value_or(QJsonObject());
}

void FolderIdentity::write() const
{
    QJsonObject json = m_stamp.toJson();
    json["inode"_L1] = numberText(m_place.inode);
    json["device"_L1] = numberText(m_place.device);
    json["keyPart"_L1] = m_keyPart;
    json["copyOf"_L1] = m_original;
    QSaveFile file(filePath(m_stamp.path));
    const bool isWritten = file.open(QIODevice::WriteOnly)
                           && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
                           && file.write(QJsonDocument(json).toJson()) > 0 && file.commit();
    if (!isWritten) {
        // The same is noticed the next time.
        qCInfo(base::lcStorage) << "folder.json could not be written:" << file.errorString();
    }
}

FolderIdentity FolderIdentity::of(const QString &folder)
{
    const QJsonObject json = read(folder);
    const Stamp before = Stamp::fromJson(json);
    FolderIdentity identity;
    identity.m_place = placeOf(folder);
    identity.m_keyPart = json["keyPart"_L1].toString();
    identity.m_original = json["copyOf"_L1].toString();
    const bool hasItsInode = json["inode"_L1].toString() == numberText(identity.m_place.inode);
    const bool isOnItsDisk = json["device"_L1].toString() == numberText(identity.m_place.device);
    // Some disks have another number each time.
    const bool isSame = !before.id.isEmpty() && hasItsInode && (isOnItsDisk || before.path == folder);
    identity.m_stamp = {isSame ? before.id : newId(), folder};
    if (!isSame && identity.belongsElsewhere(before)) {
        identity.becomeCopyOf(before);
    } else if (!isSame || !isOnItsDisk || before.path != folder) {
        identity.write();
    }
    return identity;
}

bool FolderIdentity::belongsElsewhere(const Stamp &item) const
{
    if (m_stamp.id.isEmpty() || item.id.isEmpty() || item.id == m_stamp.id) {
        return false;
    }
    const Place there = placeOf(item.path);
    const bool isHere = there.inode == m_place.inode && there.device == m_place.device;
    const QJsonObject json = read(item.path);
    return !isHere && json["id"_L1].toString() == item.id
           && json["inode"_L1].toString() == numberText(there.inode);
}

void FolderIdentity::becomeCopyOf(const Stamp &original)
{
    m_original = original.path;
    m_keyPart = m_stamp.id + u'/';
    qCInfo(base::lcStorage) << "this folder is a copy";
    write();
}

} // namespace mooring::storage
