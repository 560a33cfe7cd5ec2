// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/browsersignin.h"

#include "base/displaytext.h"
#include "base/logging.h"
#include "http/accessmanager.h"
#include "http/form.h"
#include "oauth/tokenrequest.h"

#include <QCryptographicHash>
#include <QOAuth2AuthorizationCodeFlow>
#include <QTimer>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

constexpr qint64 maximumBody = 64 * 1024;

using Parameters = QMultiMap<QString, QVariant>;

/// Each value stands once and is encoded here: QUrlQuery leaves '+' and what looks encoded alone,
/// and newer versions of Qt have put their own PKCE parameters in already.
void put(Parameters *parameters, const QString &name, const QByteArray &value)
{
    parameters->remove(name);
    parameters->insert(name, QString::fromLatin1(http::percentEncode(value)));
}

QByteArray challengeOf(const QByteArray &verifier)
{
    return QCryptographicHash::hash(verifier, QCryptographicHash::Sha256)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

} // namespace

class BrowserSignIn::Private final {
public:
    Private(std::unique_ptr<LoopbackListener> itsListener, SignInRequest itsRequest)
        : listener(std::move(itsListener))
        , request(std::move(itsRequest))
        , flow(request.client.clientId, request.server.authorizationEndpoint, request.server.tokenEndpoint,
               &manager)
    {
    }

    void setUp();
    void modify(QAbstractOAuth::Stage stage, Parameters *parameters);
    void completeAuthorizationRequest(Parameters *parameters) const;
    void completeTokenRequest(Parameters *parameters);
    Result<void> buildAuthorizationUrl();
    /// Ends the wait. The listener closes with it, so that an answer that comes too late is not traded.
    void giveUp(const base::Error &error);
    base::Error timeout() const;
    base::Error notPosted() const;
    QString host() const { return base::displayAuthority(QUrl(request.server.issuer)); }

    // Destroyed from below: the flow first, then the manager with its replies, then their handler
    // (reference/qt.md 1.2; in another order Qt 6.4 calls a dead handler).
    std::unique_ptr<LoopbackListener> listener;
    SignInRequest request;
    http::AccessManager manager;
    QOAuth2AuthorizationCodeFlow flow;

    OpenUrl openUrl;
    base::Deadlines deadlines;
    base::Clock clock;
    QUrl authorizationUrl;
    QByteArray state = base::randomText();
    QByteArray verifier = base::randomText();
    QByteArray code;
    /// When the code was posted; not valid before.
    QDateTime postedAt;
    base::OneShot<Result<QByteArray>> answer;
    base::OneShot<Result<TokenSet>> tokens;
};

void BrowserSignIn::Private::setUp()
{
    http::Limits limits;
    limits.deadline = deadlines.codeExchange;
    limits.idle = deadlines.idle;
    limits.body = maximumBody;
    manager.setDefaultLimits(limits);
    http::FormFields unused;
    http::Headers headers;
    authenticate(request.client, &unused, &headers);
    manager.setAuthorizationFor(request.server.tokenEndpoint, headers.value("Authorization"));
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
        listener.get(), &LoopbackListener::tokenReplyFinished, &manager, [this](QNetworkReply *reply) {
            const Result<http::Response> response = http::readReply(reply, postedAt, maximumBody);
            tokens.resolve(response ? readTokenSet(*response, request.scopes)
                                    : base::failed(response.error()));
        });
}

void BrowserSignIn::Private::modify(QAbstractOAuth::Stage stage, Parameters *parameters)
{
    put(parameters, u"client_id"_s, request.client.clientId.toUtf8());
    put(parameters, u"redirect_uri"_s, listener->redirectUri().toUtf8());
    if (request.resource.isEmpty()) {
        parameters->remove(u"resource"_s);
    } else {
        put(parameters, u"resource"_s, request.resource.toUtf8());
    }
    // A secret in the browser's address would be none; for the token request it is put back.
    parameters->remove(u"client_secret"_s);
    if (stage == QAbstractOAuth::Stage::RequestingAuthorization) {
        completeAuthorizationRequest(parameters);
    } else if (stage == QAbstractOAuth::Stage::RequestingAccessToken) {
        completeTokenRequest(parameters);
    }
}

