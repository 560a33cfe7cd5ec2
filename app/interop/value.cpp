// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/value.h"

namespace mooring::interop {

const Value *Value::find(QStringView name) const
{
    const qsizetype at = names.indexOf(name);
    return at < 0 ? nullptr : &items.at(at);
}

QString Value::textOf(const QStringList &members) const
{
    for (const QString &name : members) {
        const Value *value = find(name);
        if (value != nullptr && value->isText() && !value->text.trimmed().isEmpty()) {
            return value->text.trimmed();
        }
    }
    return {};
}

} // namespace mooring::interop
