// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/records.h"

#include <algorithm>

namespace mooring::connections {

ConnectionRecord *Records::connection(const QString &id)
{
    const auto found = std::find_if(connections.begin(), connections.end(),
                                    [&id](const ConnectionRecord &record) { return record.id == id; });
    return found == connections.end() ? nullptr : &*found;
}

const ConnectionRecord *Records::connection(const QString &id) const
{
    const auto found = std::find_if(connections.begin(), connections.end(),
                                    [&id](const ConnectionRecord &record) { return record.id == id; });
    return found == connections.end() ? nullptr : &*found;
}

const RegistrationRecord *Records::registration(const QString &id) const
{
    const auto found = std::find_if(registrations.begin(), registrations.end(),
                                    [&id](const RegistrationRecord &record) { return record.id == id; });
    return found == registrations.end() ? nullptr : &*found;
}

RevocationRecord *Records::revocation(const QString &id)
{
    const auto found = std::ranges::find(revocations, id, &RevocationRecord::id);
    return found == revocations.end() ? nullptr : &*found;
}

} // namespace mooring::connections
