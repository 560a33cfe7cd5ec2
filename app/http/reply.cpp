// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a reply is worth: its head, its body, and where it may lead.
#include "http/reply_p.h"

#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "http/inflate.h"
#include "http/replyerror.h"
#include "http/urlpolicy.h"

namespace mooring::http {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

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

/// A server may repeat the address that it was asked at, with the key in it. It goes along anyway.
QUrl withoutItems(const QUrl &url, const base::Secret &secretQuery)
{
    QUrl left = url;
    if (!secretQuery.isEmpty() && url.hasQuery()) {
        const QStringList secrets = QString::fromUtf8(secretQuery.reveal()).split(u'&');
        QStringList items = url.query(QUrl::FullyEncoded).split(u'&');
        items.removeIf([&secrets](const QString &item) { return secrets.contains(item); });
        left.setQuery(items.isEmpty() ? QString() : items.join(u'&'));
    }
    return left;
}

} // namespace

bool isRedirect(int status)
{
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

ResponseHead headOf(const QNetworkReply *reply, const QDateTime &sentAt)
{
    ResponseHead head;
    head.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    head.url = AccessManager::urlOf(reply);
    head.sentAt = sentAt;
    for (const auto &[name, value] : reply->rawHeaderPairs()) {
        head.headers.add(name, value);
    }
    return head;
}

namespace {

/// The paths differ by a slash at the end.
bool areSlashApart(const QUrl &one, const QUrl &other)
{
    const QString shorter = std::min(one.path(), other.path());
    return shorter + u'/' == std::max(one.path(), other.path()) && one.query() == other.query();
}

/// Proxies that don't know under which address they are reached name one of another scheme or without the
/// port, nearly always because of a slash; and frameworks send on what lacks one. What helps is the other
/// path.
QString detourSentence(const Request &request, const QUrl &target)
{
    const QString host = base::displayAuthority(request.url);
    const QString where = shownUrl(target.adjusted(QUrl::RemoveQuery | QUrl::RemoveUserInfo));
    const bool isOwn = target.isValid() && origin(target) == origin(request.url);
    if (isOwn && request.verb != "GET") {
        return Words::tr("%1 sends Mooring on to %2, where a message must not go by itself. If that is the "
                         "address of the MCP server, use it instead.")
            .arg(host, where);
    }
    if (!isOwn && target.host() == request.url.host() && areSlashApart(request.url, target)) {
        QUrl helpful = request.url.adjusted(QUrl::RemoveQuery | QUrl::RemoveUserInfo);
        helpful.setPath(target.path());
        return Words::
            tr("Stopped: %1 wanted to send Mooring on to %2, because whatever is in front of it isn't set "
               "up right. This address may help: %3")
                .arg(host, where, shownUrl(helpful));
    }
    return Words::tr("Stopped: %1 wanted to send Mooring on to another address (%2).").arg(host, where);
}

} // namespace

Result<Request> redirected(const Request &request, const ResponseHead &head)
{
    const QString host = base::displayAuthority(request.url);
    if (!head.headers.contains("Location")) {
        return base::failed(makeError(ErrorKind::Protocol,
                                      Words::tr("%1 sends Mooring on without saying where to.").arg(host),
                                      u"redirect %1 without Location"_s.arg(head.status), host));
    }
    const QUrl target = withoutItems(
        request.url.resolved(QUrl::fromEncoded(head.headers.value("Location"), QUrl::StrictMode)),
        request.secretQuery);
    const bool isGreeting = request.redirects == Redirects::FollowGreeting;
    const bool repeatsPost = head.status == 307 || head.status == 308
                             || (isGreeting && head.status == 301 && areSlashApart(request.url, target));
    const bool mayFollow = (request.redirects == Redirects::FollowGet && request.verb == "GET")
                           || ((request.redirects == Redirects::FollowSamePost || isGreeting) && repeatsPost);
    const bool staysHere =
        target.isValid() && origin(target) == origin(request.url)
        && UrlPolicy(request.url).check(target.toString(QUrl::FullyEncoded), UrlUse::Metadata).has_value();
    if (!mayFollow || !staysHere) {
        base::Error error = makeError(ErrorKind::RefusedByPolicy, detourSentence(request, target),
                                      u"redirect %1 refused"_s.arg(head.status), host);
        error.httpStatus = head.status;
        return base::failed(error);
    }
    Request next = request;
    next.url = target;
    return next;
}

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
        makeError(ErrorKind::Protocol, Words::tr("%1 sent an answer that can't be unpacked.").arg(host),
                  u"content encoding %1"_s.arg(base::displayText(QString::fromLatin1(encoding), 20)), host));
}

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
            base::checkpoint("piece");
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

Result<Response> readReply(QNetworkReply *reply, const QDateTime &sentAt, qint64 maximum)
{
    if (isLost(reply) || !reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid()) {
        return base::failed(replyError(reply));
    }
    Response response;
    static_cast<ResponseHead &>(response) = headOf(reply, sentAt);
    if (isRedirect(response.status)) {
        Request refused;
        refused.url = response.url;
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
