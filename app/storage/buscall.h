// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadline.h"
#include "base/task.h"

#include <QDBusMessage>
#include <QMetaType>
#include <QString>

#include <chrono>
#include <optional>

namespace mooring::storage {

/// The answer, or the error message, to a call on the session bus; there always is one. When `deadline`,
/// which outlives the call, has passed it is an error for which isLate() is true.
base::Task<QDBusMessage> busCall(QDBusMessage message, const base::Deadline *deadline);

/// A call to the bus itself, not to one of the programs on it.
QDBusMessage toTheBus(const QString &method, const QVariantList &arguments);

/// Whether somebody has that name now. Starts nobody; false without a session bus, too.
base::Task<bool> isOnTheBus(QString name, std::chrono::milliseconds deadline);

/// Nothing has been answered within the deadline.
bool isLate(const QDBusMessage &answer);
/// Nobody is there to answer: no such name, none that could be started, or it has ended meanwhile.
bool isFromNobody(const QDBusMessage &answer);
/// For a report: what the bus or the program has said, or of what types its answer was. Never a value.
QString detailOf(const QDBusMessage &answer);

/// The one value of an answer; nullopt for an error, and for a value of another type or several.
template <typename T>
std::optional<T> onlyValueOf(const QDBusMessage &answer)
{
    const QVariantList values = answer.arguments();
    const bool fits = answer.type() == QDBusMessage::ReplyMessage && values.size() == 1
                      && values.front().metaType() == QMetaType::fromType<T>();
    return fits ? std::optional<T>(values.front().value<T>()) : std::nullopt;
}

} // namespace mooring::storage
