// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/typedheaders.h"

#include "base/displaytext.h"
#include "http/urlpolicy.h"

#include <QCoreApplication>

namespace mooring::connections {

using base::ErrorKind;
using base::Result;
using base::Task;

TypedHeaders::TypedHeaders(QList<TypedHeader> headers, QString origin)
    : m_headers(std::move(headers))
    , m_origin(std::move(origin))
{
}

Task<Result<http::Request>> TypedHeaders::authorize(http::Request request, std::stop_token)
{
    if (http::origin(request.url) == m_origin) {
        for (const TypedHeader &header : std::as_const(m_headers)) {
            request.headers.set(header.name.toLatin1(), header.value.reveal());
        }
    }
    co_return request;
}

Task<Result<void>> TypedHeaders::onChallenge(http::Request, http::ResponseHead refusal,
                                             QList<oauth::Challenge>, std::stop_token)
{
    const QString host = base::displayAuthority(refusal.url);
    const QString sentence =
        QCoreApplication::translate("mooring::connections", "%1 refused this key.").arg(host);
    co_return base::failed(makeError(ErrorKind::Denied, sentence, {}, host));
}

} // namespace mooring::connections
