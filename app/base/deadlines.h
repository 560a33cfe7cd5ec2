// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>

namespace mooring::base {

/// How long each wait may take in total; after it the wait ends with a Timeout error.
/// One value, handed in, so that tests can shorten all of them.
struct Deadlines {
    std::chrono::milliseconds probe = std::chrono::seconds(15);
    /// One metadata document, and all of them together.
    std::chrono::milliseconds discoveryStep = std::chrono::seconds(15);
    std::chrono::milliseconds discovery = std::chrono::seconds(30);
    std::chrono::milliseconds registration = std::chrono::seconds(20);
    std::chrono::milliseconds codeExchange = std::chrono::seconds(20);
    std::chrono::milliseconds refresh = std::chrono::seconds(20);
    std::chrono::milliseconds revocation = std::chrono::seconds(10);
    /// From the click until the browser comes back.
    std::chrono::milliseconds browser = std::chrono::minutes(10);
    /// A request to an MCP server until its answer is complete.
    std::chrono::milliseconds mcpRequest = std::chrono::minutes(2);
    /// No byte for this long ends any HTTP request.
    std::chrono::milliseconds idle = std::chrono::seconds(15);
    /// A keychain job that shows no prompt.
    std::chrono::milliseconds keychain = std::chrono::seconds(10);
    /// Until a keychain that has not kept a renewed token is tried again; the last one for ever.
    std::array<std::chrono::milliseconds, 3> keychainRetries = {
        std::chrono::seconds(5), std::chrono::seconds(30), std::chrono::minutes(5)};
    /// Waiting for another process that holds a connection's lock.
    std::chrono::milliseconds lock = std::chrono::seconds(60);
    /// Before a request is sent again within its step: the first time, the second time.
    std::array<std::chrono::milliseconds, 2> retryPauses = {std::chrono::milliseconds(500),
                                                            std::chrono::seconds(2)};
};

} // namespace mooring::base
