// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArrayView>
#include <QJsonObject>
#include <QJsonValue>

#include <functional>

namespace mooring::base {

/// Strict JSON (RFC 8259): UTF-8 without a byte order mark in front or in front of a name, no duplicate
/// member, no raw control character, no lone surrogate, no bytes behind the value, at most 32 levels deep.
/// QJsonDocument accepts all of these, and decides duplicates by luck. In front of other strings the mark is
/// let through; Qt drops it there (6.4). Errors are Protocol errors without a host.
///
/// Where RFC 8259 leaves it to the parser (the 35 "i_" files of JSONTestSuite): integers that only a double
/// can hold are read as one. Refused are numbers too large or too small for a double, halves of surrogate
/// pairs, bytes that are not UTF-8 (UTF-16, byte order marks, overlong forms, encoded surrogates) and more
/// levels.
Result<QJsonValue> parseJson(QByteArrayView bytes);

/// Only judges, for text that is passed on as it is (jsonsplice.h). Errors: those of parseJson().
Result<void> checkJson(QByteArrayView bytes);

/// parseJson(), and the value must be an object.
Result<QJsonObject> parseJsonObject(QByteArrayView bytes);

/// Gets an element of an array, and how many there are.
using ElementSink = std::function<void(const QJsonValue &element, std::size_t count)>;

/// The same for an object with a long list in it: the array that is called `list` is empty in the result,
/// its elements go to `sink` one by one. Thousands of them are so never in memory at the same time, which
/// costs more than to parse them. `sink` only hears of elements if all of `bytes` is well-formed.
Result<QJsonObject> parseJsonObject(QByteArrayView bytes, QByteArrayView list, const ElementSink &sink);

} // namespace mooring::base
