// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/debouncedprobe.h"

namespace mooring::ui {

using Verdict = mcp::ProbeReport::Verdict;

namespace {

/// Something that speaks MCP, or would to those that it knows.
bool isServer(const mcp::ProbeReport &report)
{
    switch (report.verdict) {
    case Verdict::Open:
    case Verdict::NeedsSignIn:
    case Verdict::NeedsKey:
    case Verdict::KeyRefused:
    case Verdict::SignInUnusable:
    case Verdict::UnknownVersions:
        return true;
    case Verdict::NotMcp:
    case Verdict::Unreachable:
    case Verdict::Refused:
    case Verdict::Blocked:
        break;
    }
    return false;
}

} // namespace

DebouncedProbe::DebouncedProbe(Probe probe, base::TaskScope &tasks, QObject *parent)
    : QObject(parent)
    , m_probe(std::move(probe))
    , m_tasks(tasks)
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(pause);
    connect(&m_timer, &QTimer::timeout, this, &DebouncedProbe::start);
}

DebouncedProbe::~DebouncedProbe()
{
    m_stop.request_stop();
}

void DebouncedProbe::look(const QUrl &url, const QList<connections::TypedHeader> &headers,
                          const oauth::SignInSettings &settings, const QList<QUrl> &others)
{
    stop();
    m_url = url;
    m_headers = headers;
    m_settings = settings;
    m_others = others;
    m_timer.start();
}

void DebouncedProbe::hurry()
{
    if (m_timer.isActive()) {
        m_timer.stop();
        start();
    }
}

void DebouncedProbe::stop()
{
    m_timer.stop();
    m_stop.request_stop();
    m_running = false;
    ++m_number;
}

void DebouncedProbe::start()
{
    m_stop = std::stop_source();
    m_running = true;
    const int number = ++m_number;
    Q_EMIT started();
    m_tasks.run(run(this, m_url, m_others, number));
}

base::Task<mcp::ProbeReport> DebouncedProbe::probe(const QUrl &url, int number)
{
    const QPointer<DebouncedProbe> self(this);
    const http::StepSink sink = [self, number](const http::Step &step) {
        if (self && self->isStill(number)) {
            Q_EMIT self->stepEnded(step);
        }
    };
    return m_probe(url, m_headers, m_settings, sink, m_stop.get_token());
}

base::Task<void> DebouncedProbe::run(QPointer<DebouncedProbe> lookup, QUrl url, QList<QUrl> others,
                                     int number)
{
    mcp::ProbeReport report = co_await lookup->probe(url, number);
    for (const QUrl &other : others) {
        if (!lookup || !lookup->isStill(number) || report.verdict != Verdict::NotMcp) {
            break;
        }
        const mcp::ProbeReport another = co_await lookup->probe(other, number);
        if (isServer(another)) {
            url = other;
            report = another;
        }
    }
    if (lookup && lookup->isStill(number)) {
        lookup->m_running = false;
        Q_EMIT lookup->finished(url, report);
    }
}

} // namespace mooring::ui
