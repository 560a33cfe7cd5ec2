// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

#include <chrono>
#include <optional>

namespace mooring::mcp {

/// One event of a stream. `type` is "message" where the stream names none.
struct SseEvent {
    QByteArray type;
    QByteArray data;
    /// The last id that the stream has named so far; empty if none.
    QByteArray id;

    friend bool operator==(const SseEvent &, const SseEvent &) = default;
};

/// Reads text/event-stream (WHATWG HTML, section 9.2) piece by piece: lines end with CRLF, CR or
/// LF, and a piece may end anywhere. An event that the stream's end cuts off never counts.
class SseParser final {
public:
    /// Bytes of all data lines of one event; a line has room for that and its field name.
    explicit SseParser(qint64 maximumEvent);

    /// The events that these bytes complete. Errors: Protocol, if a cap is passed; the stream is of
    /// no use then, and every later call fails too.
    base::Result<QList<SseEvent>> feed(QByteArrayView bytes);

    /// Of the events that are complete: what the end of the stream cuts off is still to come.
    const QByteArray &lastEventId() const { return m_id; }
    /// How long the server wants us to wait before we connect again.
    std::optional<std::chrono::milliseconds> retry() const { return m_retry; }

    /// Lines have come behind the last event, so that another one may be on its way.
    bool hasBegun() const { return m_hasData || !m_line.isEmpty(); }
    /// The event that these lines would be, if a blank line followed.
    std::optional<SseEvent> unfinished() const;

private:
    bool append(QByteArrayView part);
    bool endLine(QList<SseEvent> *events);
    bool takeField(QByteArrayView name, QByteArrayView value);
    void dispatch(QList<SseEvent> *events);

    qint64 m_maximumEvent;
    QByteArray m_line;
    QByteArray m_type;
    QByteArray m_data;
    /// Counts once its event is complete.
    QByteArray m_nextId;
    QByteArray m_id;
    std::optional<std::chrono::milliseconds> m_retry;
    bool m_hasData = false;
    bool m_afterCarriageReturn = false;
    bool m_firstLine = true;
    bool m_broken = false;
};

} // namespace mooring::mcp
