// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace mooring::ui {

/// Notices that the wall clock was set, or that the computer has slept, without ever waking it: on
/// Linux the kernel tells. Elsewhere the window looks again when it becomes active.
class ClockWatch final : public QObject {
    Q_OBJECT
public:
    explicit ClockWatch(QObject *parent = nullptr);
    ~ClockWatch() override;

Q_SIGNALS:
    void clockJumped();

private:
    void arm();

    int m_timer = -1;
};

} // namespace mooring::ui
