// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QUrl>

namespace mooring::http {

/// True if two addresses have one owner as far as names can tell: the same host, or hosts of the same
/// registrable domain (by the Public Suffix List that Qt carries, so two tenants of a hoster are two). The
/// names of this computer are one.
bool isSameSite(const QUrl &a, const QUrl &b);

} // namespace mooring::http
