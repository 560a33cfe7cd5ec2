// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demoserver.h"

#include <QJsonDocument>
#include <QTcpSocket>

#include <algorithm>

namespace mooring::demo {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maximumHead = 16 * 1024;
constexpr qsizetype maximumBody = 256 * 1024;
constexpr qsizetype maximumConnections = 200;

struct Taken {
    enum class Outcome { Incomplete, Complete, Refused };
    Outcome outcome = Outcome::Incomplete;
    Request request = {};
    int refusal = 400;
};

Taken refusal(int status)
{
    return {Taken::Outcome::Refused, {}, status};
}

bool takeHead(QByteArrayView head, Request *request)
{
    QList<QByteArray> lines = head.toByteArray().split('\n');
    const QList<QByteArray> words = lines.takeFirst().trimmed().split(' ');
    if (words.size() != 3 || !words.at(1).startsWith('/') || !words.at(2).startsWith("HTTP/1.")) {
        return false;
    }
    request->method = words.at(0);
    request->target = words.at(1);
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        if (colon < 1) {
            return false;
        }
        request->headers.add(line.first(colon).trimmed(), line.sliced(colon + 1).trimmed());
    }
    return true;
}

/// Takes the first complete request out of `buffer`.
Taken takeRequest(QByteArray *buffer)
{
    const qsizetype end = buffer->indexOf("\r\n\r\n");
    if (end < 0) {
        return buffer->size() > maximumHead ? refusal(431) : Taken{};
    }
    Taken taken;
    if (end > maximumHead || !takeHead(QByteArrayView(*buffer).first(end), &taken.request)) {
        return refusal(400);
    }
    if (taken.request.headers.contains("Transfer-Encoding")) {
        return refusal(411);
    }
    bool isNumber = true;
    const QByteArray lengthText = taken.request.headers.value("Content-Length");
    const qlonglong length = lengthText.isEmpty() ? 0 : lengthText.toLongLong(&isNumber);
    if (!isNumber || length < 0) {
        return refusal(400);
    }
    if (length > maximumBody) {
        return refusal(413);
    }
    if (buffer->size() < end + 4 + length) {
        return {};
    }
    taken.request.body = buffer->mid(end + 4, length);
    buffer->remove(0, end + 4 + length);
    taken.outcome = Taken::Outcome::Complete;
    return taken;
}

QByteArray bytesOf(const Response &response, bool closes)
{
    QByteArray bytes = "HTTP/1.1 " + QByteArray::number(response.status) + " Demo\r\n";
    for (const auto &[name, value] : response.headers.fields()) {
        bytes += name + ": " + value + "\r\n";
    }
    bytes += "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n";
    bytes += closes ? "Connection: close\r\n" : "";
    return bytes + "Content-Length: " + QByteArray::number(response.body.size()) + "\r\n\r\n" + response.body;
}

http::FormFields decoded(const QByteArray &encoded)
{
    return http::decodeForm(encoded).value_or(http::FormFields());
}

} // namespace

http::FormFields Request::queryFields() const
{
    const qsizetype mark = target.indexOf('?');
    return mark < 0 ? http::FormFields() : decoded(target.mid(mark + 1));
}

http::FormFields Request::formFields() const
{
    return decoded(body);
}

QByteArray fieldOf(const http::FormFields &fields, const QByteArray &name)
{
    const auto hasName = [&](const auto &field) { return field.first == name; };
    if (std::count_if(fields.begin(), fields.end(), hasName) != 1) {
        return {};
    }
    return std::find_if(fields.begin(), fields.end(), hasName)->second;
}

QString textOf(const http::FormFields &fields, const QByteArray &name)
{
    return QString::fromUtf8(fieldOf(fields, name));
}

Response Response::json(const QJsonObject &object, int status)
{
    Response response{status, {}, QJsonDocument(object).toJson(QJsonDocument::Compact)};
    response.headers.add("Content-Type", "application/json");
    return response;
}

Response Response::page(const QByteArray &html, int status)
{
    Response response{status, {}, html};
    response.headers.add("Content-Type", "text/html; charset=utf-8");
    // Browsers hold redirects after a form to form-action too, and ours lead to a loopback port.
    response.headers.add("Content-Security-Policy",
                         "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
                         "frame-ancestors 'none'; form-action 'self' http://127.0.0.1:* http://localhost:*");
    // With "no-referrer" browsers would send "Origin: null" with our own forms.
    response.headers.add("Referrer-Policy", "same-origin");
    return response;
}

Response Response::redirect(const QByteArray &location)
{
    Response response{303, {}, {}};
    response.headers.add("Location", location);
    response.headers.add("Referrer-Policy", "no-referrer");
    return response;
}

Response Response::empty(int status)
{
    return {status, {}, {}};
}

Response Response::refusal(const QString &code, const QString &description, int status)
{
    return json({{u"error"_s, code}, {u"error_description"_s, description}}, status);
}

bool Server::listen(quint16 port)
{
    connect(&m_server, &QTcpServer::newConnection, this, &Server::onNewConnection, Qt::UniqueConnection);
    return m_server.listen(QHostAddress::LocalHost, port);
}

QString Server::origin() const
{
    return u"http://127.0.0.1:%1"_s.arg(m_server.serverPort());
}

void Server::onNewConnection()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        if (m_buffers.size() >= maximumConnections) {
            socket->abort();
            socket->deleteLater();
            continue;
        }
        m_buffers.insert(socket, {});
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { onReadyRead(socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            m_buffers.remove(socket);
            socket->deleteLater();
        });
    }
}

void Server::onReadyRead(QTcpSocket *socket)
{
    m_buffers[socket] += socket->readAll();
    while (m_buffers.contains(socket)) {
        const Taken taken = takeRequest(&m_buffers[socket]);
        if (taken.outcome == Taken::Outcome::Incomplete) {
            return;
        }
        if (taken.outcome == Taken::Outcome::Refused) {
            m_buffers[socket].clear();
            socket->write(bytesOf(Response::empty(taken.refusal), true));
            socket->disconnectFromHost();
            return;
        }
        const bool closes = taken.request.headers.value("Connection").toLower() == "close";
        socket->write(bytesOf(answerFor(taken.request), closes));
        if (closes) {
            socket->disconnectFromHost();
        }
    }
}

Response Server::answerFor(const Request &request) const
{
    const QByteArray port = QByteArray::number(m_server.serverPort());
    const QList<QByteArray> names = {"127.0.0.1:" + port, "localhost:" + port};
    if (!names.contains(request.headers.value("Host").toLower())) {
        return Response::empty(421);
    }
    const QByteArray from = request.headers.value("Origin");
    if (!from.isEmpty() && !names.contains(from.mid(qstrlen("http://")))) {
        return Response::empty(403);
    }
    const auto handler = m_routes.constFind(request.path());
    return handler == m_routes.cend() ? Response::empty(404) : (*handler)(request);
}

} // namespace mooring::demo
