// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/revocationtext.h"

#include "base/displaytext.h"
#include "base/moments.h"

#include <QCoreApplication>

namespace mooring::text {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::text", text);
}

} // namespace

QString namedPendingText(const connections::RevocationRecord &pending, const QDateTime &now)
{
    return tr("%1: %2 could not be told yet that a sign-in has ended; trying until %3.")
        .arg(base::displayText(pending.name, 80), base::displayAuthority(QUrl(pending.issuer)),
             base::dayAndTimeText(pending.until, now));
}

} // namespace mooring::text
