// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/interruption.h"

#include "base/words.h"
#ifdef Q_OS_UNIX
#include <csignal>
#endif

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::Words;

Interruption::Interruption(UnderWay underWay, Say say)
    : m_underWay(std::move(underWay))
    , m_say(std::move(say))
{
#ifdef Q_OS_UNIX
    // A reader that went away (`mooringctl list | head`) is no reason to lose a refresh.
    std::signal(SIGPIPE, SIG_IGN);
#endif
    connect(&m_signals, &base::UnixSignals::endRequested, this, &Interruption::onRequest);
}

void Interruption::onRequest()
{
    const QStringList underWay = m_underWay();
    if (!underWay.isEmpty()) {
        m_say(Words::tr("The sign-in of %1 is being renewed. Mooring ends as soon as it is saved.")
                  .arg(underWay.join(u", "_s)));
    } else if (m_stop.stop_requested()) {
        base::UnixSignals::endNow();
    }
    m_stop.request_stop();
}

} // namespace mooring::cli
