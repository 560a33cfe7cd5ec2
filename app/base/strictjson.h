// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArrayView>
#include <QJsonObject>
#include <QJsonValue>

namespace mooring::base {

/// Strict JSON (RFC 8259): UTF-8 without a byte order mark, no duplicate member, no raw control
/// character, no lone surrogate, no bytes behind the value, at most 32 levels deep. QJsonDocument
/// accepts all of these, and decides duplicates by luck. Errors are Protocol errors without a host.
Result<QJsonValue> parseJson(QByteArrayView bytes);

/// parseJson(), and the value must be an object.
Result<QJsonObject> parseJsonObject(QByteArrayView bytes);

} // namespace mooring::base
