// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QUrl>

namespace mooring::interop {

/// Where else on its host the server may be if there is none at this address, likeliest first: people leave
/// out the path ("/mcp", "/sse"). Query and all else stay. Empty if the path names the protocol already.
QList<QUrl> otherAddresses(const QUrl &url);

} // namespace mooring::interop
