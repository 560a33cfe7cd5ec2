// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <stop_token>

namespace mooring::cli {

/// Turns Ctrl-C and a friendly request to end (SIGINT, SIGTERM, SIGHUP) into a stop token, so that
/// what must not be lost is finished first. A second Ctrl-C ends the program at once. One object
/// for the whole run.
class Interruption final : public QObject {
    Q_OBJECT
public:
    Interruption();
    ~Interruption() override;

    std::stop_token token() const { return m_stop.get_token(); }

private:
    void onSignal();

    std::stop_source m_stop;
};

} // namespace mooring::cli
