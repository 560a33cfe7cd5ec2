// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/client.h"

#include "base/displaytext.h"
#include "base/logging.h"
#include "http/inflate.h"
#include "http/replyerror.h"
#include "http/urlpolicy.h"

#include <QCoreApplication>
#include <QElapsedTimer>

namespace mooring::http {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

constexpr int maximumRedirects = 3;

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::http", text);
}

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

QNetworkReply *start(AccessManager *manager, const Request &request)
{
    QNetworkRequest qtRequest(request.url);
    for (const auto &[name, value] : request.headers.fields()) {
        qtRequest.setRawHeader(name, value);
    }
    AccessManager::setLimits(&qtRequest, request.limits);
    if (request.verb == "GET") {
        return manager->get(qtRequest);
    }
    if (request.verb == "POST") {
        return manager->post(qtRequest, request.body);
    }
    return manager->sendCustomRequest(qtRequest, request.verb, request.body);
}

ResponseHead headOf(const QNetworkReply *reply, const QDateTime &sentAt)
{
    ResponseHead head;
    head.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    head.url = reply->url();
    head.sentAt = sentAt;
    for (const auto &[name, value] : reply->rawHeaderPairs()) {
        head.headers.add(name, value);
    }
    return head;
}

/// Where a redirect leads, or the reason why it must not be followed.
Result<Request> redirected(const Request &request, const ResponseHead &head)
{
    const QString host = base::displayAuthority(request.url);
    if (!head.headers.contains("Location")) {
        return base::failed(makeError(ErrorKind::Protocol,
                                      tr("%1 sends Mooring on without saying where to.").arg(host),
                                      u"redirect %1 without Location"_s.arg(head.status), host));
    }
    const QUrl target =
        request.url.resolved(QUrl::fromEncoded(head.headers.value("Location"), QUrl::StrictMode));
    const QString where = base::displayText(target.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo));
    const bool repeatsPost = head.status == 307 || head.status == 308;
    const bool mayFollow = (request.redirects == Redirects::FollowGet && request.verb == "GET")
                           || (request.redirects == Redirects::FollowSamePost && repeatsPost);
    const bool staysHere =
        target.isValid() && origin(target) == origin(request.url)
        && UrlPolicy(request.url).check(target.toString(QUrl::FullyEncoded), UrlUse::Metadata).has_value();
    if (!mayFollow || !staysHere) {
        base::Error error =
            makeError(ErrorKind::RefusedByPolicy,
                      tr("Stopped: %1 wanted to send Mooring on to another address (%2).").arg(host, where),
                      u"redirect %1 refused"_s.arg(head.status), host);
        error.httpStatus = head.status;
        return base::failed(error);
    }
    Request next = request;
    next.url = target;
    return next;
}

/// The body as it was meant, or the reason why it can't be read.
Result<QByteArray> decoded(const ResponseHead &head, const QByteArray &body, qint64 maximum)
{
    const QByteArray encoding = head.headers.value("Content-Encoding").trimmed().toLower();
    if (encoding.isEmpty() || encoding == "identity" || body.isEmpty()) {
        return body;
    }
    if (encoding == "gzip" || encoding == "x-gzip" || encoding == "deflate") {
        if (const std::optional<QByteArray> plain = inflate(body, maximum)) {
            return *plain;
        }
    }
    const QString host = base::displayAuthority(head.url);
    return base::failed(
        makeError(ErrorKind::Protocol, tr("%1 sent an answer that can't be unpacked.").arg(host),
                  u"content encoding %1"_s.arg(base::displayText(QString::fromLatin1(encoding), 20)), host));
}

/// Trouble with the body of an answer whose head is there.
base::Error inBodyOf(const ResponseHead &head, base::Error error)
{
    if (error.kind == ErrorKind::Protocol) {
        error.httpStatus = head.status;
    }
    return error;
}

/// An answer with an error status is complete all the same; only lost connections are errors.
bool isLost(const QNetworkReply *reply)
{
    return AccessManager::faultOf(reply) != Fault::None
           || (reply->error() != QNetworkReply::NoError
               && reply->error() < QNetworkReply::ContentAccessDenied)
           || reply->error() == QNetworkReply::ProtocolFailure
           || reply->error() == QNetworkReply::UnknownNetworkError;
}

/// Qt doesn't always notice that the other side has gone away before the last byte.
bool isCut(const ResponseHead &head, qint64 received)
{
    bool isNumber = false;
    const qint64 length = head.headers.value("Content-Length").trimmed().toLongLong(&isNumber);
    const bool hasBody = head.status != 204 && head.status != 304;
    return isNumber && hasBody && !head.headers.contains("Transfer-Encoding") && received < length;
}

} // namespace

QByteArray ResponseHead::mediaType() const
{
    return headers.value("Content-Type").split(';').first().trimmed().toLower();
}

BodyStream::BodyStream(std::unique_ptr<AccessManager> manager, QNetworkReply *reply, ResponseHead head)
    : m_manager(std::move(manager))
    , m_reply(reply)
    , m_head(std::move(head))
{
    const auto wake = [this] { m_wake.resolve(true); };
    QObject::connect(reply, &QNetworkReply::metaDataChanged, m_manager.get(), wake);
    QObject::connect(reply, &QNetworkReply::readyRead, m_manager.get(), wake);
    QObject::connect(reply, &QNetworkReply::finished, m_manager.get(), wake);
}

