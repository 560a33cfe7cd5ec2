// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringView>

namespace mooring::interop {

/// The number of the line in which a place lies, beginning with 1.
inline int lineOf(QStringView text, qsizetype at)
{
    return static_cast<int>(text.left(at).count(u'\n')) + 1;
}

} // namespace mooring::interop
