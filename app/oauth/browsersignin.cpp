// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/browsersignin.h"

#include "base/checkpoint.h"
#include "base/deadline.h"
#include "base/displaytext.h"
#include "base/logging.h"
#include "http/retries.h"
#include "http/urlpolicy.h"
#include "oauth/browsersignin_p.h"

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

constexpr qint64 maximumBody = 64 * 1024;
/// Codes live ten minutes at most (RFC 6749 section 4.1.2) and at many services one; a person who waits for a
/// sign-in has less patience still.
constexpr std::chrono::seconds longestPause(30);
constexpr std::chrono::seconds oldestCode(60);

} // namespace

BrowserSignIn::Private::Private(std::unique_ptr<LoopbackListener> itsListener, SignInRequest itsRequest,
                                http::Client &itsClient)
    : listener(std::move(itsListener))
    , request(std::move(itsRequest))
    , flow(request.client.clientId, request.server.authorizationEndpoint, request.server.tokenEndpoint,
           &manager)
    , client(itsClient)
{
}

void BrowserSignIn::Private::setUp()
{
    http::Limits limits;
    limits.deadline = deadlines.codeExchange;
    limits.idle = deadlines.idle;
    limits.body = maximumBody;
    manager.setDefaultLimits(limits);
    flow.setReplyHandler(listener.get());
    flow.setState(QString::fromLatin1(state));
    flow.setModifyParametersFunction(
        [this](QAbstractOAuth::Stage stage, Parameters *parameters) { modify(stage, parameters); });
    QObject::connect(&flow, &QAbstractOAuth::authorizeWithBrowser, listener.get(),
                     [this](const QUrl &url) { authorizationUrl = url; });
    QObject::connect(listener.get(), &LoopbackListener::answered, &manager,
                     [this](const Result<QByteArray> &result) {
                         code = result.value_or(QByteArray());
                         answer.resolve(result);
                     });
    QObject::connect(
        listener.get(), &LoopbackListener::tokenReplyFinished, &manager,
        [this](QNetworkReply *reply) { tokenAnswer.resolve(http::readReply(reply, postedAt, maximumBody)); });
}

Result<void> BrowserSignIn::Private::buildAuthorizationUrl()
{
    flow.grant();
    // A person may have typed a service that is nearer than the server; discovery let no other be so.
    http::AddressClass nearest = http::UrlPolicy::classOf(QUrl(request.server.issuer));
    if (!request.resource.isEmpty()) {
        nearest = std::max(nearest, http::UrlPolicy::classOf(QUrl(request.resource)));
    }
    const Result<QUrl> checked =
        http::UrlPolicy(nearest).check(authorizationUrl.toString(QUrl::FullyEncoded), http::UrlUse::Browser);
    if (!checked) {
        authorizationUrl.clear();
        return base::failed(checked.error());
    }
    authorizationUrl = *checked;
    return {};
}

Task<Result<void>> BrowserSignIn::Private::resolveTokenEndpoint(std::stop_token stop)
{
    const QUrl endpoint = request.server.tokenEndpoint;
    const Result<http::Addresses> addresses = co_await client.resolution().addressesFor(
        endpoint, request.server.namerOf(endpoint), deadlines.codeExchange, stop);
    if (!addresses) {
        co_return base::failed(addresses.error());
    }
    if (!addresses->isEmpty()) {
        // If nobody is there any more when the person is back, trade() asks anew where the service is.
        manager.setAddressFor(endpoint, addresses->first());
    }
    co_return Result<void>();
}

void BrowserSignIn::Private::giveUp(const base::Error &error)
{
    if (!answer.isResolved()) {
        listener->close();
        answer.resolve(base::failed(error));
    }
}

base::Error BrowserSignIn::Private::timeout() const
{
    return makeError(
        ErrorKind::Timeout,
        tr("The sign-in at %1 was not finished in the browser in time. Try it once more.").arg(host()),
        u"no answer at the callback address"_s, host());
}

base::Error BrowserSignIn::Private::notPosted() const
{
    return makeError(ErrorKind::Protocol, tr("The sign-in at %1 could not be completed.").arg(host()),
                     u"the flow did not post the code"_s, host());
}

QString BrowserSignIn::Private::host() const
{
    return base::displayAuthority(QUrl(request.server.issuer));
}

