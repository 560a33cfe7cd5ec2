// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "http/client.h"

#include <optional>

namespace mooring::http {

/// Trouble that is often over in a moment (a network that has just come back, a service that is being
/// restarted) is met within the step: the request is sent again after a pause, before anybody hears
/// of it. One object for each step.
class Retries final {
public:
    enum class Of {
        /// Sending twice does no harm: a document is fetched, a question asked. After each of
        /// Deadlines::retryPauses, also when a gateway says that nobody is behind it (502, 503, 504).
        AnyRequest,
        /// Something may be used up by the request, so that it goes out again only if nothing of it can have
        /// arrived; once.
        UnsentOnly,
    };

    Retries(Of what, const base::Deadlines &deadlines);

    /// How long to wait before sending again; nothing if what came of it stands. A host that doesn't
    /// exist, a silence that has lasted as long as a deadline, TLS that fails and a service that names a
    /// time of its own (Retry-After) stand at once.
    std::optional<std::chrono::milliseconds> after(const base::Error &error);
    std::optional<std::chrono::milliseconds> after(const ResponseHead &head);

private:
    std::optional<std::chrono::milliseconds> next();

    Of m_what;
    std::array<std::chrono::milliseconds, 2> m_pauses;
    std::size_t m_done = 0;
};

/// Client::send(), with the retries of `what`. The pauses are part of no deadline of `request`.
base::Task<base::Result<Response>> sendPatiently(Client &client, Request request, Retries retries,
                                                 std::stop_token stop);

} // namespace mooring::http
