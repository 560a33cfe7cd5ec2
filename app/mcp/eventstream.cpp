// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/eventstream.h"

#include <QTimer>

namespace mooring::mcp {

using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

/// Behind lines that may be a whole event.
constexpr std::chrono::milliseconds longestSilence(1000);

} // namespace

EventStream::EventStream(std::shared_ptr<http::BodyStream> body, qint64 maximumEvent)
    : m_body(std::move(body))
    , m_parser(maximumEvent)
{
}

/// The next bytes; nothing if lines are waiting for their blank line and the stream falls silent.
Task<Result<std::optional<QByteArray>>> EventStream::read(std::stop_token stop)
{
    std::stop_source waiting;
    const auto onStop = [waiting]() mutable { waiting.request_stop(); };
    const std::stop_callback stopCallback(stop, onStop);
    QTimer timer;
    timer.setSingleShot(true);
    QObject::connect(&timer, &QTimer::timeout, &timer, onStop);
    if (m_parser.hasBegun() && !m_isTold) {
        timer.start(longestSilence);
    }
    Result<QByteArray> piece = co_await m_body->read(waiting.get_token());
    if (piece) {
        co_return std::optional(*piece);
    }
    if (piece.error().kind == ErrorKind::Cancelled && !stop.stop_requested()) {
        co_return std::optional<QByteArray>();
    }
    co_return base::failed(piece.error());
}

Task<Result<EventStream::Batch>> EventStream::next(std::stop_token stop)
{
    Batch batch;
    Result<std::optional<QByteArray>> piece = co_await read(stop);
    const bool isLost = !piece && piece.error().kind == ErrorKind::Network && m_parser.hasBegun();
    if (!piece && (!isLost || std::exchange(m_isTold, true))) {
        co_return base::failed(piece.error());
    }
    if (isLost || !*piece || (*piece)->isEmpty()) {
        batch.isOver = piece && *piece;
        batch.unfinished = m_parser.unfinished();
        m_isTold = true;
        co_return batch;
    }
    Result<QList<SseEvent>> events = m_parser.feed(**piece);
    if (!events) {
        co_return base::failed(events.error());
    }
    m_isTold = false;
    batch.events = *events;
    co_return batch;
}

} // namespace mooring::mcp
