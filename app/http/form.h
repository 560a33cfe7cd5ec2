// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

#include <optional>
#include <utility>

namespace mooring::http {

/// Fields of application/x-www-form-urlencoded, in order. QUrlQuery is no help here: it leaves '+'
/// alone in both directions, so a token with a '+' would arrive with a space.
using FormFields = QList<std::pair<QByteArray, QByteArray>>;

/// Every byte that is not unreserved (RFC 3986 section 2.3) becomes %XX; a space becomes %20.
QByteArray percentEncode(const QByteArray &value);
QByteArray encodeForm(const FormFields &fields);

/// '+' is a space, %XX is a byte. Nothing if a % is not followed by two hex digits.
std::optional<FormFields> decodeForm(QByteArrayView encoded);

} // namespace mooring::http
