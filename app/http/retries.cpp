// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/retries.h"

namespace mooring::http {

using base::ErrorKind;
using base::Result;
using base::Task;

Retries::Retries(Of what, const base::Deadlines &deadlines)
    : m_what(what)
    , m_pauses(deadlines.retryPauses)
{
}

std::optional<std::chrono::milliseconds> Retries::next()
{
    const std::size_t most = m_what == Of::AnyRequest ? m_pauses.size() : 1;
    if (m_done >= most) {
        return std::nullopt;
    }
    return m_pauses.at(m_done++);
}

std::optional<std::chrono::milliseconds> Retries::after(const base::Error &error)
{
    if (error.kind != ErrorKind::Network || error.isNoSuchHost) {
        return std::nullopt;
    }
    if (m_what == Of::UnsentOnly && error.mayHaveArrived) {
        return std::nullopt;
    }
    return next();
}

std::optional<std::chrono::milliseconds> Retries::after(const ResponseHead &head)
{
    const bool isGateway = head.status == 502 || head.status == 503 || head.status == 504;
    if (m_what == Of::UnsentOnly || !isGateway || !head.headers.value("Retry-After").isEmpty()) {
        return std::nullopt;
    }
    return next();
}

Task<Result<Response>> sendPatiently(Client &client, Request request, Retries retries, std::stop_token stop)
{
    while (true) {
        Result<Response> response = co_await client.send(request, stop);
        const auto pause = response ? retries.after(*response) : retries.after(response.error());
        if (!pause) {
            co_return response;
        }
        if (const bool waited = co_await base::sleepFor(*pause, stop); !waited) {
            co_return base::failed(base::cancelledError());
        }
    }
}

} // namespace mooring::http
