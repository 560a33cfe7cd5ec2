// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QDateTime>
#include <QJsonValue>

#include <optional>

namespace mooring::connections {

/// What went wrong last, kept so that a restart, or another process, shows the same.
struct RecordedError {
    base::Error error;
    QDateTime at;

    QJsonValue toJson() const;
    /// Nothing without a sentence.
    static std::optional<RecordedError> fromJson(const QJsonValue &value);
    friend bool operator==(const RecordedError &, const RecordedError &) = default;
};

} // namespace mooring::connections