BodyStream::~BodyStream()
{
    // The last holder may be a slot of the reply itself, so the manager and its reply go from the
    // event loop. That ends a reply that is still running; abort() would do it with a warning.
    QObject::disconnect(m_reply, nullptr, m_manager.get(), nullptr);
    m_manager.release()->deleteLater();
}

Task<void> BodyStream::activity(std::stop_token stop)
{
    m_wake = base::OneShot<bool>();
    const base::OneShot<bool> wake = m_wake;
    const auto onStop = [wake] { wake.resolve(false); };
    const std::stop_callback stopCallback(stop, onStop);
    co_await wake;
}

Task<Result<QByteArray>> BodyStream::read(std::stop_token stop)
{
    while (true) {
        if (stop.stop_requested()) {
            co_return base::failed(base::cancelledError());
        }
        if (m_reply->isOpen() && m_reply->bytesAvailable() > 0) {
            const QByteArray piece = m_reply->readAll();
            m_left -= piece.size();
            m_received += piece.size();
            if (m_left < 0) {
                co_return base::failed(tooLargeError(base::displayAuthority(m_head.url)));
            }
            co_return piece;
        }
        if (m_reply->isFinished()) {
            break;
        }
        co_await activity(stop);
    }
    if (isLost(m_reply) || isCut(m_head, m_received)) {
        co_return base::failed(replyError(m_reply));
    }
    co_return QByteArray();
}

Client::Client(base::Clock clock)
    : m_clock(std::move(clock))
{
}

Task<Result<std::shared_ptr<BodyStream>>> Client::openOnce(Request request, std::stop_token stop)
{
    // One manager for each request: Qt lets only six requests to a host run at a time, and reuses
    // connections that the other side has just closed, which a POST that is never repeated can't bear.
    auto manager = std::make_unique<AccessManager>();
    QNetworkReply *reply = start(manager.get(), request);
    const QDateTime sentAt = m_clock();
    auto stream = std::make_shared<BodyStream>(std::move(manager), reply, ResponseHead());
    stream->m_left = request.limits.body;
    const auto hasHead = [reply] {
        return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid();
    };
    while (!hasHead() && !reply->isFinished() && !stop.stop_requested()) {
        co_await stream->activity(stop);
    }
    const QString where = base::displayAuthority(request.url) + base::displayText(request.url.path());
    if (stop.stop_requested()) {
        co_return base::failed(base::cancelledError());
    }
    if (!hasHead() || AccessManager::faultOf(reply) != Fault::None) {
        qCInfo(base::lcHttp).noquote()
            << request.verb << where << "failed," << static_cast<int>(reply->error());
        co_return base::failed(replyError(reply));
    }
    stream->m_head = headOf(reply, sentAt);
    qCInfo(base::lcHttp).noquote() << request.verb << where << stream->m_head.status;
    co_return stream;
}

Task<Result<std::shared_ptr<BodyStream>>> Client::open(Request request, std::stop_token stop)
{
    for (int hop = 0; hop <= maximumRedirects; ++hop) {
        Result<std::shared_ptr<BodyStream>> stream = co_await openOnce(request, stop);
        if (!stream || !isRedirect((*stream)->head().status)) {
            co_return stream;
        }
        Result<Request> next = redirected(request, (*stream)->head());
        if (!next) {
            co_return base::failed(next.error());
        }
        request = *next;
    }
    const QString host = base::displayAuthority(request.url);
    co_return base::failed(makeError(ErrorKind::Protocol, tr("%1 sends Mooring round in circles.").arg(host),
                                     u"more than three redirects"_s, host));
}

Task<Result<Response>> Client::send(Request request, std::stop_token stop)
{
    QElapsedTimer timer;
    timer.start();
    const qint64 maximum = request.limits.body;
    Result<std::shared_ptr<BodyStream>> stream = co_await open(std::move(request), stop);
    if (!stream) {
        co_return base::failed(stream.error());
    }
    const std::shared_ptr<BodyStream> body = *stream;
    Response response;
    static_cast<ResponseHead &>(response) = body->head();
    while (true) {
        Result<QByteArray> piece = co_await body->read(stop);
        if (!piece) {
            co_return base::failed(inBodyOf(response, piece.error()));
        }
        if (piece->isEmpty()) {
            break;
        }
        response.body += *piece;
    }
    Result<QByteArray> plain = decoded(response, response.body, maximum);
    if (!plain) {
        co_return base::failed(inBodyOf(response, plain.error()));
    }
    response.body = *plain;
    response.took = std::chrono::milliseconds(timer.elapsed());
    co_return response;
}

Result<Response> readReply(QNetworkReply *reply, const QDateTime &sentAt, qint64 maximum)
{
    if (isLost(reply) || !reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid()) {
        return base::failed(replyError(reply));
    }
    Response response;
    static_cast<ResponseHead &>(response) = headOf(reply, sentAt);
    if (isRedirect(response.status)) {
        Request refused;
        refused.url = reply->url();
        return base::failed(redirected(refused, response).error());
    }
    const QByteArray body = reply->isOpen() ? reply->readAll() : QByteArray();
    if (body.size() > maximum) {
        return base::failed(tooLargeError(base::displayAuthority(response.url)));
    }
    if (isCut(response, body.size())) {
        return base::failed(replyError(reply));
    }
    Result<QByteArray> plain = decoded(response, body, maximum);
    if (!plain) {
        return base::failed(plain.error());
    }
    response.body = *plain;
    return response;
}

} // namespace mooring::http
