// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/task.h"
#include "http/client.h"
#include "mcp/sse.h"

namespace mooring::mcp {

/// The events of an answer, as they come. Servers exist that leave out the blank line behind their last
/// event: by the standard it doesn't count, so that the person would wait for an answer that has come. It is
/// handed out apart then, for the reader to judge, when the stream has ended or has been silent for a second.
class EventStream final {
public:
    struct Batch {
        QList<SseEvent> events;
        /// Of lines that no blank line follows; the same lines may come back as an event.
        std::optional<SseEvent> unfinished;
        bool isOver = false;
    };

    /// `maximumEvent` is the cap of SseParser.
    EventStream(std::shared_ptr<http::BodyStream> body, qint64 maximumEvent);

    /// What comes next; one reader at a time, and the object must outlive the task. A connection that is lost
    /// behind such lines is an end like any other. Errors: those of BodyStream and of SseParser.
    base::Task<base::Result<Batch>> next(std::stop_token stop);
    const SseParser &parser() const { return m_parser; }

private:
    base::Task<base::Result<std::optional<QByteArray>>> read(std::stop_token stop);

    std::shared_ptr<http::BodyStream> m_body;
    SseParser m_parser;
    /// The lines at hand have been handed out apart.
    bool m_isTold = false;
};

} // namespace mooring::mcp
