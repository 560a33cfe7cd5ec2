// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/protocolversion.h"

#include "mcp/protocol.h"

#include <QRegularExpression>

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;

namespace {

/// Newest first.
const QStringList &sessionVersions()
{
    static const QStringList all{QString::fromUtf16(newestSessionVersion), u"2025-06-18"_s, u"2025-03-26"_s,
                                 QString::fromUtf16(httpSseVersion)};
    return all;
}

/// Nobody lists more.
constexpr qsizetype mostVersions = 30;

} // namespace

bool isSessionVersion(const QString &version)
{
    return sessionVersions().contains(version);
}

QString newestSessionVersionOf(const QStringList &versions)
{
    const auto found = std::ranges::find_if(
        sessionVersions(), [&versions](const QString &version) { return versions.contains(version); });
    return found == sessionVersions().end() ? QString() : *found;
}

QStringList versionsIn(const QString &text)
{
    static const QRegularExpression date(
        uR"((?<![0-9A-Za-z-])20[0-9]{2}-[01][0-9]-[0-3][0-9](?![0-9A-Za-z-]|[ +][0-9]{2}:))"_s);
    QStringList versions;
    auto matches = date.globalMatch(text);
    while (matches.hasNext() && versions.size() < mostVersions) {
        const QString version = matches.next().captured();
        if (!versions.contains(version)) {
            versions.append(version);
        }
    }
    return versions;
}

bool speaksOfVersions(const QString &text)
{
    return text.contains("version"_L1, Qt::CaseInsensitive)
           && (text.contains("protocol"_L1, Qt::CaseInsensitive) || !versionsIn(text).isEmpty());
}

VersionSteps::VersionSteps(const QString &first)
    : m_current(first)
    , m_offered{first}
{
}

bool VersionSteps::stepDown(const QStringList &named)
{
    const auto isOffered = [this](const QString &version) { return m_offered.contains(version); };
    QStringList left = named;
    left.removeIf(isOffered);
    const bool isHelpful = !newestSessionVersionOf(left).isEmpty();
    const bool isOlder = std::ranges::any_of(left, [this](const QString &one) { return one < m_current; });
    if (left.isEmpty() || (!isHelpful && isOlder)) {
        left = sessionVersions();
        left.removeIf(isOffered);
    }
    const QString next = newestSessionVersionOf(left);
    if (next.isEmpty()) {
        return false;
    }
    m_current = next;
    m_offered.insert(next);
    return true;
}

} // namespace mooring::mcp
