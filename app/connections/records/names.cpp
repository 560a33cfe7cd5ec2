// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/names.h"

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

QString nameFromUrl(const QUrl &url)
{
    QStringList labels = base::displayHost(url).split(u'.', Qt::SkipEmptyParts);
    const bool isAddress = !QHostAddress(url.host()).isNull();
    if (labels.isEmpty() || isAddress || labels.size() == 1) {
        return base::displayAuthority(url);
    }
    static const QStringList fillers = {u"mcp"_s, u"api"_s, u"www"_s, u"app"_s, u"server"_s};
    labels.removeLast();
    while (labels.size() > 1 && fillers.contains(labels.first())) {
        labels.removeFirst();
    }
    // "example.co.uk": the label before a short second-level domain is the name.
    QString name = labels.last();
    if (labels.size() > 1 && name.size() <= 3) {
        name = labels.at(labels.size() - 2);
    }
    name[0] = name.at(0).toUpper();
    return name;
}

} // namespace mooring::connections
