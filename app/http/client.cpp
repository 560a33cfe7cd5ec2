// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/client.h"

#include "base/checkpoint.h"
#include "base/deadline.h"
#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "http/addresssecrets.h"
#include "http/reply_p.h"
#include "http/replyerror.h"

#include <QElapsedTimer>

#include <algorithm>
#include <ranges>

namespace mooring::http {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

constexpr int maximumRedirects = 3;

/// How long one address may keep the next one waiting.
constexpr auto patiencePerAddress = std::chrono::milliseconds(3000);
/// For a name, where the request itself may take for ever.
constexpr auto patienceForName = std::chrono::milliseconds(15000);

QUrl urlToSend(const Request &request)
{
    QUrl url = request.url;
    if (!request.secretQuery.isEmpty()) {
        const QString secret = QString::fromUtf8(request.secretQuery.reveal());
        url.setQuery(url.hasQuery() ? url.query(QUrl::FullyEncoded) + u'&' + secret : secret);
    }
    return url;
}

QNetworkReply *start(AccessManager *manager, const Request &request, const QHostAddress &address)
{
    QNetworkRequest qtRequest(urlToSend(request));
    for (const auto &[name, value] : request.headers.fields()) {
        qtRequest.setRawHeader(name, value);
    }
    AccessManager::setLimits(&qtRequest, request.limits);
    if (!address.isNull()) {
        AccessManager::pin(&qtRequest, address);
    }
    if (request.verb == "GET") {
        return manager->get(qtRequest);
    }
    if (request.verb == "POST") {
        return manager->post(qtRequest, request.body);
    }
    return manager->sendCustomRequest(qtRequest, request.verb, request.body);
}

/// Trouble with the body of an answer whose head is there.
base::Error inBodyOf(const ResponseHead &head, base::Error error)
{
    if (error.kind == ErrorKind::Protocol) {
        error.httpStatus = head.status;
    }
    return error;
}

/// A line break in a value would make two headers of it, the second in the words of whoever chose the value:
/// a client ID, a scope, a token, a version that came in some JSON.
bool hasControlCharacters(const Headers &headers)
{
    const auto isControl = [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    };
    return std::ranges::any_of(headers.fields(), [&](const Headers::Field &field) {
        return std::ranges::any_of(field.first + field.second, isControl);
    });
}

base::Error unfitHeader(const QUrl &url)
{
    const QString host = base::displayAuthority(url);
    return makeError(
        ErrorKind::RefusedByPolicy,
        Words::tr("Stopped: what would have to be sent to %1 holds control characters. Nothing was sent.")
            .arg(host),
        u"a control character in a header"_s, host);
}

/// Nothing was lost by the attempt, and another address may be better.
bool mayTryNextAddress(const base::Error &error)
{
    return (error.kind == ErrorKind::Network || error.kind == ErrorKind::Timeout) && !error.mayHaveArrived;
}

} // namespace

Client::Client(base::Clock clock, Resolver resolver)
    : m_clock(std::move(clock))
    , m_resolution(std::move(resolver))
{
}

Task<Result<std::shared_ptr<BodyStream>>> Client::openOnce(Request request, std::stop_token stop)
{
    if (hasControlCharacters(request.headers)) {
        co_return base::failed(unfitHeader(request.url));
    }
    base::Deadline whole;
    const std::chrono::milliseconds deadline = request.limits.deadline;
    const bool isLimited = deadline.count() > 0;
    if (isLimited) {
        whole.start(deadline);
    }
    Result<Addresses> addresses = co_await m_resolution.addressesFor(
        request.url, request.namedBy, isLimited ? deadline : patienceForName, stop);
    if (!addresses) {
        qCInfo(base::lcHttp).noquote() << request.verb << base::displayAuthority(request.url) << "not asked,"
                                       << errorName(addresses.error());
        co_return base::failed(addresses.error());
    }
    if (addresses->isEmpty()) {
        addresses->append(QHostAddress());
    }
    Result<std::shared_ptr<BodyStream>> stream;
    while (!addresses->isEmpty()) {
        const QHostAddress address = addresses->takeFirst();
        const bool isLast = addresses->isEmpty();
        request.limits.handshake = isLast ? std::chrono::milliseconds(0) : patiencePerAddress;
        if (isLimited) {
            request.limits.deadline = std::max(whole.left(), std::chrono::milliseconds(1));
        }
        stream = co_await openAt(request, address, stop);
        if (stream || !mayTryNextAddress(stream.error())) {
            break;
        }
    }
    if (!stream && stream.error().isNoSuchHost) {
        Result<Addresses> again = co_await m_resolution.lookUpAgain(
            request.url, isLimited ? std::max(whole.left(), std::chrono::milliseconds(1)) : patienceForName,
            stop);
        if (!again && !again.error().isNoSuchHost) {
            co_return base::failed(again.error());
        }
    }
    co_return stream;
}

Task<Result<std::shared_ptr<BodyStream>>> Client::openAt(Request request, QHostAddress address,
                                                         std::stop_token stop)
{
    // One manager for each request: Qt lets only six requests to a host run at a time, and reuses
    // connections that the other side has just closed, which a POST that is never repeated can't bear.
    auto manager = std::make_unique<AccessManager>();
    QNetworkReply *reply = start(manager.get(), request, address);
    const QDateTime sentAt = m_clock();
    base::checkpoint("posted");
    auto stream = std::make_shared<BodyStream>(std::move(manager), reply, ResponseHead());
    stream->m_left = request.limits.body;
    const auto hasHead = [reply] {
        return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).isValid();
    };
    while (!hasHead() && !reply->isFinished() && !stop.stop_requested()) {
        co_await stream->activity(stop);
    }
    const QString where = base::displayAuthority(request.url) + shownPath(request.url);
    if (stop.stop_requested()) {
        co_return base::failed(base::cancelledError());
    }
    if (!hasHead() || AccessManager::faultOf(reply) != Fault::None) {
        qCInfo(base::lcHttp).noquote()
            << request.verb << where << "failed," << static_cast<int>(reply->error());
        co_return base::failed(replyError(reply));
    }
    base::checkpoint("head");
    stream->m_head = headOf(reply, sentAt);
    stream->m_head.url = request.url;
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
    co_return base::failed(makeError(ErrorKind::Protocol,
                                     Words::tr("%1 sends Mooring round in circles.").arg(host),
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

} // namespace mooring::http
