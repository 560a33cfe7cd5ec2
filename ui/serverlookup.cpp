// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/serverlookup.h"

namespace mooring::ui {

ServerLookup::ServerLookup(Probe probe, base::TaskScope &tasks, QObject *parent)
    : QObject(parent)
    , m_probe(std::move(probe))
    , m_tasks(tasks)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(pause);
    connect(&m_timer, &QTimer::timeout, this, &ServerLookup::start);
}

ServerLookup::~ServerLookup()
{
    m_stop.request_stop();
}

void ServerLookup::look(const QUrl &url, const QList<connections::TypedHeader> &headers,
                        const oauth::SignInSettings &settings)
{
    stop();
    m_url = url;
    m_headers = headers;
    m_settings = settings;
    m_timer.start();
}

void ServerLookup::hurry()
{
    if (m_timer.isActive()) {
        m_timer.stop();
        start();
    }
}

void ServerLookup::stop()
{
    m_timer.stop();
    m_stop.request_stop();
    m_running = false;
    ++m_number;
}

void ServerLookup::start()
{
    m_stop = std::stop_source();
    m_running = true;
    const int number = ++m_number;
    Q_EMIT started();
    const QPointer<ServerLookup> self(this);
    const http::StepSink sink = [self, number](const http::Step &step) {
        if (self && self->m_number == number) {
            Q_EMIT self->stepEnded(step);
        }
    };
    base::Task<mcp::ProbeReport> task = m_probe(m_url, m_headers, m_settings, sink, m_stop.get_token());
    m_tasks.run(run(self, std::move(task), number));
}

base::Task<void> ServerLookup::run(QPointer<ServerLookup> lookup, base::Task<mcp::ProbeReport> task,
                                   int number)
{
    const mcp::ProbeReport report = co_await std::move(task);
    if (lookup && lookup->m_number == number) {
        lookup->m_running = false;
        Q_EMIT lookup->finished(report);
    }
}

} // namespace mooring::ui
