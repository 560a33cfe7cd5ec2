// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "text/connectionview.h"

namespace mooring::ui {

// What a connection is called, fit to be shown.

QString nameOf(const text::ConnectionView &view);
QString addressOf(const text::ConnectionView &view);
/// "mcp.linear.app · work"
QString subtitleOf(const text::ConnectionView &view);
/// "Linear, mcp.linear.app, Authorized, 54 minutes left": for screen readers.
QString spokenOf(const text::ConnectionView &view, const QDateTime &now);

} // namespace mooring::ui
