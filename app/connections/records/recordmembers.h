// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How the entries of the records file are read and written; for the entries only.
#pragma once

#include <QDateTime>
#include <QJsonObject>

#include <optional>

namespace mooring::connections {

/// Reads members in the order of their names, in which QJsonObject keeps them; those that nobody asks for
/// are what this version doesn't know. To look each one up would take most of the start-up of a long list.
class Members final {
public:
    explicit Members(const QJsonObject &json)
        : m_at(json.constBegin())
        , m_end(json.constEnd())
    {
        readName();
    }

    /// `name` comes behind the one of the call before.
    QJsonValue take(QLatin1StringView name)
    {
        Q_ASSERT(m_lastTaken < name);
        m_lastTaken = name;
        while (m_at != m_end && m_name < name) {
            leave();
        }
        if (m_at == m_end || m_name != name) {
            return QJsonValue::Undefined;
        }
        const QJsonValue value = *m_at;
        ++m_at;
        readName();
        return value;
    }

    QJsonObject rest()
    {
        while (m_at != m_end) {
            leave();
        }
        return m_left;
    }

private:
    void readName() { m_name = m_at != m_end ? m_at.key() : QString(); }
    void leave()
    {
        m_left.insert(m_name, *m_at);
        ++m_at;
        readName();
    }

    QJsonObject::const_iterator m_at;
    QJsonObject::const_iterator m_end;
    QString m_name;
    QLatin1StringView m_lastTaken;
    QJsonObject m_left;
};

/// A time as text, in the one form that is written; nothing for none.
QJsonValue timeValue(const QDateTime &time);
QJsonValue timeValue(const std::optional<QDateTime> &time);
QDateTime timeFrom(const QJsonValue &value);
std::optional<QDateTime> optionalTimeFrom(const QJsonValue &value);
/// An empty text is left out.
void putText(QJsonObject *json, QLatin1StringView name, const QString &text);

} // namespace mooring::connections
