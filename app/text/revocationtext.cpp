// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/revocationtext.h"

#include "base/displaytext.h"
#include "base/moments.h"
#include "base/words.h"

namespace mooring::text {

using base::Words;

QString namedPendingText(const connections::RevocationRecord &pending, const QDateTime &now)
{
    return Words::tr("%1: %2 could not be told yet that a sign-in has ended; trying until %3.")
        .arg(base::displayText(pending.name, 80), base::displayAuthority(QUrl(pending.issuer)),
             base::dayAndTimeText(pending.until, now));
}

} // namespace mooring::text
