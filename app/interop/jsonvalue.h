// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "interop/value.h"

namespace mooring::interop {

/// JSON as people keep it: with comments, trailing commas, curly quotes, without the outer braces. A member
/// that is there twice and text behind the end are refused. The first line has the number `firstLine`.
/// Errors: InvalidInput, with the line of the first mistake.
base::Result<Value> readJsonValue(const QString &text, int firstLine = 1);

/// Where the object or list that begins at `start` ends: behind its last brace; -1 if it doesn't.
qsizetype endOfJson(QStringView text, qsizetype start);

} // namespace mooring::interop
