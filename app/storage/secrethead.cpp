// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/secrethead.h"

#include "storage/keychainerrors.h"

#include "base/strictjson.h"
#include "base/words.h"

#include <QCryptographicHash>
#include <QJsonDocument>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::failed;
using base::KeychainCase;
using base::Result;
using base::Words;

namespace {

constexpr int formatVersion = 1;
constexpr qint64 maximumParts = 1024;
/// JSON numbers are exact up to here.
constexpr qint64 maximumGeneration = (qint64(1) << 53) - 1;

QByteArray checksum(qint64 generation, const QByteArray &content)
{
    const QByteArray bytes = QByteArray::number(generation) + '\n' + content;
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex();
}

QByteArray compact(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

base::Error damaged(const QString &detail)
{
    return keychainFailure(KeychainCase::Damaged, detail);
}

/// A whole number within a range, else -1.
qint64 wholeNumber(const QJsonValue &value, qint64 smallest, qint64 largest)
{
    const qint64 number = value.toInteger(-1);
    return number >= smallest && number <= largest ? number : -1;
}

} // namespace

Result<SecretHead> SecretHead::forItem(const SecretItem &item, qsizetype maximumValueSize)
{
    SecretHead head;
    head.generation = item.generation;
    head.content = compact(item.content);
    if (head.content.size() > SecretItems::maximumContentSize || maximumValueSize < maximumOverhead) {
        return failed(keychainFailure(KeychainCase::TooLarge, QString::number(head.content.size())));
    }
    // Half a surrogate pair, for instance, could be written but never be read again.
    const Result<QJsonObject> readBack = base::parseJsonObject(head.content);
    if (!readBack || compact(*readBack) != head.content || item.generation < 0
        || item.generation > maximumGeneration) {
        return failed(base::makeError(base::ErrorKind::InvalidInput,
                                      Words::tr("What the service sent has characters that can't be kept."),
                                      readBack ? u"the content changes when it is written and read"_s
                                               : readBack.error().detail));
    }
    head.sha256 = checksum(head.generation, head.content);
    if (head.toBytes().size() > maximumValueSize) {
        head.parts = (head.content.size() + maximumValueSize - 1) / maximumValueSize;
    }
    return head;
}

Result<SecretHead> SecretHead::fromBytes(const QByteArray &bytes)
{
    const Result<QJsonObject> object = base::parseJsonObject(bytes);
    if (!object) {
        return failed(damaged(object.error().detail));
    }
    const qint64 version = wholeNumber(object->value("v"_L1), 1, maximumGeneration);
    if (version > formatVersion) {
        return failed(base::keychainError(
            KeychainCase::Failed,
            Words::tr("A newer version of Mooring has saved this sign-in. Use that version."),
            u"item format %1"_s.arg(version)));
    }
    SecretHead head;
    head.generation = wholeNumber(object->value("generation"_L1), 0, maximumGeneration);
    head.sha256 = object->value("sha256"_L1).toString().toLatin1();
    if (version != formatVersion || head.generation < 0 || head.sha256.isEmpty()) {
        return failed(damaged(u"the head misses a member"_s));
    }
    if (object->value("content"_L1).isObject() && !object->contains("parts"_L1)) {
        head.content = compact(object->value("content"_L1).toObject());
        return head;
    }
    head.parts = static_cast<qsizetype>(wholeNumber(object->value("parts"_L1), 1, maximumParts));
    if (head.parts < 1) {
        return failed(damaged(u"the head has neither content nor parts"_s));
    }
    return head;
}

QByteArray SecretHead::toBytes() const
{
    QJsonObject object{
        {u"v"_s, formatVersion},
        {u"generation"_s, generation},
        {u"sha256"_s, QString::fromLatin1(sha256)},
    };
    if (parts > 0) {
        object.insert("parts"_L1, static_cast<qint64>(parts));
    } else {
        object.insert("content"_L1, QJsonDocument::fromJson(content).object());
    }
    return compact(object);
}

Result<QJsonObject> SecretHead::verified(const QByteArray &bytes) const
{
    if (checksum(generation, bytes) != sha256) {
        return failed(damaged(u"the checksum is wrong"_s));
    }
    const Result<QJsonObject> object = base::parseJsonObject(bytes);
    if (!object) {
        return failed(damaged(object.error().detail));
    }
    return object;
}

} // namespace mooring::storage
