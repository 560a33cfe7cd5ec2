// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/browsersignin.h"

#include "base/checkpoint.h"
#include "base/deadline.h"
#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "http/retries.h"
#include "http/urlpolicy.h"
#include "oauth/browsersignin_p.h"
#include "oauth/refusal.h"

#include <algorithm>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

constexpr qint64 maximumBody = 64 * 1024;
/// Codes live ten minutes at most (RFC 6749 section 4.1.2) and at many services one; a person who waits for a
/// sign-in has less patience still.
constexpr std::chrono::seconds longestPause(30);
constexpr std::chrono::seconds oldestCode(60);

/// Of a code that is a moment old; what is said of a sign-in that has ended would send people round in
/// circles.
base::Error ofFirstSignIn(base::Error error, const Refusal &said)
{
    if (error.kind != ErrorKind::SignInNeeded) {
        return error;
    }
    error.sentence = Words::tr("%1 refused the code that it had just given to the browser (%2). Try it once "
                               "more; if that doesn't help, %1 isn't set up right, and only its owner can "
                               "mend that.")
                         .arg(error.host, error.oauthCode);
    return said.added(std::move(error));
}

} // namespace

BrowserSignIn::Private::Private(std::unique_ptr<LoopbackListener> itsListener, SignInRequest itsRequest,
                                http::Client &itsClient)
    : listener(std::move(itsListener))
    , request(std::move(itsRequest))
    , flow(request.client.clientId, request.server.authorizationEndpoint, request.server.tokenEndpoint,
           &manager)
    , client(itsClient)
    , address(client, deadlines, request)
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

Task<Result<void>> BrowserSignIn::Private::prepareAddress(std::stop_token stop)
{
    const Result<QUrl> ready = co_await address.prepare(std::move(stop));
    authorizationUrl = ready.value_or(QUrl());
    co_return ready ? Result<void>() : Result<void>(base::failed(ready.error()));
}

Task<void> BrowserSignIn::Private::openAnew(BrowserSignIn *signIn)
{
    const Result<void> ready = co_await prepareAddress(tasks.token());
    isOpeningAnew = false;
    if (answer.isResolved()) {
        co_return;
    }
    if (!ready) {
        giveUp(ready.error());
        co_return;
    }
    Q_EMIT signIn->waiting(openUrl(authorizationUrl));
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
        Words::tr("The sign-in at %1 was not finished in the browser in time. Try it once more.").arg(host()),
        u"no answer at the callback address"_s, host());
}

base::Error BrowserSignIn::Private::notPosted() const
{
    return makeError(ErrorKind::Protocol, Words::tr("The sign-in at %1 could not be completed.").arg(host()),
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
        d->flow.grant();
        d->address.setRequest(d->authorizationUrl);
        ready = co_await d->prepareAddress(stop);
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
    d->tasks.cancel();
    co_await d->tasks.drained();
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
    const Result<http::Response> first = co_await tokenAnswer;
    const TokenPost post = codePost();
    SecondTries tries(request.client, request.dpop);
    const std::optional<std::chrono::milliseconds> pause = pauseAfter(first);
    if (pause) {
        if (const bool waited = co_await base::sleepFor(*pause, stop); !waited) {
            co_return base::failed(base::cancelledError());
        }
    }
    Result<TokenReply> reply = base::failed(first ? base::Error() : first.error());
    if (pause || (first && tries.allow(*first))) {
        reply = co_await sendTokenPost(client, post, tries, {});
    } else if (first) {
        reply = TokenReply{*first, request.client.method};
    }
    if (!reply) {
        co_return base::failed(reply.error());
    }
    Result<TokenSet> tokens = readTokenReply(*reply, post, request.scopes);
    if (!tokens) {
        const base::Error error = ofFirstSignIn(tokens.error(), Refusal::of(*reply, post.secrets()));
        co_return base::failed(withFittingRemedy(error, request.resource, request.client));
    }
    co_return tokens;
}

QUrl BrowserSignIn::authorizationUrl() const
{
    return d->authorizationUrl;
}

bool BrowserSignIn::openAgain()
{
    if (d->authorizationUrl.isEmpty() || d->answer.isResolved()) {
        return false;
    }
    if (!d->address.isPushed()) {
        return d->openUrl(d->authorizationUrl);
    }
    if (!std::exchange(d->isOpeningAnew, true)) {
        d->tasks.run(d->openAnew(this));
    }
    return true;
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
