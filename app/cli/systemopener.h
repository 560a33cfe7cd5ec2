// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QUrl>

namespace mooring::cli {

/// Hands a page to the person's browser: xdg-open or open, started with an argument vector and
/// without a shell, or the shell's own function on Windows. The one place of the project that starts
/// a program. `url` has passed http::UrlPolicy for the browser; anything but http and https is
/// refused here once more. False if nothing could be started.
bool openInBrowser(const QUrl &url);

} // namespace mooring::cli
