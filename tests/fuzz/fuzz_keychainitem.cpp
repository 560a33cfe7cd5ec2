// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strictjson.h"
#include "fuzz/fuzzing.h"
#include "storage/secrethead.h"

using namespace mooring;
using fuzz::require;
using storage::SecretHead;

namespace {

/// Nobody guesses a checksum, so whole items are made here; `limit` decides whether they are cut into parts.
void checkItem(const storage::SecretItem &item, qsizetype limit)
{
    const base::Result<SecretHead> head = SecretHead::forItem(item, limit);
    if (!head) {
        return;
    }
    const base::Result<SecretHead> stored = SecretHead::fromBytes(head->toBytes());
    require(stored && stored->generation == item.generation, "what is written can be read");
    const base::Result<QJsonObject> content =
        stored->verified(stored->parts > 0 ? head->content : stored->content);
    require(content && *content == item.content, "an item survives");
    require(!stored->verified(head->content + ' '), "one byte more is damage");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytesOf(data, size).toByteArray();
    const base::Result<QJsonObject> content = base::parseJsonObject(bytes);
    if (content && !fuzz::mayLoseMark(bytes)) {
        checkItem({static_cast<qint64>(size), *content}, 1 << 20);
        checkItem({static_cast<qint64>(size), *content}, 300);
    }
    const base::Result<SecretHead> head = SecretHead::fromBytes(bytes);
    if (!head) {
        require(head.error().kind == base::ErrorKind::Keychain, "trouble with an item is a keychain error");
        return 0;
    }
    const base::Result<SecretHead> again = SecretHead::fromBytes(head->toBytes());
    require(again && again->generation == head->generation && again->parts == head->parts,
            "a head survives being written");
    return 0;
}
