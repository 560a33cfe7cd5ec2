// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strictjson.h"

#include "base/jsonscanner.h"
#include "base/words.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace mooring::base {

using namespace Qt::StringLiterals;

namespace {

/// The value of a text that has been judged.
Result<QJsonValue> valueOf(QByteArrayView bytes)
{
    const bool isDocument = bytes.trimmed().startsWith('{');
    // Other values go in brackets, because a document of Qt is an object or an array.
    const QByteArray text = isDocument ? QByteArray::fromRawData(bytes.data(), bytes.size())
                                       : QByteArray('[' + bytes.toByteArray() + ']');
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error != QJsonParseError::NoError) {
        return failed(makeError(ErrorKind::Protocol, Words::tr("The answer is not valid JSON."),
                                u"JSON: "_s + error.errorString()));
    }
    return isDocument ? QJsonValue(document.object()) : document.array().at(0);
}

Result<QJsonObject> objectOf(QByteArrayView bytes)
{
    const Result<QJsonValue> value = valueOf(bytes);
    if (!value) {
        return failed(value.error());
    }
    if (!value->isObject()) {
        return failed(makeError(ErrorKind::Protocol, Words::tr("The answer is not a JSON object."),
                                u"JSON: the root is no object"_s));
    }
    return value->toObject();
}

} // namespace

Result<void> checkJson(QByteArrayView bytes)
{
    return JsonScanner(bytes).scan();
}

Result<QJsonValue> parseJson(QByteArrayView bytes)
{
    const Result<void> judged = JsonScanner(bytes).scan();
    return judged ? valueOf(bytes) : failed(judged.error());
}

Result<QJsonObject> parseJsonObject(QByteArrayView bytes)
{
    const Result<void> judged = JsonScanner(bytes).scan();
    return judged ? objectOf(bytes) : failed(judged.error());
}

Result<QJsonObject> parseJsonObject(QByteArrayView bytes, QByteArrayView list, const ElementSink &sink)
{
    JsonScanner scanner(bytes, list);
    if (const Result<void> judged = scanner.scan(); !judged) {
        return failed(judged.error());
    }
    if (scanner.list().isEmpty()) {
        return objectOf(bytes);
    }
    const qsizetype start = scanner.list().data() - bytes.data();
    const QByteArray rest =
        bytes.first(start).toByteArray() + "[]" + bytes.sliced(start + scanner.list().size()).toByteArray();
    const Result<QJsonObject> object = objectOf(rest);
    for (const QByteArrayView element : scanner.elements()) {
        const Result<QJsonValue> value = object ? valueOf(element) : failed(object.error());
        if (!value) {
            return failed(value.error());
        }
        sink(*value, scanner.elements().size());
    }
    return object;
}

} // namespace mooring::base
