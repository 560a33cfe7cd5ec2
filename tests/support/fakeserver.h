// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/form.h"
#include "http/headers.h"

#include <QJsonObject>
#include <QTcpServer>
#include <QUrl>

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

class QTcpSocket;

namespace mooring::support {

/// One request as it stood on the wire.
struct FakeRequest {
    QByteArray method;
    /// The request target: path and query, still encoded.
    QByteArray target;
    mooring::http::Headers headers;
    QByteArray body;
    /// Counts from 1 over all requests of the server.
    int number = 0;

    QByteArray path() const { return target.split('?').first(); }
    QByteArray query() const { return target.contains('?') ? target.mid(target.indexOf('?') + 1) : ""; }
    /// The fields of a form body, or of the query; empty if they can't be decoded.
    mooring::http::FormFields form() const;
    mooring::http::FormFields queryFields() const;
    QJsonObject json() const;
};

/// The first value of that name, empty if there is none.
QByteArray fieldOf(const mooring::http::FormFields &fields, const QByteArray &name);
/// How many fields have that name.
int countOf(const mooring::http::FormFields &fields, const QByteArray &name);

/// What to answer, and how badly.
struct FakeResponse {
    struct Piece {
        std::chrono::milliseconds pause{0};
        QByteArray bytes;
    };

    int status = 200;
    mooring::http::Headers headers = {};
    QByteArray body = {};
    /// Before the first byte.
    std::chrono::milliseconds delay{0};
    /// Never answers; the connection stays open.
    bool isSilent = false;
    /// Closes the connection after this many bytes of head and body; -1 for a whole answer.
    qsizetype cutAfter = -1;
    /// Sends one byte each time; zero sends all at once.
    std::chrono::milliseconds drip{0};
    /// These very bytes instead of everything above but delay, cutAfter and drip; then closes.
    std::optional<QByteArray> raw = std::nullopt;
    /// A body in pieces, behind `body`, each after its pause; it ends with the connection.
    std::vector<Piece> pieces = {};
    /// With pieces: don't close after the last one.
    bool staysOpen = false;
    /// Called when the head and `body` are sent, with what writes more and, given nothing, closes. The body
    /// ends with the connection.
    std::function<void(std::function<void(const QByteArray &)> write)> whenOpen = {};
    /// Adds "Connection: close" and closes; the server keeps the connection alive otherwise.
    bool closes = false;

    static FakeResponse json(const QJsonObject &object, int status = 200);
    static FakeResponse html(const QByteArray &page, int status = 200);
    static FakeResponse redirect(const QByteArray &location, int status = 302);
    static FakeResponse empty(int status);
    static FakeResponse silence();
    /// Reads the request and closes without a byte.
    static FakeResponse hangUp();
};

/// A loopback HTTP/1.1 server that records what it is asked and can misbehave. Paths without a
/// route get 404.
class FakeServer final : public QObject {
    Q_OBJECT
public:
    using Handler = std::function<FakeResponse(const FakeRequest &)>;

    FakeServer();
    ~FakeServer() override;

    quint16 port() const { return m_port; }
    /// "http://127.0.0.1:PORT"
    QString origin() const;
    QUrl url(const QString &path) const { return QUrl(origin() + path); }

    /// Exact path, any method; replaces an earlier route.
    void route(const QByteArray &path, Handler handler);
    void route(const QByteArray &path, const FakeResponse &response);
    /// To put something in front of a route.
    Handler routeOf(const QByteArray &path) const { return m_routes.value(path); }
    void removeRoute(const QByteArray &path) { m_routes.remove(path); }
    void setFallback(Handler handler) { m_fallback = std::move(handler); }
    /// Answers the next request to that path before its route is asked; calls add up.
    void once(const QByteArray &path, const FakeResponse &response);

    const std::vector<FakeRequest> &requests() const { return m_requests; }
    /// All requests to one path, in order.
    std::vector<FakeRequest> requestsTo(const QByteArray &path) const;
    int count(const QByteArray &path) const { return static_cast<int>(requestsTo(path).size()); }
    /// "GET /a" and so on, for comparing a whole conversation.
    QStringList conversation() const;
    void forgetRequests() { m_requests.clear(); }
    int connections() const { return m_connections; }

    /// Refuses connections, drops those that are open.
    void stop();
    /// Listens again on the same port.
    void start();
    /// Moves to another address of this computer, with another port.
    void moveTo(const QHostAddress &address);

private:
    void onConnection();
    void onReadyRead(QTcpSocket *socket);
    /// Takes one complete request out of `buffer`.
    std::optional<FakeRequest> takeRequest(QByteArray *buffer) const;
    FakeResponse answerFor(const FakeRequest &request);
    void send(QTcpSocket *socket, const FakeRequest &request, FakeResponse response);

    QTcpServer m_server;
    QHostAddress m_address{QHostAddress::LocalHost};
    quint16 m_port = 0;
    QHash<QByteArray, Handler> m_routes;
    QHash<QByteArray, QList<FakeResponse>> m_once;
    Handler m_fallback;
    std::vector<FakeRequest> m_requests;
    QHash<QTcpSocket *, QByteArray> m_buffers;
    int m_connections = 0;
};

} // namespace mooring::support
