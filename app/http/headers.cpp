// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/headers.h"

namespace mooring::http {

namespace {

auto hasName(const QByteArray &name)
{
    return
        [name](const Headers::Field &field) { return field.first.compare(name, Qt::CaseInsensitive) == 0; };
}

} // namespace

void Headers::set(const QByteArray &name, const QByteArray &value)
{
    remove(name);
    add(name, value);
}

void Headers::remove(const QByteArray &name)
{
    m_fields.removeIf(hasName(name));
}

bool Headers::contains(const QByteArray &name) const
{
    return std::any_of(m_fields.begin(), m_fields.end(), hasName(name));
}

QByteArray Headers::value(const QByteArray &name) const
{
    const auto found = std::find_if(m_fields.begin(), m_fields.end(), hasName(name));
    return found == m_fields.end() ? QByteArray() : found->second;
}

QList<QByteArray> Headers::values(const QByteArray &name) const
{
    QList<QByteArray> found;
    for (const Field &field : m_fields) {
        if (hasName(name)(field)) {
            found.append(field.second);
        }
    }
    return found;
}

} // namespace mooring::http
