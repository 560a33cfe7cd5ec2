// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strictjson.h"
#include "demo/demoauthserver.h"
#include "demo/demopages.h"

#include <QJsonArray>
#include <QUrl>

#include <algorithm>

namespace mooring::demo {

using namespace Qt::StringLiterals;
using http::FormFields;

namespace {

/// The demo sends people back to this computer only.
bool isLoopbackRedirect(const QUrl &url)
{
    return url.isValid() && url.scheme() == "http"_L1 && url.userInfo().isEmpty() && !url.hasFragment()
           && (url.host() == "127.0.0.1"_L1 || url.host() == "::1"_L1);
}

} // namespace

Response AuthServer::registerClient(const Request &request)
{
    const base::Result<QJsonObject> asked = base::parseJsonObject(request.body);
    if (request.method != "POST" || !asked) {
        return Response::refusal(u"invalid_client_metadata"_s, u"A JSON object is expected"_s);
    }
    QStringList uris;
    for (const QJsonValue uri : asked->value("redirect_uris"_L1).toArray()) {
        if (!isLoopbackRedirect(QUrl(uri.toString()))) {
            return Response::refusal(u"invalid_redirect_uri"_s,
                                     u"The demo only sends back to this computer"_s);
        }
        uris.append(uri.toString());
    }
    if (uris.isEmpty() || asked->value("token_endpoint_auth_method"_L1).toString(u"none"_s) != "none"_L1) {
        return Response::refusal(u"invalid_client_metadata"_s,
                                 u"A public client with a redirect_uri is expected"_s);
    }
    QJsonObject answer = *asked;
    answer.insert(u"token_endpoint_auth_method"_s, u"none"_s);
    answer.insert(u"client_id"_s,
                  m_grants.addClient(asked->value("client_name"_L1).toString(), uris, false).first);
    answer.insert(u"client_id_issued_at"_s, QDateTime::currentSecsSinceEpoch());
    return Response::json(answer, 201);
}

Response AuthServer::registerByHand(const Request &request)
{
    if (request.method != "POST") {
        return Response::page(registerAppPage({}));
    }
    const FormFields form = request.formFields();
    const QString redirectUri = textOf(form, "redirect_uri").trimmed();
    if (!isLoopbackRedirect(QUrl(redirectUri))) {
        return Response::page(
            registerAppPage(u"Only an address on this computer, such as http://127.0.0.1:4000/callback, "
                            "can be registered here."_s),
            400);
    }
    const auto [id, secret] = m_grants.addClient(textOf(form, "name"), {redirectUri}, true);
    return Response::page(registeredAppPage(id, secret, redirectUri));
}

/// RFC 8252 section 7.3: the port of a loopback address may be any.
bool AuthServer::isRedirectAllowed(const Client &client, const QString &redirectUri) const
{
    if (client.redirectUris.contains(redirectUri)) {
        return true;
    }
    QUrl asked(redirectUri);
    if (m_registration != Registration::ByHand || !isLoopbackRedirect(asked)) {
        return false;
    }
    asked.setPort(-1);
    return std::any_of(client.redirectUris.begin(), client.redirectUris.end(), [&](const QString &known) {
        QUrl portless(known);
        portless.setPort(-1);
        return portless == asked;
    });
}

} // namespace mooring::demo
