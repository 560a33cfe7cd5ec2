// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/secret.h"
#include "base/task.h"
#include "http/accessmanager.h"
#include "http/headers.h"
#include "http/resolution.h"

#include <QJsonObject>
#include <QUrl>

#include <memory>
#include <optional>

namespace mooring::http {

/// What happens on 301, 302, 303, 307 and 308. Never to another origin, never more than three.
enum class Redirects {
    Refuse, ///< an error: a form with a secret in it goes nowhere else
    FollowGet, ///< a GET goes on, on the same origin
    FollowSamePost, ///< a POST goes on with its body on 307 and 308, on the same origin
    FollowGreeting, ///< a POST that does nothing: the same, and on 301 where only a slash comes or goes
};

struct Request {
    QByteArray verb = QByteArrayLiteral("GET");
    QUrl url = {};
    /// Parameters of the query that are secrets ("name=value&name=value"). They are only put into what is
    /// sent: neither `url` nor ResponseHead::url ever has them.
    base::Secret secretQuery = {};
    Headers headers = {};
    QByteArray body = {};
    Limits limits = {};
    Redirects redirects = Redirects::Refuse;
    /// Of a URL that a server named: the address of that server, as the person typed it. Then nothing nearer
    /// than it is connected to, wherever the name of `url` leads (Resolution). Empty for what a person typed.
    QUrl namedBy = {};
};

/// The head of an answer of any status: only transport trouble is an error at this level.
struct ResponseHead {
    int status = 0;
    Headers headers;
    /// Where the answer came from, after redirects.
    QUrl url;
    /// When the (last) request was sent, UTC; lifetimes count from here.
    QDateTime sentAt;

    bool isSuccess() const { return status >= 200 && status < 300; }
    /// The media type without parameters, in lower case ("text/event-stream").
    QByteArray mediaType() const;
};

struct Response : ResponseHead {
    QByteArray body;
    /// From sending the first request to the last byte.
    std::chrono::milliseconds took{0};
};

/// An answer whose body comes in pieces. Dropping it closes the connection.
class BodyStream final {
public:
    BodyStream(std::unique_ptr<AccessManager> manager, QNetworkReply *reply, ResponseHead head);
    ~BodyStream();
    Q_DISABLE_COPY_MOVE(BodyStream)

    const ResponseHead &head() const { return m_head; }
    /// The next bytes; empty at the end of the body. One reader at a time, and the stream must
    /// outlive the read: whoever reads holds the shared_ptr.
    base::Task<base::Result<QByteArray>> read(std::stop_token stop);

private:
    friend class Client;
    base::Task<void> activity(std::stop_token stop);

    std::unique_ptr<AccessManager> m_manager;
    QNetworkReply *m_reply;
    ResponseHead m_head;
    /// Bytes that may still come. The guard of AccessManager only looks now and then, because Qt
    /// reports progress ten times a second at most.
    qint64 m_left = 0;
    qint64 m_received = 0;
    base::OneShot<bool> m_wake;
};

/// The one way to talk HTTP. Logs verb, host, path and status, nothing else. Outlives all tasks.
class Client final {
public:
    explicit Client(base::Clock clock = base::systemClock(), Resolver resolver = lookUp);

    /// Sends and reads the whole answer. Errors: Network, Timeout, Tls, Protocol (too large, an
    /// encoding that nobody asked for; with the status, if only the body is bad), RefusedByPolicy
    /// (a redirect that must not be followed, a name that leads too near), Cancelled.
    base::Task<base::Result<Response>> send(Request request, std::stop_token stop);

    /// Sends and returns as soon as the head of the answer is there.
    base::Task<base::Result<std::shared_ptr<BodyStream>>> open(Request request, std::stop_token stop);

    const base::Clock &clock() const { return m_clock; }
    /// For requests that are made elsewhere (in Qt's OAuth flow).
    Resolution &resolution() { return m_resolution; }

private:
    /// Without redirects, at whichever of its addresses can be reached.
    base::Task<base::Result<std::shared_ptr<BodyStream>>> openOnce(Request request, std::stop_token stop);
    /// A null address leaves it to Qt to find one.
    base::Task<base::Result<std::shared_ptr<BodyStream>>> openAt(Request request, QHostAddress address,
                                                                 std::stop_token stop);

    base::Clock m_clock;
    Resolution m_resolution;
};

/// A reply that has finished elsewhere (in Qt's OAuth flow), held to the same rules as those of
/// Client. `maximum` bytes is the limit of its body after decoding.
base::Result<Response> readReply(QNetworkReply *reply, const QDateTime &sentAt, qint64 maximum);

/// The answer's body as a JSON object under the strict rules; the media type is not insisted on.
/// Errors: Protocol, with the host.
base::Result<QJsonObject> readJsonObject(const Response &response);

/// The error of an answer whose status is no success, with Retry-After (RFC 9110 section 10.2.3)
/// worked out against `now` and held between one second and one hour.
base::Error statusError(const ResponseHead &response, const QDateTime &now);

} // namespace mooring::http
