// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"
#include "connections/records/typedheaders.h"
#include "mcp/probe.h"

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QUrl>

#include <functional>

namespace mooring::ui {

/// ConnectionList::probe(), or what a test puts in its place.
using Probe = std::function<base::Task<mcp::ProbeReport>(QUrl url, QList<connections::TypedHeader> headers,
                                                         oauth::SignInSettings settings, http::StepSink sink,
                                                         std::stop_token stop)>;

/// Looks at an address a moment after it was typed. A newer address ends the look at the older one,
/// and nothing of the older one is heard any more.
class DebouncedProbe final : public QObject {
    Q_OBJECT
public:
    static constexpr std::chrono::milliseconds pause{400};

    /// `tasks` outlives it.
    DebouncedProbe(Probe probe, base::TaskScope &tasks, QObject *parent = nullptr);
    ~DebouncedProbe() override;

    /// If there is no server at `url`, the others are tried in their order.
    void look(const QUrl &url, const QList<connections::TypedHeader> &headers,
              const oauth::SignInSettings &settings, const QList<QUrl> &others = {});
    /// Starts a waiting look at once.
    void hurry();
    void stop();
    bool isBusy() const { return m_timer.isActive() || m_running; }

Q_SIGNALS:
    void started();
    void stepEnded(const mooring::http::Step &step);
    /// `url` is the one that the report is of.
    void finished(const QUrl &url, const mooring::mcp::ProbeReport &report);

private:
    void start();
    bool isStill(int number) const { return m_number == number; }
    base::Task<mcp::ProbeReport> probe(const QUrl &url, int number);
    static base::Task<void> run(QPointer<DebouncedProbe> lookup, QUrl url, QList<QUrl> others, int number);

    Probe m_probe;
    base::TaskScope &m_tasks;
    QTimer m_timer;
    QUrl m_url;
    QList<QUrl> m_others;
    QList<connections::TypedHeader> m_headers;
    oauth::SignInSettings m_settings;
    std::stop_source m_stop;
    int m_number = 0;
    bool m_running = false;
};

} // namespace mooring::ui
