// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QUrl>

namespace mooring::text {

/// What a person has to know of the address of a server: that it is a secret itself, or that everybody in the
/// network can listen. Empty for most.
QString addressNote(const QUrl &typed);

} // namespace mooring::text
