// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/countdown.h"

#include "text/wording.h"

namespace mooring::ui {

using namespace std::chrono;
using connections::Phase;

namespace {

constexpr milliseconds lastMinute = minutes(1);
/// Between two ticks that only change minutes or hours.
constexpr milliseconds slowGap = seconds(55);

} // namespace

std::optional<milliseconds> nextTick(const QList<text::ConnectionView> &views, const QDateTime &now,
                                     const QDateTime &lastTick)
{
    std::optional<milliseconds> next;
    const auto sooner = [&next](milliseconds candidate) { next = next ? qMin(*next, candidate) : candidate; };
    const milliseconds sinceLast(lastTick.isValid() ? qMax<qint64>(0, lastTick.msecsTo(now))
                                                    : slowGap.count());
    for (const text::ConnectionView &view : views) {
        const std::optional<milliseconds> change = text::nextChange(view.state, now);
        if (!change) {
            continue;
        }
        if (view.state.phase != Phase::Authorized || !view.state.expiresAt) {
            sooner(*change);
            continue;
        }
        const milliseconds left(now.msecsTo(*view.state.expiresAt));
        if (left <= lastMinute) {
            sooner(*change);
        } else {
            sooner(qMax(*change, slowGap - sinceLast));
            sooner(left - lastMinute + milliseconds(1));
        }
    }
    return next;
}

Countdown::Countdown(base::Clock clock, Views views, QObject *parent)
    : QObject(parent)
    , m_clock(std::move(clock))
    , m_views(std::move(views))
{
    m_lookedAt = m_clock();
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Countdown::catchUp);
}

void Countdown::setVisible(bool visible)
{
    if (m_visible == visible) {
        return;
    }
    m_visible = visible;
    if (visible && qAbs(m_lookedAt.msecsTo(m_clock())) < 1000) {
        plan();
    } else if (visible) {
        catchUp();
    } else {
        m_timer.stop();
    }
}

void Countdown::plan()
{
    if (!m_visible) {
        return;
    }
    const auto delay = nextTick(m_views(), m_clock(), m_lastTick);
    if (!delay) {
        m_timer.stop();
        return;
    }
    m_timer.start(qMin<milliseconds>(qMax<milliseconds>(*delay, milliseconds(1)), hours(24)));
}

void Countdown::catchUp()
{
    m_lastTick = m_clock();
    m_lookedAt = m_lastTick;
    Q_EMIT ticked();
    plan();
}

std::optional<milliseconds> Countdown::planned() const
{
    return m_timer.isActive() ? std::optional(m_timer.intervalAsDuration()) : std::nullopt;
}

} // namespace mooring::ui
