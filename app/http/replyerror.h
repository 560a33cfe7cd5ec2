// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QNetworkReply>

namespace mooring::http {

/// Why a finished reply brought no usable HTTP answer, in words that name the host.
/// For replies without a status, or that were ended by their guard.
base::Error replyError(const QNetworkReply *reply);

/// The error of a body that is over its limit.
base::Error tooLargeError(const QString &host);

} // namespace mooring::http
