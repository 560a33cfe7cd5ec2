// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/connectionview.h"

namespace mooring::text {

using connections::Connection;
using connections::RecordedError;

ConnectionView viewOf(const Connection &connection)
{
    return {connection.record(), connection.state(), connection.wantedScopes(),
            connection.pendingRevocation()};
}

ConnectionView lastKnownViewOf(const Connection &connection)
{
    ConnectionView view = viewOf(connection);
    view.state = connection.lastKnownState();
    view.registration = connection.registration();
    const std::optional<RecordedError> lastTrouble = connection.lastTrouble();
    const std::optional<RecordedError> &noticed = lastTrouble ? lastTrouble : view.record.lastError;
    if (view.state.error && noticed && noticed->error == *view.state.error) {
        view.noticedAt = noticed->at;
    }
    return view;
}

} // namespace mooring::text
