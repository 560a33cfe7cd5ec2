// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/elsewhere.h"

#include "support/faults.h"
#include "support/tlsport.h"

#include <QNetworkProxy>
#include <QTcpServer>
#include <QTcpSocket>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

using Place = Elsewhere::Place;

/// RFC 6761 section 6.4: nobody has this name.
const QString nobody = u"https://mooring.invalid"_s;

Place deadPort(DeadPort::Way way)
{
    auto port = std::make_shared<DeadPort>(way);
    return {port->origin(), port};
}

Place tlsPort(TlsPort::Certificate certificate)
{
    auto port = std::make_shared<TlsPort>(certificate);
    return {port->origin(), port};
}

/// Speaks before it is spoken to, and no TLS.
Place withoutTls()
{
    auto server = std::make_shared<QTcpServer>();
    QObject::connect(server.get(), &QTcpServer::newConnection, server.get(), [listener = server.get()] {
        while (QTcpSocket *socket = listener->nextPendingConnection()) {
            socket->write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            socket->disconnectFromHost();
        }
    });
    if (!server->listen(QHostAddress::LocalHost)) {
        qFatal("no port to listen on");
    }
    return {u"https://127.0.0.1:%1"_s.arg(server->serverPort()), server};
}

/// Lets everybody connect and never says a word of the TLS handshake.
Place silentTls()
{
    auto server = std::make_shared<QTcpServer>();
    if (!server->listen(QHostAddress::LocalHost)) {
        qFatal("no port to listen on");
    }
    return {u"https://127.0.0.1:%1"_s.arg(server->serverPort()), server};
}

/// A proxy that wants to know who is there, for everything beyond this computer.
class UnfriendlyProxy final {
public:
    UnfriendlyProxy()
    {
        m_server.setFallback([](const FakeRequest &) {
            FakeResponse refusal = FakeResponse::empty(407);
            refusal.headers.add("Proxy-Authenticate", "Basic realm=\"proxy\"");
            return refusal;
        });
        QNetworkProxy::setApplicationProxy(
            QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, m_server.port()));
    }
    ~UnfriendlyProxy() { QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy); }
    Q_DISABLE_COPY_MOVE(UnfriendlyProxy)

private:
    FakeServer m_server;
};

Elsewhere forbidden(const QByteArray &name, const QString &origin)
{
    return {23, name, [origin] { return Place{origin, nullptr}; }};
}

} // namespace

const std::vector<Elsewhere> &elsewheres()
{
    static const std::vector<Elsewhere> all = {
        {1, "connect timeout", [] { return deadPort(DeadPort::Way::NeverAnswers); }, true},
        {1, "silent TLS", silentTls, true},
        {2, "refused", [] { return deadPort(DeadPort::Way::Refuses); }},
        {3, "no such name", [] { return Place{nobody, nullptr}; }},
        {4, "expired", [] { return tlsPort(TlsPort::Certificate::Expired); }},
        {4, "not yet valid", [] { return tlsPort(TlsPort::Certificate::NotYetValid); }},
        {4, "wrong name", [] { return tlsPort(TlsPort::Certificate::WrongName); }},
        {4, "unknown root", [] { return tlsPort(TlsPort::Certificate::UnknownRoot); }},
        {4, "self-signed", [] { return tlsPort(TlsPort::Certificate::SelfSigned); }},
        {4, "no TLS at all", withoutTls},
        forbidden("http", u"http://192.0.2.1"_s),
        forbidden("scheme", u"ftp://127.0.0.1"_s),
        forbidden("userinfo", u"https://someone@192.0.2.1"_s),
        forbidden("fragment", u"https://192.0.2.1#x"_s),
        {32, "proxy wants a password", [] { return Place{nobody, std::make_shared<UnfriendlyProxy>()}; }},
    };
    return all;
}

} // namespace mooring::support
