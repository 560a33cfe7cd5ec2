// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/unixsignals.h"

#include <QObject>
#include <QStringList>

#include <functional>
#include <stop_token>

namespace mooring::cli {

/// Turns Ctrl-C and a friendly request to end (SIGINT, SIGTERM, SIGHUP) into a stop token, so that what must
/// not be lost is finished first. A second one ends the program at once, but not while new tokens are on
/// their way from a service into the keychain: then it is only said, each time, what is being waited for.
/// That wait has deadlines of its own. One object for the whole run.
class Interruption final : public QObject {
    Q_OBJECT
public:
    /// The names of the connections whose tokens are on their way now.
    using UnderWay = std::function<QStringList()>;
    using Say = std::function<void(const QString &)>;

    Interruption(UnderWay underWay, Say say);

    std::stop_token token() const { return m_stop.get_token(); }

private:
    void onRequest();

    UnderWay m_underWay;
    Say m_say;
    std::stop_source m_stop;
    base::UnixSignals m_signals;
};

} // namespace mooring::cli