BrowserSignIn::BrowserSignIn(std::unique_ptr<LoopbackListener> listener, SignInRequest request,
                             OpenUrl openUrl, base::Deadlines deadlines, http::Client &client)
    : d(std::make_unique<Private>(std::move(listener), std::move(request), client))
{
    d->openUrl = std::move(openUrl);
    d->deadlines = deadlines;
    d->setUp();
}

BrowserSignIn::~BrowserSignIn() = default;

Task<Result<TokenSet>> BrowserSignIn::run(std::stop_token stop)
{
    // Until it is done there is no address that could be opened, for an answer is traded at once.
    Result<void> ready = co_await d->resolveTokenEndpoint(stop);
    if (ready) {
        ready = d->buildAuthorizationUrl();
    }
    if (!ready) {
        d->listener->close();
        co_return base::failed(ready.error());
    }
    d->listener->expect(d->state, d->request.server.issuer, d->request.server.issParameterSupported);
    qCInfo(base::lcOauth).noquote() << "waiting for the browser," << d->host();
    base::Deadline deadline([this] { d->giveUp(d->timeout()); });
    deadline.start(d->deadlines.browser);
    const auto onStop = [this] { d->giveUp(base::cancelledError()); };
    const std::stop_callback stopCallback(stop, onStop);
    if (!stop.stop_requested()) {
        const bool opened = d->openUrl(d->authorizationUrl);
        Q_EMIT waiting(opened);
    }
    base::checkpoint("K09");
    const Result<QByteArray> code = co_await d->answer;
    deadline.stop();
    if (!code) {
        d->listener->close();
        co_return base::failed(withFittingRemedy(code.error(), d->request.resource, d->request.client));
    }
    if (!d->postedAt.isValid()) {
        co_return base::failed(d->notPosted());
    }
    base::checkpoint("K11");
    Q_EMIT exchanging();
    Result<TokenSet> tokens = co_await d->trade(stop);
    co_return tokens;
}

std::optional<std::chrono::milliseconds>
BrowserSignIn::Private::pauseAfter(const Result<http::Response> &response) const
{
    if (!response) {
        return http::Retries(http::Retries::Of::UnsentOnly, deadlines).after(response.error());
    }
    // 429 says that the request has not been looked at (RFC 6585 section 4), so the code is as good as
    // before.
    const QDateTime now = client.clock()();
    const base::Error error = statusError(*response, now);
    if (response->status != 429 || !error.retryAt) {
        return std::nullopt;
    }
    const std::chrono::milliseconds pause(now.msecsTo(*error.retryAt));
    const bool isInTime = pause <= longestPause && postedAt.secsTo(now) < oldestCode.count();
    return isInTime ? std::optional(pause) : std::nullopt;
}

Task<Result<TokenSet>> BrowserSignIn::Private::trade(std::stop_token stop)
{
    // From here on nothing ends the wait but the request's own deadline: the code is spent.
    Result<http::Response> response = co_await tokenAnswer;
    SecondTries tries(request.client, request.dpop);
    const std::optional<std::chrono::milliseconds> pause = pauseAfter(response);
    if (pause) {
        if (const bool waited = co_await base::sleepFor(*pause, stop); !waited) {
            co_return base::failed(base::cancelledError());
        }
    }
    if (pause || (response && tries.allow(*response))) {
        response = co_await sendTokenPost(client, codePost(), tries, {});
    }
    if (!response) {
        co_return base::failed(response.error());
    }
    Result<TokenSet> tokens = readTokenSet(*response, request.scopes, request.dpop != nullptr);
    if (!tokens) {
        co_return base::failed(withFittingRemedy(tokens.error(), request.resource, request.client));
    }
    co_return tokens;
}

QUrl BrowserSignIn::authorizationUrl() const
{
    return d->authorizationUrl;
}

bool BrowserSignIn::openAgain()
{
    return !d->authorizationUrl.isEmpty() && !d->answer.isResolved() && d->openUrl(d->authorizationUrl);
}

Result<void> BrowserSignIn::pasteAddress(const QString &address)
{
    return d->listener->acceptPasted(address);
}

QString BrowserSignIn::redirectUri() const
{
    return d->listener->redirectUri();
}

} // namespace mooring::oauth
