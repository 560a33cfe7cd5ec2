// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace mooring::http {

/// Decodes a gzip or zlib body (RFC 9110 section 8.4.1), stopping at `maximum` bytes: a small
/// answer can unpack to gigabytes. Nothing if it is damaged, cut short or too large.
std::optional<QByteArray> inflate(const QByteArray &packed, qint64 maximum);

} // namespace mooring::http
