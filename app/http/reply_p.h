// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/client.h"

namespace mooring::http {

bool isRedirect(int status);

ResponseHead headOf(const QNetworkReply *reply, const QDateTime &sentAt);

/// Where a redirect leads, or the reason why it must not be followed.
base::Result<Request> redirected(const Request &request, const ResponseHead &head);

/// The body as it was meant, or the reason why it can't be read.
base::Result<QByteArray> decoded(const ResponseHead &head, const QByteArray &body, qint64 maximum);

} // namespace mooring::http
