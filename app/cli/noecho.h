// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#ifdef Q_OS_WIN
#include <windows.h>
#endif

namespace mooring::cli {

/// Keeps what is typed on standard input from being shown while it lives. A signal that ends the program, or
/// that stops it until `fg`, leaves a terminal that shows it again. At most one at a time.
class NoEcho final {
public:
    NoEcho();
    ~NoEcho();
    Q_DISABLE_COPY_MOVE(NoEcho)

private:
    bool m_isOn = false;
#ifdef Q_OS_WIN
    DWORD m_before = 0;
#endif
};

} // namespace mooring::cli
