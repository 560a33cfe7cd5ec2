// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QString>

#include <cstdio>
#include <cstdlib>

/// What every target defines: looks at one input and aborts if something is not as it must be.
extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size);

namespace mooring::fuzz {

inline QByteArrayView bytesOf(const unsigned char *data, std::size_t size)
{
    return {reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)};
}

/// Qt drops a byte order mark in front of a string when it reads or writes JSON, so what has one doesn't
/// survive.
inline bool mayLoseMark(QByteArrayView json)
{
    return json.contains("\xEF\xBB\xBF") || json.toByteArray().toLower().contains("\\ufeff");
}

/// A broken promise is a finding, like a crash.
inline void require(bool holds, const char *promise)
{
    if (!holds) {
        std::fprintf(stderr, "Broken promise: %s\n", promise);
        std::abort();
    }
}

} // namespace mooring::fuzz
