// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/metadatamembers.h"

#include <QJsonArray>

namespace mooring::oauth {

using namespace Qt::StringLiterals;

QString tidyAddress(const QString &text)
{
    return text.trimmed().replace(u' ', "%20"_L1);
}

QString addressIn(const QJsonValue &member)
{
    return tidyAddress(member.toString());
}

QStringList textsIn(const QJsonValue &member)
{
    if (member.isString()) {
        return member.toString().simplified().split(u' ', Qt::SkipEmptyParts);
    }
    QStringList texts;
    const QJsonArray entries = member.toArray();
    for (const QJsonValue entry : entries) {
        if (const QString text = entry.toString().trimmed(); !text.isEmpty()) {
            texts.append(text);
        }
    }
    return texts;
}

bool isUnset(const QJsonValue &member)
{
    return member.isUndefined() || member.isNull() || (member.isString() && member.toString().isEmpty());
}

} // namespace mooring::oauth