void BrowserSignIn::Private::completeAuthorizationRequest(Parameters *parameters) const
{
    put(parameters, u"response_type"_s, "code");
    put(parameters, u"state"_s, state);
    put(parameters, u"code_challenge"_s, challengeOf(verifier));
    put(parameters, u"code_challenge_method"_s, "S256");
    parameters->remove(u"scope"_s);
    if (!request.scopes.isEmpty()) {
        put(parameters, u"scope"_s, request.scopes.join(u' ').toUtf8());
    }
    // Qt drops the query of the endpoint itself, which RFC 6749 section 3.1 wants kept. What we say
    // ourselves is not said twice.
    const QString query = request.server.authorizationEndpoint.query(QUrl::FullyEncoded);
    const QStringList own = parameters->uniqueKeys();
    for (const QString &pair : query.split(u'&', Qt::SkipEmptyParts)) {
        const QString name = pair.section(u'=', 0, 0);
        if (!own.contains(QUrl::fromPercentEncoding(name.toLatin1()))) {
            parameters->insert(name, pair.section(u'=', 1));
        }
    }
}

void BrowserSignIn::Private::completeTokenRequest(Parameters *parameters)
{
    put(parameters, u"code"_s, code);
    put(parameters, u"code_verifier"_s, verifier);
    parameters->remove(u"client_id"_s);
    http::FormFields identity;
    http::Headers headers;
    authenticate(request.client, &identity, &headers);
    for (const auto &[name, value] : std::as_const(identity)) {
        put(parameters, QString::fromLatin1(name), value);
    }
    postedAt = clock();
    // Right after its post() the flow offers the client id with an empty password to whoever asks,
    // and posts the code again for it; so that has to be undone right after that.
    QMetaObject::invokeMethod(
        &manager,
        [this] {
            QObject::disconnect(&manager, &QNetworkAccessManager::authenticationRequired, &flow, nullptr);
        },
        Qt::QueuedConnection);
}

Result<void> BrowserSignIn::Private::buildAuthorizationUrl()
{
    flow.grant();
    const QUrl nearest(request.resource.isEmpty() ? request.server.issuer : request.resource);
    const Result<QUrl> checked =
        http::UrlPolicy(nearest).check(authorizationUrl.toString(QUrl::FullyEncoded), http::UrlUse::Browser);
    if (!checked) {
        authorizationUrl.clear();
        return base::failed(checked.error());
    }
    authorizationUrl = *checked;
    return {};
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

BrowserSignIn::BrowserSignIn(std::unique_ptr<LoopbackListener> listener, SignInRequest request,
                             OpenUrl openUrl, base::Deadlines deadlines, base::Clock clock)
    : d(std::make_unique<Private>(std::move(listener), std::move(request)))
{
    d->openUrl = std::move(openUrl);
    d->deadlines = deadlines;
    d->clock = std::move(clock);
    d->setUp();
}

BrowserSignIn::~BrowserSignIn() = default;

Task<Result<TokenSet>> BrowserSignIn::run(std::stop_token stop)
{
    const Result<void> built = d->buildAuthorizationUrl();
    if (!built) {
        d->listener->close();
        co_return base::failed(built.error());
    }
    d->listener->expect(d->state, d->request.server.issuer, d->request.server.issParameterSupported);
    qCInfo(base::lcOauth).noquote() << "waiting for the browser," << d->host();
    QTimer deadline;
    deadline.setSingleShot(true);
    connect(&deadline, &QTimer::timeout, this, [this] { d->giveUp(d->timeout()); });
    deadline.start(d->deadlines.browser);
    const auto onStop = [this] { d->giveUp(base::cancelledError()); };
    const std::stop_callback stopCallback(stop, onStop);
    if (!stop.stop_requested()) {
        const bool opened = d->openUrl(d->authorizationUrl);
        Q_EMIT waiting(opened);
    }
    const Result<QByteArray> code = co_await d->answer;
    deadline.stop();
    if (!code) {
        d->listener->close();
        co_return base::failed(code.error());
    }
    if (!d->postedAt.isValid()) {
        co_return base::failed(d->notPosted());
    }
    Q_EMIT exchanging();
    // From here on nothing ends the wait but the request's own deadline: the code is spent.
    Result<TokenSet> tokens = co_await d->tokens;
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
