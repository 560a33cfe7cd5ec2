// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/revocation/disconnected.h"

#include "base/displaytext.h"
#include "base/moments.h"
#include "base/words.h"
#include "oauth/refusal.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

QString hostOf(const RevocationRecord &pending)
{
    return base::displayAuthority(QUrl(pending.issuer));
}

QString sentenceOf(RevocationOutcome outcome, const QString &host)
{
    switch (outcome) {
    case RevocationOutcome::Revoked:
        return Words::tr("Disconnected. %1 has ended this sign-in.").arg(host);
    case RevocationOutcome::NothingToRevoke:
        return Words::tr("Disconnected.");
    case RevocationOutcome::NotSupported:
        return Words::tr(
                   "Disconnected here. %1 has no way to be told; you can remove Mooring in your account "
                   "settings there.")
            .arg(host);
    case RevocationOutcome::NotConfirmed:
    case RevocationOutcome::Pending:
        break;
    }
    return Words::tr("Disconnected here, but %1 could not be told, so the sign-in may still be valid there. "
                     "You can remove Mooring in your account settings there.")
        .arg(host);
}

} // namespace

Disconnected outcomeOf(RevocationOutcome outcome, const QString &host,
                       const std::optional<base::Error> &error)
{
    Disconnected result;
    result.outcome = outcome;
    result.error = error;
    result.sentence = sentenceOf(outcome, host);
    if (error) {
        result.sentence += oauth::Refusal::tailOf(*error);
    }
    return result;
}

Disconnected pendingOutcome(const RevocationRecord &pending, const base::Error &error, const QDateTime &now)
{
    Disconnected result;
    result.outcome = RevocationOutcome::Pending;
    result.error = error;
    result.sentence = pendingText(pending, false, now) + oauth::Refusal::tailOf(error);
    result.pending = pending;
    return result;
}

QString unknownText(const QString &host)
{
    return Words::tr("Disconnected. %1 doesn't know this sign-in any more.").arg(host);
}

QString pendingText(const RevocationRecord &pending, bool isSignedIn, const QDateTime &now)
{
    const QString text =
        isSignedIn
            ? Words::tr("You are signed in anew. %1 could not be told yet that the sign-in before has ended; "
                        "trying until %2.")
            : Words::tr("Disconnected here. %1 could not be told yet; trying until %2.");
    return text.arg(hostOf(pending), base::dayAndTimeText(pending.until, now));
}

QString endText(RevocationEnd end, const QString &host)
{
    switch (end) {
    case RevocationEnd::Told:
        return Words::tr("%1 has ended the sign-in that you gave back.").arg(host);
    case RevocationEnd::Unknown:
        return Words::tr("%1 doesn't know the sign-in any more that you gave back.").arg(host);
    case RevocationEnd::Refused:
        return Words::
            tr("%1 does not let itself be told that the sign-in has ended. Remove Mooring in your account "
               "settings there.")
                .arg(host);
    case RevocationEnd::GaveUp:
        return Words::tr("%1 could not be told for a day. Remove Mooring in your account settings there.")
            .arg(host);
    case RevocationEnd::Forgotten:
        break;
    }
    return Words::
        tr("Forgotten here. %1 was not told; the sign-in may go on there until you remove Mooring in your "
           "account settings.")
            .arg(host);
}

} // namespace mooring::connections
