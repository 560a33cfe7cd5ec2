// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What only the person can decide before a sign-in goes on.
#include "connections/signin.h"

#include "base/displaytext.h"
#include "base/words.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Words;

Result<void> SignIn::checkIssuer(const oauth::Discovery &discovery) const
{
    if (!d->record.hasSecret || d->record.issuer.isEmpty() || d->record.issuer == discovery.server.issuer
        || m_options.acceptNewIssuer) {
        return {};
    }
    base::Error error =
        makeError(ErrorKind::RefusedByPolicy,
                  Words::tr("Stopped: this server used to sign you in at %1 and now names %2. Go on only if "
                            "you know that it has moved there.")
                      .arg(issuerHost(d->record), base::displayAuthority(QUrl(discovery.server.issuer))),
                  u"the issuer has changed"_s, base::displayAuthority(QUrl(discovery.server.issuer)));
    error.remedy = QString::fromUtf16(oauth::remedies::acceptsNewIssuer);
    return base::failed(error);
}

/// Nobody but the person can tell a service under several names from a page that is not the service's own.
Result<void> SignIn::checkPage(const oauth::Discovery &discovery) const
{
    const oauth::AuthorizationServer &server = discovery.server;
    const oauth::SignInSettings &settings = d->record.settings;
    // Who gets the code was typed; a typed page alone says nothing of that.
    if (settings.tokenEndpoint.isValid() || m_options.acceptForeignPage || !server.hasForeignPage()) {
        return {};
    }
    const auto before = oauth::AuthorizationServer::fromRecord(d->record.authorizationServer,
                                                               http::UrlPolicy(d->record.url), settings);
    const bool wasAgreedTo = before && before->issuer == server.issuer
                             && before->authorizationEndpoint == server.authorizationEndpoint
                             && before->tokenEndpoint == server.tokenEndpoint;
    if (wasAgreedTo) {
        return {};
    }
    base::Error error = makeError(
        ErrorKind::RefusedByPolicy,
        Words::tr("Stopped: you would sign in at %1, but %2 would get the access. Go on only if you "
                  "know that both belong together.")
            .arg(base::displayAuthority(server.authorizationEndpoint),
                 base::displayAuthority(server.tokenEndpoint)),
        u"the authorization endpoint is on another site than issuer and token endpoint"_s,
        base::displayAuthority(server.tokenEndpoint));
    error.remedy = QString::fromUtf16(oauth::remedies::acceptsForeignPage);
    return base::failed(error);
}

} // namespace mooring::connections
