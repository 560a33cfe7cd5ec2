// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/loopbacklistener.h"

#include "base/checkpoint.h"
#include "base/deadline.h"
#include "base/displaytext.h"
#include "base/logging.h"
#include "base/secret.h"
#include "base/words.h"
#include "oauth/callbackpages.h"
#include "oauth/callbackpeer.h"
#include "oauth/callbackrequest.h"
#include "oauth/refusal.h"
#include "oauth/tokenset.h"

#include <QTcpSocket>
#include <QUrl>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

namespace {

constexpr qsizetype maximumSockets = 16;
constexpr qint64 maximumBuffer = 24 * 1024;
constexpr auto patience = std::chrono::seconds(5);

QList<QHostAddress> addressesOf(const QString &host)
{
    if (host == "127.0.0.1"_L1) {
        return {QHostAddress(QHostAddress::LocalHost)};
    }
    if (host == "[::1]"_L1) {
        return {QHostAddress(QHostAddress::LocalHostIPv6)};
    }
    if (host == "localhost"_L1) {
        return {QHostAddress(QHostAddress::LocalHost), QHostAddress(QHostAddress::LocalHostIPv6)};
    }
    return {};
}

void answer(QTcpSocket *socket, CallbackPage page, int status)
{
    socket->write(callbackAnswer(page, status));
    // Whoever owns the listener may end right after; the page has to be on its way by then.
    socket->flush();
    socket->disconnectFromHost();
}

/// Asked only about who knows the state already: the kernel's tables can be long.
bool isOfAnotherUser(const QTcpSocket &socket)
{
    const CallbackPeer peer = callbackPeer(socket);
    const bool isRefused = peer == CallbackPeer::OtherUser || peer == CallbackPeer::Gone;
    if (isRefused) {
        qCWarning(base::lcOauth) << "an answer was refused:"
                                 << (peer == CallbackPeer::Gone ? "who sent it did not wait"
                                                                : "another user of this computer sent it");
    }
    return isRefused;
}

} // namespace

LoopbackListener::LoopbackListener() = default;

LoopbackListener::~LoopbackListener()
{
    close();
}

base::Result<std::unique_ptr<LoopbackListener>> LoopbackListener::listen(quint16 port, const QString &host)
{
    const QString name = host.isEmpty() ? u"127.0.0.1"_s : host;
    const QList<QHostAddress> addresses = addressesOf(name);
    if (addresses.isEmpty()) {
        return base::failed(makeError(
            ErrorKind::InvalidInput,
            Words::tr(
                "The browser can only be sent back to 127.0.0.1, localhost or [::1] on this computer.")));
    }
    // The constructor is private, so make_unique can't be used.
    std::unique_ptr<LoopbackListener> listener(new LoopbackListener);
    bool isListening = false;
    // A port that is free at one address may be taken at the other.
    for (int attempt = 0; !isListening && attempt < (port == 0 ? 8 : 1); ++attempt) {
        isListening = listener->listenOn(addresses, port);
    }
    if (!isListening) {
        return base::failed(
            makeError(ErrorKind::Network,
                      Words::tr("Mooring can't listen for the browser's answer: another program "
                                "uses port %1 of this computer.")
                          .arg(port),
                      u"listen on %1 failed"_s.arg(name)));
    }
    listener->m_authority = u"%1:%2"_s.arg(name).arg(listener->m_port).toLatin1();
    listener->setPath(callbackPath());
    return listener;
}

void LoopbackListener::setPath(const QString &path)
{
    m_path = path.toLatin1();
    m_redirectUri = u"http://"_s + QString::fromLatin1(m_authority) + path;
}

bool LoopbackListener::listenOn(const QList<QHostAddress> &addresses, quint16 port)
{
    m_port = port;
    for (const QHostAddress &address : addresses) {
        auto server = std::make_unique<QTcpServer>();
        if (server->listen(address, m_port)) {
            m_port = server->serverPort();
            connect(server.get(), &QTcpServer::newConnection, this,
                    [this, from = server.get()] { onNewConnection(from); });
            m_servers.push_back(std::move(server));
        } else if (m_servers.empty() || server->serverError() == QAbstractSocket::AddressInUseError) {
            m_servers.clear();
            return false;
        }
        // Else this computer has no IPv6, and nobody can be there.
    }
    return true;
}

void LoopbackListener::stopListening()
{
    for (const std::unique_ptr<QTcpServer> &server : m_servers) {
        server->close();
    }
}

void LoopbackListener::expect(const QByteArray &state, const QString &issuer, bool issRequired)
{
    m_state = state;
    m_issuer = issuer;
    m_issRequired = issRequired;
}

void LoopbackListener::close()
{
    stopListening();
    m_state.clear();
    const QList<QTcpSocket *> sockets = m_sockets;
    for (QTcpSocket *socket : sockets) {
        drop(socket);
    }
}

void LoopbackListener::drop(QTcpSocket *socket)
{
    m_sockets.removeOne(socket);
    socket->disconnect(this);
    socket->abort();
    socket->deleteLater();
}

