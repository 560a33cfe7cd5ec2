// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "mcp/sse.h"

using namespace mooring;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArrayView bytes = fuzz::bytesOf(data, size);
    mcp::SseParser whole(1 << 20);
    const base::Result<QList<mcp::SseEvent>> events = whole.feed(bytes);
    // The same in pieces, whose size the input itself decides.
    const qsizetype step = 1 + (size > 0 ? data[0] % 7 : 0);
    mcp::SseParser pieces(1 << 20);
    QList<mcp::SseEvent> collected;
    bool failed = false;
    for (qsizetype at = 0; at < bytes.size() && !failed; at += step) {
        const auto some = pieces.feed(bytes.sliced(at, std::min(step, bytes.size() - at)));
        failed = !some;
        collected += some.value_or(QList<mcp::SseEvent>());
    }
    require(failed == !events, "the same stream fails or works however it is cut");
    if (events) {
        require(collected == *events, "the same events however the stream is cut");
        require(pieces.unfinished() == whole.unfinished(), "the same rest");
        require(whole.hasBegun() || !whole.unfinished(), "no event of nothing");
        require(pieces.lastEventId() == whole.lastEventId(), "the same last id");
        require(pieces.retry() == whole.retry(), "the same wait");
    }
    return 0;
}
