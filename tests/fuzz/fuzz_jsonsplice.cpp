// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/jsonsplice.h"
#include "base/strictjson.h"
#include "fuzz/fuzzing.h"

#include <QJsonArray>

using namespace mooring;
using fuzz::require;

namespace {

void checkMember(const base::JsonSplice &splice, const QJsonObject &object, const QString &key)
{
    const QByteArray name = key.toUtf8();
    const base::Result<QJsonValue> value = base::parseJson(splice.value(name));
    require(value && *value == object.value(key), "a member's bytes are its value");
    QJsonObject rest = object;
    rest.remove(key);
    const base::Result<QJsonObject> without = base::parseJsonObject(splice.without(name));
    require(without && *without == rest, "nothing but the member is taken out");
    rest.insert(key, QJsonArray{1});
    const base::Result<QJsonObject> with = base::parseJsonObject(splice.with(name, "[1]"));
    require(with && *with == rest, "nothing but the member is changed");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArrayView bytes = fuzz::bytesOf(data, size);
    const auto isInside = [bytes](QByteArrayView part) {
        return part.isEmpty() || (part.begin() >= bytes.begin() && part.end() <= bytes.end());
    };
    const std::optional<base::JsonSplice> splice = base::JsonSplice::of(bytes);
    const QList<QByteArrayView> elements = base::jsonElements(bytes);
    for (const QByteArrayView element : elements) {
        require(isInside(element), "an element is a part of the text");
    }
    require(!splice || isInside(splice->value("id")), "a value is a part of the text");
    const base::Result<QJsonValue> json = base::parseJson(bytes);
    if (!json) {
        return 0;
    }
    require(json->isObject() == splice.has_value(), "an object is an object");
    require(json->toArray().size() == elements.size(), "an array has its elements");
    const QJsonObject object = json->toObject();
    for (auto member = object.begin(); member != object.end(); ++member) {
        checkMember(*splice, object, member.key());
    }
    QJsonObject more = object;
    more.insert(QStringLiteral("io.more/x"), true);
    require(!splice
                || base::parseJsonObject(splice->with("io.more/x", "true")).value_or(QJsonObject()) == more,
            "a new member is put in beside the others");
    return 0;
}
