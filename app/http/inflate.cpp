// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/inflate.h"

#include <zlib.h>

namespace mooring::http {

std::optional<QByteArray> inflate(const QByteArray &packed, qint64 maximum)
{
    z_stream stream = {};
    // 15 bits of window; 32 lets zlib recognise gzip and zlib headers by itself.
    if (inflateInit2(&stream, 15 + 32) != Z_OK) {
        return std::nullopt;
    }
    QByteArray input = packed;
    stream.next_in = reinterpret_cast<Bytef *>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    QByteArray plain;
    QByteArray chunk(16 * 1024, Qt::Uninitialized);
    int state = Z_OK;
    while (state == Z_OK && plain.size() <= maximum) {
        stream.next_out = reinterpret_cast<Bytef *>(chunk.data());
        stream.avail_out = static_cast<uInt>(chunk.size());
        state = ::inflate(&stream, Z_NO_FLUSH);
        plain.append(chunk.constData(), chunk.size() - static_cast<qsizetype>(stream.avail_out));
    }
    inflateEnd(&stream);
    if (state != Z_STREAM_END || plain.size() > maximum) {
        return std::nullopt;
    }
    return plain;
}

} // namespace mooring::http
