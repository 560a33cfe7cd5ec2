// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "text/connectionview.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace mooring::ui {

/// When the texts of these connections have to be worked out again: to the second in somebody's last
/// minute, otherwise once a minute for all of them together, so that a window with many connections
/// doesn't wake the computer for each. Nothing if no text will change by itself.
std::optional<std::chrono::milliseconds> nextTick(const QList<text::ConnectionView> &views,
                                                  const QDateTime &now, const QDateTime &lastTick);

/// Says when to look at the clock anew, and is silent while nobody can see it.
class Countdown final : public QObject {
    Q_OBJECT
public:
    using Views = std::function<const QList<text::ConnectionView> &()>;
    Countdown(base::Clock clock, Views views, QObject *parent = nullptr);

    /// Becoming visible ticks at once, unless everything has only just been worked out: any amount of
    /// time may have passed.
    void setVisible(bool visible);
    /// The views have changed: works out anew when the next tick is.
    void plan();
    /// Ticks now: the clock was set, or the computer has slept.
    void catchUp();
    /// Nothing while no tick is planned.
    std::optional<std::chrono::milliseconds> planned() const;

Q_SIGNALS:
    /// Texts that depend on the time may be out of date.
    void ticked();

private:
    base::Clock m_clock;
    Views m_views;
    QTimer m_timer;
    QDateTime m_lastTick;
    /// When the texts were last known to be right: made, or ticked.
    QDateTime m_lookedAt;
    bool m_visible = false;
};

} // namespace mooring::ui
