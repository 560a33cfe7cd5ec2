// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>

#include <utility>

namespace mooring::http {

/// Header fields in order; names compare without case (RFC 9110 section 5.1).
class Headers final {
public:
    using Field = std::pair<QByteArray, QByteArray>;

    void add(const QByteArray &name, const QByteArray &value) { m_fields.append({name, value}); }
    /// Replaces every field of that name.
    void set(const QByteArray &name, const QByteArray &value);
    void remove(const QByteArray &name);
    bool contains(const QByteArray &name) const;
    /// The first value of that name, empty if there is none.
    QByteArray value(const QByteArray &name) const;
    QList<QByteArray> values(const QByteArray &name) const;
    const QList<Field> &fields() const { return m_fields; }

private:
    QList<Field> m_fields;
};

} // namespace mooring::http