void LoopbackListener::onNewConnection(QTcpServer *server)
{
    while (QTcpSocket *socket = server->nextPendingConnection()) {
        if (m_sockets.size() >= maximumSockets) {
            drop(m_sockets.first());
        }
        m_sockets.append(socket);
        socket->setReadBufferSize(maximumBuffer);
        connect(socket, &QTcpSocket::readyRead, this, [this, socket] { onReadyRead(socket); });
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] { drop(socket); });
        auto *deadline = new base::Deadline([this, socket] { drop(socket); }, socket);
        deadline->start(patience);
        onReadyRead(socket);
    }
}

void LoopbackListener::onReadyRead(QTcpSocket *socket)
{
    // The bytes stay in the socket until the head is complete: its buffer is the cap.
    const QByteArray received = socket->peek(maximumBuffer);
    const CallbackRequest request = readCallbackRequest(received, m_authority, m_path);
    if (request.state == CallbackRequest::State::Incomplete) {
        return;
    }
    socket->disconnect(this);
    connect(socket, &QTcpSocket::disconnected, this, [this, socket] { drop(socket); });
    // Closing with unread bytes resets the connection, and the browser would lose the page.
    socket->skip(received.size());
    const bool isComplete = request.state == CallbackRequest::State::Complete;
    const std::optional<Parameters> parameters =
        isComplete ? parametersOf(request.query) : std::optional<Parameters>();
    if (!parameters || isOfAnotherUser(*socket)) {
        ++m_refused;
        answer(socket, CallbackPage::Stray, isComplete ? 400 : request.status);
        return;
    }
    const base::Result<QByteArray> code = judge(*parameters);
    base::checkpoint("K10");
    stopListening();
    answer(socket, code ? CallbackPage::Done : CallbackPage::Failed, 200);
    finish(code);
}

std::optional<LoopbackListener::Parameters> LoopbackListener::parametersOf(QByteArrayView query) const
{
    std::optional<Parameters> parameters = callbackParameters(query);
    if (!parameters || m_state.isEmpty() || !base::equalInConstantTime(parameters->value("state"), m_state)) {
        return std::nullopt;
    }
    const bool hasAnswer = !parameters->value("code").isEmpty() || !parameters->value("error").isEmpty();
    return hasAnswer ? parameters : std::nullopt;
}

base::Result<QByteArray> LoopbackListener::judge(const Parameters &parameters) const
{
    const QString host = base::displayAuthority(QUrl(m_issuer));
    const bool hasIss = parameters.contains("iss");
    // RFC 9207 section 2.4: plain comparison of strings, and before anything else is looked at.
    if (!hasIss && m_issRequired) {
        return base::failed(
            makeError(ErrorKind::RefusedByPolicy,
                      Words::tr("Stopped: %1 promises to sign its answers with its name and didn't. "
                                "Only its owner can mend that.")
                          .arg(host),
                      u"iss is missing"_s, host));
    }
    if (hasIss && parameters.value("iss") != m_issuer.toUtf8()) {
        return base::failed(makeError(
            ErrorKind::RefusedByPolicy,
            Words::tr("Stopped: the browser's answer did not come from %1, where you signed in.").arg(host),
            u"iss is another issuer"_s, host));
    }
    const QString code = base::displayText(QString::fromUtf8(parameters.value("error")), 60);
    if (code.isEmpty()) {
        return parameters.value("code");
    }
    const QString description = QString::fromUtf8(parameters.value("error_description"));
    base::Error error;
    if (code == "access_denied"_L1) {
        error =
            makeError(ErrorKind::Denied, Words::tr("The sign-in was declined at %1.").arg(host), {}, host);
    } else {
        error = makeError(ErrorKind::Protocol, Words::tr("%1 could not sign you in (%2).").arg(host, code),
                          base::displayText(description), host);
    }
    error.oauthCode = code;
    error.remedy = remedyFor(code, description);
    return base::failed(Refusal::of(QJsonObject{{u"error_description"_s, description}}).added(error));
}

void LoopbackListener::finish(const base::Result<QByteArray> &code)
{
    const QByteArray state = m_state;
    m_state.clear();
    stopListening();
    qCInfo(base::lcOauth) << "the browser has answered," << m_refused << "other requests were refused";
    Q_EMIT answered(code);
    if (code) {
        Q_EMIT callbackReceived(
            {{u"code"_s, QString::fromUtf8(*code)}, {u"state"_s, QString::fromUtf8(state)}});
    }
}

base::Result<void> LoopbackListener::acceptPasted(const QString &address)
{
    QString text = address.trimmed();
    text.truncate(text.indexOf(u'#') < 0 ? text.size() : text.indexOf(u'#'));
    const QString start = m_redirectUri + u'?';
    if (!text.startsWith(start)) {
        return base::failed(
            makeError(ErrorKind::InvalidInput,
                      Words::tr("That is not the address that the browser ended up at. It begins with %1.")
                          .arg(m_redirectUri)));
    }
    const std::optional<Parameters> parameters = parametersOf(text.mid(start.size()).toUtf8());
    if (!parameters) {
        return base::failed(makeError(
            ErrorKind::InvalidInput,
            Words::tr("That address belongs to another sign-in, or it is not complete. Copy all of it.")));
    }
    finish(judge(*parameters));
    return {};
}

void LoopbackListener::networkReplyFinished(QNetworkReply *reply)
{
    Q_EMIT tokenReplyFinished(reply);
}

} // namespace mooring::oauth
