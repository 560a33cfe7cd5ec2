// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fakeserver.h"

#include <QPointer>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>
#include <memory>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maximumRequest = 4 * 1024 * 1024;

QByteArray headOf(const FakeResponse &response)
{
    QByteArray head = "HTTP/1.1 " + QByteArray::number(response.status) + " Fake\r\n";
    for (const auto &[name, value] : response.headers.fields()) {
        head += name + ": " + value + "\r\n";
    }
    const bool hasLength = response.pieces.empty() && !response.whenOpen && response.status != 204;
    if (hasLength && !response.headers.contains("Content-Length")
        && !response.headers.contains("Transfer-Encoding")) {
        head += "Content-Length: " + QByteArray::number(response.body.size()) + "\r\n";
    }
    if ((response.closes || !response.pieces.empty() || response.whenOpen)
        && !response.headers.contains("Connection")) {
        head += "Connection: close\r\n";
    }
    return head + "\r\n";
}

/// Writes one byte at a time, then does `end`.
void drip(QTcpSocket *socket, const QByteArray &bytes, std::chrono::milliseconds pause,
          const std::function<void()> &end)
{
    auto *timer = new QTimer(socket);
    const auto sent = std::make_shared<qsizetype>(0);
    QObject::connect(timer, &QTimer::timeout, socket, [=] {
        if (*sent >= bytes.size()) {
            timer->deleteLater();
            timer->stop();
            end();
            return;
        }
        socket->write(bytes.mid((*sent)++, 1));
    });
    timer->start(pause);
}

/// No faster than they are taken: the client is in the same process, so what waits here counts as its memory.
void sendPieces(QTcpSocket *socket, const FakeResponse &response, size_t next)
{
    constexpr qint64 mostThatWaits = 256 * 1024;
    if (next == response.pieces.size()) {
        if (!response.staysOpen) {
            socket->disconnectFromHost();
        }
        return;
    }
    QTimer::singleShot(response.pieces[next].pause, socket, [=] {
        if (!socket->isOpen()) {
            return;
        }
        if (socket->bytesToWrite() > mostThatWaits) {
            QObject::connect(
                socket, &QTcpSocket::bytesWritten, socket, [=] { sendPieces(socket, response, next); },
                Qt::SingleShotConnection);
            return;
        }
        socket->write(response.pieces[next].bytes);
        sendPieces(socket, response, next + 1);
    });
}

void write(QTcpSocket *socket, const FakeResponse &response)
{
    QByteArray bytes = response.raw ? *response.raw : headOf(response) + response.body;
    bool closes = response.raw.has_value() || (response.closes && !response.whenOpen);
    if (response.cutAfter >= 0) {
        bytes.truncate(response.cutAfter);
        closes = true;
    }
    const auto end = [=] {
        if (!response.pieces.empty() && response.cutAfter < 0) {
            sendPieces(socket, response, 0);
        } else if (closes) {
            socket->disconnectFromHost();
        }
    };
    if (response.drip.count() > 0) {
        drip(socket, bytes, response.drip, end);
        return;
    }
    socket->write(bytes);
    end();
    if (response.whenOpen) {
        response.whenOpen([socket = QPointer<QTcpSocket>(socket)](const QByteArray &more) {
            if (socket && more.isEmpty()) {
                socket->disconnectFromHost();
            } else if (socket) {
                socket->write(more);
            }
        });
    }
}

} // namespace

FakeServer::FakeServer()
{
    connect(&m_server, &QTcpServer::newConnection, this, &FakeServer::onConnection);
    start();
}

FakeServer::~FakeServer()
{
    stop();
}

QString FakeServer::origin() const
{
    const bool isIPv6 = m_address.protocol() == QAbstractSocket::IPv6Protocol;
    return (isIPv6 ? u"http://[%1]:%2"_s : u"http://%1:%2"_s).arg(m_address.toString()).arg(m_port);
}

void FakeServer::route(const QByteArray &path, Handler handler)
{
    m_routes.insert(path, std::move(handler));
}

