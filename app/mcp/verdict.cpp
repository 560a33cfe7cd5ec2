// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/verdict.h"

#include <algorithm>
#include <array>

namespace mooring::mcp {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array allVerdicts{Verdict::Open,           Verdict::NeedsSignIn,    Verdict::NeedsKey,
                                 Verdict::KeyRefused,     Verdict::NotMcp,         Verdict::Unreachable,
                                 Verdict::Refused,        Verdict::SignInUnusable, Verdict::Blocked,
                                 Verdict::UnknownVersions};

} // namespace

QString verdictName(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Open:
        return u"open"_s;
    case Verdict::NeedsSignIn:
        return u"needs-sign-in"_s;
    case Verdict::NeedsKey:
        return u"needs-key"_s;
    case Verdict::KeyRefused:
        return u"key-refused"_s;
    case Verdict::NotMcp:
        return u"not-mcp"_s;
    case Verdict::Refused:
        return u"refused"_s;
    case Verdict::SignInUnusable:
        return u"sign-in-unusable"_s;
    case Verdict::Blocked:
        return u"blocked"_s;
    case Verdict::UnknownVersions:
        return u"unknown-versions"_s;
    case Verdict::Unreachable:
        break;
    }
    return u"unreachable"_s;
}

std::optional<Verdict> verdictFromName(const QString &name)
{
    const auto *const found = std::ranges::find(allVerdicts, name, verdictName);
    return found == allVerdicts.end() ? std::nullopt : std::optional(*found);
}

} // namespace mooring::mcp
