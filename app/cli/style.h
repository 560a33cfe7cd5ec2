// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mooring::cli {

/// How plain text is written: with colours only where a person looks at a terminal.
struct Style {
    bool hasColours = false;
};

} // namespace mooring::cli
