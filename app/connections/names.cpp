// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/names.h"

#include "base/displaytext.h"

#include <algorithm>

namespace mooring::connections {

using namespace Qt::StringLiterals;

bool isSameName(const QString &one, const QString &other)
{
    return base::displayText(one).compare(base::displayText(other), Qt::CaseInsensitive) == 0;
}

const ConnectionRecord *connectionCalled(const QString &name, const Records &records)
{
    const auto found =
        std::find_if(records.connections.begin(), records.connections.end(),
                     [&name](const ConnectionRecord &record) { return isSameName(record.name, name); });
    return found == records.connections.end() ? nullptr : &*found;
}

QString freeName(const QString &name, const Records &records)
{
    QString free = name;
    for (int number = 2; connectionCalled(free, records) != nullptr; ++number) {
        free = u"%1 %2"_s.arg(name).arg(number);
    }
    return free;
}

} // namespace mooring::connections
