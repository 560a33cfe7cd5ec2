// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strictjson.h"
#include "fuzz/fuzzing.h"

#include <QJsonArray>
#include <QJsonDocument>

using namespace mooring;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArrayView bytes = fuzz::bytesOf(data, size);
    const base::Result<QJsonValue> value = base::parseJson(bytes);
    const base::Result<QJsonObject> object = base::parseJsonObject(bytes);
    require(!object || (value && value->isObject()), "an object is a value");
    if (!value) {
        return 0;
    }
    // What is strict enough for us is well-formed for Qt, and means the same there.
    const QByteArray wrapped = '[' + bytes.toByteArray() + ']';
    const QJsonDocument document = QJsonDocument::fromJson(wrapped);
    require(document.isArray() && document.array().size() == 1, "Qt reads it too");
    require(document.array().first() == *value, "Qt reads the same");
    const QByteArray written = QJsonDocument(QJsonArray{*value}).toJson(QJsonDocument::Compact);
    if (fuzz::mayLoseMark(bytes)) {
        return 0;
    }
    const base::Result<QJsonValue> again = base::parseJson(written);
    require(again && again->toArray().first() == *value, "it survives being written");
    return 0;
}
