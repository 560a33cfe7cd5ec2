// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/form.h"
#include "http/headers.h"

#include <QHash>
#include <QJsonObject>
#include <QTcpServer>

#include <functional>
#include <optional>

class QTcpSocket;

namespace mooring::demo {

struct Request {
    QByteArray method;
    QByteArray target;
    http::Headers headers;
    QByteArray body;

    QByteArray path() const { return target.split('?').first(); }
    /// Empty if they can't be decoded.
    http::FormFields queryFields() const;
    http::FormFields formFields() const;
};

/// The value of a field that is there exactly once; empty otherwise.
QByteArray fieldOf(const http::FormFields &fields, const QByteArray &name);
QString textOf(const http::FormFields &fields, const QByteArray &name);

struct Response {
    int status = 200;
    http::Headers headers = {};
    QByteArray body = {};

    static Response json(const QJsonObject &object, int status = 200);
    static Response page(const QByteArray &html, int status = 200);
    static Response redirect(const QByteArray &location);
    static Response empty(int status);
    /// An error of OAuth (RFC 6749 section 5.2).
    static Response refusal(const QString &code, const QString &description, int status = 400);
};

/// A small HTTP/1.1 server on 127.0.0.1, with the care that a local server needs: it answers only
/// to its own name (a web page can make a foreign name point here), refuses posts that come from
/// other web pages, and reads no more than it can hold.
class Server final : public QObject {
    Q_OBJECT
public:
    using Handler = std::function<Response(const Request &)>;

    /// False if the port is taken. Port 0 is not meant here: the demo's addresses are fixed.
    bool listen(quint16 port);
    /// "http://127.0.0.1:PORT"
    QString origin() const;
    void route(const QByteArray &path, Handler handler) { m_routes.insert(path, std::move(handler)); }

private:
    void onNewConnection();
    void onReadyRead(QTcpSocket *socket);
    Response answerFor(const Request &request) const;

    QTcpServer m_server;
    QHash<QByteArray, Handler> m_routes;
    QHash<QTcpSocket *, QByteArray> m_buffers;
};

} // namespace mooring::demo
