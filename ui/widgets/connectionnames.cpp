// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/connectionnames.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "text/wording.h"
#include "ui/widgets/excerpt.h"

#include <QLocale>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using connections::Phase;

namespace {

QString spokenTimeLeft(const QDateTime &now, const QDateTime &then)
{
    const qint64 seconds = now.secsTo(then);
    if (seconds < 60) {
        return Words::tr("%n second(s) left", nullptr, static_cast<int>(qMax<qint64>(seconds, 0)));
    }
    if (seconds < 7200) {
        return Words::tr("%n minute(s) left", nullptr, static_cast<int>((seconds + 59) / 60));
    }
    if (seconds < 48 * 3600) {
        return Words::tr("%n hour(s) left", nullptr, static_cast<int>(seconds / 3600));
    }
    return Words::tr("%n day(s) left", nullptr, static_cast<int>(seconds / 86400));
}

} // namespace

QString nameOf(const text::ConnectionView &view)
{
    const QString name = shownText(view.record.name, 80);
    return name.isEmpty() ? base::displayHost(view.record.url) : name;
}

QString addressOf(const text::ConnectionView &view)
{
    return shownText(http::shownUrl(view.record.url));
}

QString subtitleOf(const text::ConnectionView &view)
{
    const QString host = base::displayAuthority(view.record.url);
    const QString account = shownText(view.record.accountLabel, 60);
    return account.isEmpty() ? host : Words::tr("%1 · %2").arg(host, account);
}

QString spokenOf(const text::ConnectionView &view, const QDateTime &now)
{
    QStringList parts{nameOf(view), subtitleOf(view)};
    if (view.state.phase == Phase::Authorized && view.state.expiresAt) {
        parts << Words::tr("Authorized") << spokenTimeLeft(now, *view.state.expiresAt);
    } else {
        parts << text::wordingOf(view.state, view.record, now).headline;
    }
    if (!view.wantedScopes.isEmpty()) {
        parts << Words::tr("asks for more");
    }
    return parts.join(u", "_s);
}

} // namespace mooring::ui
