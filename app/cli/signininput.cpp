// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/signininput.h"

#include "base/words.h"
#include "http/urlpolicy.h"

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Secret;
using base::Task;
using base::Words;
using connections::AssertionGrant;
using connections::AuthorizeOptions;
using connections::ClientCredentials;
namespace remedies = oauth::remedies;

namespace {

/// An RSA key of 8192 bits has a hundred.
constexpr int maximumKeyLines = 200;

/// Line by line, because more may come after its END line. Nothing is echoed.
Task<Result<Secret>> readPem(Terminal &terminal, std::stop_token stop)
{
    QByteArray pem;
    QString question = Words::tr("Private key (PEM):");
    for (int count = 0; count < maximumKeyLines; ++count) {
        Result<Secret> line = co_await terminal.readSecret(std::exchange(question, QString()), stop);
        if (!line) {
            co_return base::failed(line.error());
        }
        if (count == 0 && !line->reveal().startsWith("-----BEGIN ")) {
            break;
        }
        pem += line->reveal() + '\n';
        if (line->reveal().startsWith("-----END ")) {
            co_return Secret(pem);
        }
    }
    co_return base::failed(base::makeError(ErrorKind::InvalidInput,
                                           Words::tr("A private key begins with -----BEGIN PRIVATE KEY----- "
                                                     "and ends with -----END PRIVATE KEY-----.")));
}

Task<Result<ClientCredentials>> readClient(Terminal &terminal, Arguments arguments, std::stop_token stop)
{
    ClientCredentials client;
    client.clientId = arguments.clientId;
    if (arguments.readsClientSecret) {
        Result<Secret> secret = co_await terminal.readSecret(Words::tr("Client secret:"), stop);
        if (!secret) {
            co_return base::failed(secret.error());
        }
        client.clientSecret = *secret;
    }
    if (arguments.readsPrivateKey) {
        Result<Secret> key = co_await readPem(terminal, stop);
        if (!key) {
            co_return base::failed(key.error());
        }
        client.privateKey = *key;
    }
    co_return client;
}

/// The part of an assertion that only an identity provider needs.
Task<Result<AssertionGrant>> addProvider(Terminal &terminal, Arguments arguments, AssertionGrant grant,
                                         std::stop_token stop)
{
    const Result<QUrl> endpoint = http::UrlPolicy::parseTyped(arguments.idpTokenEndpoint);
    if (!endpoint) {
        co_return base::failed(endpoint.error());
    }
    grant.idpTokenEndpoint = *endpoint;
    grant.idpClient.clientId = arguments.idpClientId;
    Result<Secret> secret = co_await terminal.readSecret(
        Words::tr("Client secret at the identity provider (Enter if none):"), stop);
    if (secret) {
        grant.idpClient.clientSecret = *secret;
    } else if (secret.error().kind != ErrorKind::InvalidInput) {
        co_return base::failed(secret.error());
    }
    co_return grant;
}

Task<Result<AssertionGrant>> readAssertion(Terminal &terminal, Arguments arguments, std::stop_token stop)
{
    const QString question = arguments.readsIdToken ? Words::tr("ID token of your company:")
                                                    : Words::tr("Token of this workload:");
    Result<Secret> token = co_await terminal.readSecret(question, stop);
    if (!token) {
        co_return base::failed(token.error());
    }
    AssertionGrant grant;
    grant.token = *token;
    if (!arguments.readsIdToken) {
        co_return grant;
    }
    Result<AssertionGrant> whole =
        co_await addProvider(terminal, std::move(arguments), std::move(grant), stop);
    co_return whole;
}

Result<QStringList> moreScopes(const Arguments &arguments, const QStringList &wanted)
{
    if (arguments.allowsMore && wanted.isEmpty()) {
        return base::failed(base::makeError(
            ErrorKind::InvalidInput,
            Words::tr("The server has not asked for more. Name a permission with --scope if you know it.")));
    }
    QStringList scopes = arguments.allowsMore ? wanted : QStringList();
    scopes += arguments.scopes;
    scopes.removeDuplicates();
    return scopes;
}

} // namespace

void takeRemedy(AuthorizeOptions *options, QStringView remedy)
{
    options->acceptNewIssuer = options->acceptNewIssuer || remedy == QStringView(remedies::acceptsNewIssuer);
    options->acceptForeignPage =
        options->acceptForeignPage || remedy == QStringView(remedies::acceptsForeignPage);
    options->forgetRegistration =
        options->forgetRegistration || remedy == QStringView(remedies::forgetsRegistration);
}

Task<Result<AuthorizeOptions>> readSignInOptions(Terminal &terminal, Arguments arguments,
                                                 QStringList wantedScopes, std::stop_token stop)
{
    AuthorizeOptions options;
    options.selectAccount = arguments.choosesAccount;
    for (const QString &remedy : std::as_const(arguments.remedies)) {
        takeRemedy(&options, remedy);
    }
    const Result<QStringList> scopes = moreScopes(arguments, wantedScopes);
    if (!scopes) {
        co_return base::failed(scopes.error());
    }
    options.moreScopes = *scopes;
    if (!arguments.clientId.isEmpty()) {
        Result<ClientCredentials> client = co_await readClient(terminal, arguments, stop);
        if (!client) {
            co_return base::failed(client.error());
        }
        options.client = *client;
    }
    if (arguments.readsWorkloadToken || arguments.readsIdToken) {
        Result<AssertionGrant> assertion = co_await readAssertion(terminal, arguments, stop);
        if (!assertion) {
            co_return base::failed(assertion.error());
        }
        options.assertion = *assertion;
    }
    co_return options;
}

} // namespace mooring::cli
