// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QList>
#include <QStringList>

namespace mooring::connections {

/// Rights that a server asks for beyond those of the sign-in (MCP "Step-Up Authorization Flow"), and the
/// limits that keep it from asking for ever: a question that was just answered with "not now" isn't put
/// again, and neither is one that the person has agreed to already.
class StepUp final {
public:
    enum class Verdict {
        Ask, ///< the person has to decide
        Dismissed, ///< the person has said "not now" within the last hour
        GivenAlready, ///< it was asked for at sign-in, and the server refuses all the same
        TooOften, ///< the third time within an hour
    };

    /// The server has refused a request for want of `scopes`; `asked` is what the last sign-in asked for.
    Verdict judge(const QStringList &scopes, const QStringList &asked, const QDateTime &now);

    /// The person has said "not now" to these.
    void dismiss(const QStringList &scopes, const QDateTime &now);
    /// The person has agreed, and the sign-in with more rights is done.
    void agreed(const QDateTime &now);

private:
    QStringList m_dismissed;
    QDateTime m_dismissedAt;
    QList<QDateTime> m_agreedAt;
};

} // namespace mooring::connections