void FakeServer::route(const QByteArray &path, const FakeResponse &response)
{
    m_routes.insert(path, [response](const FakeRequest &) { return response; });
}

void FakeServer::once(const QByteArray &path, const FakeResponse &response)
{
    m_once[path].append(response);
}

std::vector<FakeRequest> FakeServer::requestsTo(const QByteArray &path) const
{
    std::vector<FakeRequest> found;
    std::copy_if(m_requests.begin(), m_requests.end(), std::back_inserter(found),
                 [&](const FakeRequest &request) { return request.path() == path; });
    return found;
}

QStringList FakeServer::conversation() const
{
    QStringList lines;
    for (const FakeRequest &request : m_requests) {
        lines.append(QString::fromLatin1(request.method + ' ' + request.path()));
    }
    return lines;
}

void FakeServer::stop()
{
    m_server.close();
    const QList<QTcpSocket *> sockets = m_buffers.keys();
    m_buffers.clear();
    for (QTcpSocket *socket : sockets) {
        socket->disconnect(this);
        socket->abort();
        socket->deleteLater();
    }
}

void FakeServer::start()
{
    if (!m_server.listen(m_address, m_port)) {
        qFatal("FakeServer: can't listen on port %d", int(m_port));
    }
    m_port = m_server.serverPort();
}

void FakeServer::moveTo(const QHostAddress &address)
{
    stop();
    m_address = address;
    m_port = 0;
    start();
}

void FakeServer::onConnection()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        ++m_connections;
        m_buffers.insert(socket, {});
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { onReadyRead(socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            m_buffers.remove(socket);
            socket->deleteLater();
        });
        if (socket->bytesAvailable() > 0) {
            onReadyRead(socket);
        }
    }
}

void FakeServer::onReadyRead(QTcpSocket *socket)
{
    m_buffers[socket] += socket->readAll();
    if (m_buffers[socket].size() > maximumRequest) {
        socket->abort();
        return;
    }
    while (m_buffers.contains(socket)) {
        std::optional<FakeRequest> request = takeRequest(&m_buffers[socket]);
        if (!request) {
            return;
        }
        request->number = static_cast<int>(m_requests.size()) + 1;
        m_requests.push_back(*request);
        const FakeResponse response = answerFor(*request);
        send(socket, *request, response);
    }
}

std::optional<FakeRequest> FakeServer::takeRequest(QByteArray *buffer) const
{
    const qsizetype end = buffer->indexOf("\r\n\r\n");
    if (end < 0) {
        return std::nullopt;
    }
    QList<QByteArray> lines = buffer->first(end).split('\n');
    const QList<QByteArray> words = lines.takeFirst().trimmed().split(' ');
    FakeRequest request;
    request.method = words.value(0);
    request.target = words.value(1);
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        request.headers.add(line.first(std::max<qsizetype>(colon, 0)).trimmed(),
                            line.sliced(colon + 1).trimmed());
    }
    const qsizetype length = request.headers.value("Content-Length").toLongLong();
    if (buffer->size() < end + 4 + length) {
        return std::nullopt;
    }
    request.body = buffer->mid(end + 4, length);
    buffer->remove(0, end + 4 + length);
    return request;
}

FakeResponse FakeServer::answerFor(const FakeRequest &request)
{
    if (const auto waiting = m_once.find(request.path()); waiting != m_once.end() && !waiting->isEmpty()) {
        return waiting->takeFirst();
    }
    if (const auto handler = m_routes.find(request.path()); handler != m_routes.end()) {
        return (*handler)(request);
    }
    return m_fallback ? m_fallback(request) : FakeResponse::empty(404);
}

void FakeServer::send(QTcpSocket *socket, const FakeRequest &request, FakeResponse response)
{
    if (response.isSilent) {
        return;
    }
    response.closes |= request.headers.value("Connection").toLower() == "close";
    if (response.delay.count() > 0) {
        QTimer::singleShot(response.delay, socket, [=] { write(socket, response); });
        return;
    }
    write(socket, response);
}

} // namespace mooring::support
