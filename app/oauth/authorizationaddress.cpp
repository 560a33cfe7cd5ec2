// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/authorizationaddress.h"

#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "http/urlpolicy.h"

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using http::FormFields;

namespace {

FormFields fieldsOf(const QUrl &url)
{
    return http::decodeForm(url.query(QUrl::FullyEncoded).toLatin1()).value_or(FormFields());
}

} // namespace

AuthorizationAddress::AuthorizationAddress(http::Client &client, const base::Deadlines &deadlines,
                                           const SignInRequest &request)
    : m_client(client)
    , m_deadlines(deadlines)
    , m_request(request)
{
}

void AuthorizationAddress::setRequest(const QUrl &whole)
{
    m_fields = fieldsOf(whole);
    for (const auto &own : fieldsOf(m_request.server.authorizationEndpoint)) {
        m_fields.removeOne(own);
    }
}

bool AuthorizationAddress::mustPush() const
{
    return m_request.server.requiresPushedRequests || m_request.client.requiresPushedRequests;
}

Result<FormFields> AuthorizationAddress::wholeRequest() const
{
    const bool isSigned = m_request.server.requiresSignedRequest || m_request.client.requiresSignedRequest;
    return isSigned ? signedRequest(m_request.server, m_request.client, m_fields, m_client.clock()())
                    : Result<FormFields>(m_fields);
}

Task<Result<QUrl>> AuthorizationAddress::prepare(std::stop_token stop)
{
    m_isPushed = false;
    const Result<FormFields> whole = wholeRequest();
    if (!whole) {
        co_return base::failed(whole.error());
    }
    const oauth::AuthorizationServer &server = m_request.server;
    if (!server.pushedRequestEndpoint.isValid() && !mustPush()) {
        co_return addressWith(*whole);
    }
    Result<PushedRequest> pushed =
        base::failed(makeError(ErrorKind::Protocol, Words::tr("It doesn't say where."),
                               u"no pushed_authorization_request_endpoint"_s));
    if (server.pushedRequestEndpoint.isValid()) {
        pushed = co_await pushRequest(m_client, m_deadlines, server, m_request.client, *whole, m_request.dpop,
                                      stop);
    }
    if (pushed) {
        m_isPushed = true;
        co_return addressWith(
            {{"client_id", m_request.client.clientId.toUtf8()}, {"request_uri", pushed->requestUri}});
    }
    if (mustPush() || isAboutRequest(pushed.error()) || stop.stop_requested()) {
        co_return base::failed(notPushed(pushed.error()));
    }
    // It was an offer, and the page takes the request itself as well.
    qCInfo(base::lcOauth) << "a request could not be pushed, it goes with the browser";
    co_return addressWith(*whole);
}

base::Error AuthorizationAddress::notPushed(base::Error error) const
{
    if (!isAboutRequest(error) && error.kind != ErrorKind::Cancelled) {
        const QString host = base::displayAuthority(QUrl(m_request.server.issuer));
        error.sentence =
            Words::tr("%1 wants to hear of a sign-in before the browser opens, and that failed.").arg(host)
            + u' ' + error.sentence;
    }
    return withFittingRemedy(std::move(error), m_request.resource, m_request.client);
}

QStringList AuthorizationAddress::endpointPairs() const
{
    QStringList pairs =
        m_request.server.authorizationEndpoint.query(QUrl::FullyEncoded).split(u'&', Qt::SkipEmptyParts);
    pairs.removeIf([this](const QString &pair) {
        const QByteArray name = QByteArray::fromPercentEncoding(pair.section(u'=', 0, 0).toLatin1());
        return std::ranges::any_of(m_fields, [&name](const auto &field) { return field.first == name; });
    });
    return pairs;
}

Result<QUrl> AuthorizationAddress::addressWith(const FormFields &shown) const
{
    QStringList query = endpointPairs();
    query.append(QString::fromLatin1(http::encodeForm(shown)));
    QUrl url = m_request.server.authorizationEndpoint;
    url.setQuery(query.join(u'&'), QUrl::StrictMode);
    // A person may have typed a service that is nearer than the server; discovery let no other be so.
    http::AddressClass nearest = http::UrlPolicy::classOf(QUrl(m_request.server.issuer));
    if (!m_request.resource.isEmpty()) {
        nearest = std::max(nearest, http::UrlPolicy::classOf(QUrl(m_request.resource)));
    }
    return http::UrlPolicy(nearest).check(url.toString(QUrl::FullyEncoded), http::UrlUse::Browser);
}

} // namespace mooring::oauth
