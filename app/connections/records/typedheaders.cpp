// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/typedheaders.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/urlpolicy.h"

#include <algorithm>
#include <cctype>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

constexpr qsizetype maximumValue = 8192;

Result<void> mistake(const QString &sentence)
{
    return base::failed(makeError(ErrorKind::InvalidInput, sentence));
}

/// What a request says about itself, and what Mooring says in the person's name.
bool isMooringsOwn(const QByteArray &name)
{
    static const QByteArrayList own = {
        "host",       "content-length",      "content-type", "content-encoding", "accept", "accept-encoding",
        "cookie",     "transfer-encoding",   "connection",   "keep-alive",       "te",     "trailer",
        "upgrade",    "proxy-authorization", "expect",       "user-agent",       "dpop",   "last-event-id",
        "set-cookie", "proxy-connection"};
    return own.contains(name) || name.startsWith("mcp-");
}

} // namespace

bool isSameHeader(const QString &name, const QString &other)
{
    return name.compare(other, Qt::CaseInsensitive) == 0;
}

Result<void> checkHeaderName(const QString &name)
{
    const QByteArray bytes = name.toUtf8();
    const bool isToken = !bytes.isEmpty() && std::all_of(bytes.begin(), bytes.end(), [](char c) {
        // RFC 9110 section 5.6.2.
        return std::isalnum(static_cast<unsigned char>(c)) || QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
    });
    if (!isToken) {
        return mistake(Words::tr("That is not a header name. It looks like Authorization or X-Api-Key."));
    }
    if (isMooringsOwn(bytes.toLower())) {
        return mistake(Words::tr("The header %1 can't carry a key.").arg(base::displayText(name)));
    }
    return {};
}

Result<void> checkHeader(const QString &name, const QByteArray &value)
{
    if (const Result<void> named = checkHeaderName(name); !named) {
        return named;
    }
    const bool isPrintable = !value.isEmpty() && std::all_of(value.begin(), value.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f;
    });
    if (!isPrintable) {
        return mistake(Words::tr("A key can't be empty, and it has only printable ASCII characters."));
    }
    if (value.size() > maximumValue) {
        return mistake(Words::tr("The value of %1 is too long to be sent.").arg(base::displayText(name)));
    }
    return {};
}

Result<void> checkHeaderKey(const QString &name, const base::Secret &value)
{
    return checkHeader(name, value.reveal());
}

Result<void> checkHeaders(const QList<TypedHeader> &headers)
{
    if (headers.size() > maximumHeaders) {
        return mistake(Words::tr("A connection sends at most %1 headers.").arg(maximumHeaders));
    }
    for (qsizetype i = 0; i < headers.size(); ++i) {
        const TypedHeader &header = headers.at(i);
        if (const Result<void> fits = checkHeader(header.name, header.value.reveal()); !fits) {
            return fits;
        }
        for (qsizetype before = 0; before < i; ++before) {
            if (isSameHeader(headers.at(before).name, header.name)) {
                return mistake(
                    Words::tr("The header %1 is there twice.").arg(base::displayText(header.name)));
            }
        }
    }
    return {};
}

TypedHeaders::TypedHeaders(QList<TypedHeader> headers, base::Secret query, QString origin)
    : m_headers(std::move(headers))
    , m_query(std::move(query))
    , m_origin(std::move(origin))
{
}

mcp::Authorizer::Key TypedHeaders::key() const
{
    const auto isSecret = [](const TypedHeader &header) { return header.isSecret; };
    if (std::any_of(m_headers.cbegin(), m_headers.cend(), isSecret)) {
        return Key::InHeader;
    }
    return m_query.isEmpty() ? Key::None : Key::InAddress;
}

Task<Result<http::Request>> TypedHeaders::authorize(http::Request request, std::stop_token)
{
    if (http::origin(request.url) == m_origin) {
        for (const TypedHeader &header : std::as_const(m_headers)) {
            request.headers.set(header.name.toLatin1(), header.value.reveal());
        }
        request.secretQuery = m_query;
    }
    co_return request;
}

Task<Result<void>> TypedHeaders::onChallenge(http::Request, http::ResponseHead refusal,
                                             QList<oauth::Challenge>, std::stop_token)
{
    const QString host = base::displayAuthority(refusal.url);
    co_return base::failed(
        makeError(ErrorKind::Denied, Words::tr("%1 refused this key.").arg(host), {}, host));
}

} // namespace mooring::connections
