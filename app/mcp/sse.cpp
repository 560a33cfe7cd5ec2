// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/sse.h"

#include "base/words.h"

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

namespace {

constexpr QByteArrayView byteOrderMark("\xEF\xBB\xBF");
/// Longest wait that a server may ask for; a larger number is ignored.
constexpr qint64 maximumRetry = 24LL * 60 * 60 * 1000;
/// Room for "data: " in front of the largest event.
constexpr qint64 fieldName = 64;

} // namespace

SseParser::SseParser(qint64 maximumEvent)
    : m_maximumEvent(maximumEvent)
{
}

base::Result<QList<SseEvent>> SseParser::feed(QByteArrayView bytes)
{
    QList<SseEvent> events;
    const char *at = bytes.begin();
    while (at != bytes.end() && !m_broken) {
        if (m_afterCarriageReturn && *at == '\n') {
            m_afterCarriageReturn = false;
            ++at;
            continue;
        }
        m_afterCarriageReturn = false;
        const char *end = std::find_if(at, bytes.end(), [](char c) { return c == '\r' || c == '\n'; });
        m_broken = !append(QByteArrayView(at, end));
        if (end == bytes.end() || m_broken) {
            break;
        }
        m_afterCarriageReturn = *end == '\r';
        m_broken = !endLine(&events);
        at = end + 1;
    }
    if (m_broken) {
        return base::failed(makeError(
            ErrorKind::Protocol, Words::tr("The server sent more at once than Mooring is willing to read."),
            u"a line or an event of the stream is over the limit"_s));
    }
    return events;
}

std::optional<SseEvent> SseParser::unfinished() const
{
    SseParser ended = *this;
    // One may belong to a CR, one ends the line, and one is the blank line.
    const base::Result<QList<SseEvent>> events = ended.feed("\n\n\n");
    if (!events || events->isEmpty()) {
        return std::nullopt;
    }
    return events->first();
}

bool SseParser::append(QByteArrayView part)
{
    if (part.size() > m_maximumEvent + fieldName - m_line.size()) {
        return false;
    }
    m_line.append(part);
    return true;
}

bool SseParser::endLine(QList<SseEvent> *events)
{
    const QByteArray whole = std::exchange(m_line, {});
    QByteArrayView line(whole);
    if (std::exchange(m_firstLine, false) && line.startsWith(byteOrderMark)) {
        line = line.sliced(byteOrderMark.size());
    }
    if (line.isEmpty()) {
        dispatch(events);
        return true;
    }
    const qsizetype colon = line.indexOf(':');
    if (colon < 0) {
        return takeField(line, {});
    }
    QByteArrayView value = line.sliced(colon + 1);
    if (value.startsWith(' ')) {
        value = value.sliced(1);
    }
    return takeField(line.first(colon), value);
}

bool SseParser::takeField(QByteArrayView name, QByteArrayView value)
{
    if (name == "data") {
        if (m_hasData) {
            m_data.append('\n');
        }
        m_hasData = true;
        m_data.append(value);
        return m_data.size() <= m_maximumEvent;
    }
    if (name == "event") {
        m_type = value.toByteArray();
    } else if (name == "id" && !value.contains('\0')) {
        m_nextId = value.toByteArray();
    } else if (name == "retry") {
        const bool isNumber =
            !value.isEmpty() && value.size() <= 10
            && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
        const qint64 wait = isNumber ? value.toByteArray().toLongLong() : maximumRetry + 1;
        if (wait <= maximumRetry) {
            m_retry = std::chrono::milliseconds(wait);
        }
    }
    return true;
}

void SseParser::dispatch(QList<SseEvent> *events)
{
    m_id = m_nextId;
    if (m_hasData) {
        events->append({m_type.isEmpty() ? QByteArrayLiteral("message") : m_type, m_data, m_id});
    }
    m_hasData = false;
    m_data.clear();
    m_type.clear();
}

} // namespace mooring::mcp
