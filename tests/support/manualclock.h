// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <memory>

namespace mooring::support {

/// A clock that goes when a test says so. Copies and the functions it hands out share one time.
class ManualClock final {
public:
    ManualClock()
        : m_now(std::make_shared<QDateTime>(QDateTime::currentDateTimeUtc()))
    {
    }
    base::Clock function() const
    {
        return [now = m_now] { return *now; };
    }
    QDateTime now() const { return *m_now; }
    void advance(std::chrono::milliseconds by) const { *m_now = m_now->addMSecs(by.count()); }

private:
    std::shared_ptr<QDateTime> m_now;
};

} // namespace mooring::support
