// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/stepup.h"

#include <algorithm>

namespace mooring::connections {

namespace {

constexpr qint64 oneHour = 3600;
constexpr qsizetype maximumStepUps = 3;

bool containsAll(const QStringList &list, const QStringList &entries)
{
    return std::ranges::all_of(entries, [&](const QString &entry) { return list.contains(entry); });
}

} // namespace

StepUp::Verdict StepUp::judge(const QStringList &scopes, const QStringList &asked, const QDateTime &now)
{
    m_agreedAt.removeIf([&](const QDateTime &at) { return at.secsTo(now) >= oneHour; });
    if (containsAll(asked, scopes)) {
        return Verdict::GivenAlready;
    }
    if (m_agreedAt.size() >= maximumStepUps) {
        return Verdict::TooOften;
    }
    const bool wasDismissed = m_dismissedAt.isValid() && m_dismissedAt.secsTo(now) < oneHour;
    if (wasDismissed && containsAll(m_dismissed, scopes)) {
        return Verdict::Dismissed;
    }
    return Verdict::Ask;
}

void StepUp::dismiss(const QStringList &scopes, const QDateTime &now)
{
    m_dismissed = scopes;
    m_dismissedAt = now;
}

void StepUp::agreed(const QDateTime &now)
{
    m_agreedAt.append(now);
}

} // namespace mooring::connections
