// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QUrl>

namespace mooring::base {

constexpr qsizetype maximumDisplayLength = 200;

/// Text that came from a server, made fit to be shown: control and bidirectional characters are
/// gone, line breaks are spaces, at most `limit` characters and four combining marks on a
/// base character are left. It is plain text; whoever shows it must not let it be taken for markup.
QString displayText(QStringView untrusted, qsizetype limit = maximumDisplayLength);

/// The host of a URL as a person may trust it: in ASCII form, so that a look-alike letter shows.
QString displayHost(const QUrl &url);
/// displayHost() and the port where it isn't the default one of the scheme.
QString displayAuthority(const QUrl &url);

} // namespace mooring::base
