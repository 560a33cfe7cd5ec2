// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "storage/secrethead.h"

using namespace mooring;
using fuzz::require;
using storage::SecretHead;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArray bytes = fuzz::bytesOf(data, size).toByteArray();
    const base::Result<SecretHead> head = SecretHead::fromBytes(bytes);
    if (!head) {
        require(head.error().kind == base::ErrorKind::Keychain, "trouble with an item is a keychain error");
        return 0;
    }
    const base::Result<SecretHead> again = SecretHead::fromBytes(head->toBytes());
    require(again && again->generation == head->generation && again->parts == head->parts,
            "a head survives being written");
    if (head->parts > 0) {
        return 0;
    }
    if (const base::Result<QJsonObject> content = head->verified(head->content)) {
        const auto rewritten = SecretHead::forItem({head->generation, *content}, 1 << 20);
        require(!rewritten || rewritten->verified(rewritten->content) == content, "an item survives");
    }
    return 0;
}
