// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <functional>
#include <memory>
#include <vector>

namespace mooring::support {

/// An address in place of the right one, where the trouble begins before any request can be sent.
struct Elsewhere {
    struct Place {
        /// Scheme, host and port; a path is put behind it.
        QString origin;
        /// Keeps the place as it is.
        std::shared_ptr<void> keeper;
    };

    int row = 0;
    QByteArray name;
    std::function<Place()> make;
    /// Nothing but a deadline ends it.
    bool isSlow = false;
};

/// Rows 1 to 4, 23 and 32 of the fault matrix.
const std::vector<Elsewhere> &elsewheres();

} // namespace mooring::support
