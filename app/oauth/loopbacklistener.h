// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "base/task.h"

#include <QAbstractOAuthReplyHandler>
#include <QList>
#include <QMap>
#include <QTcpServer>

#include <memory>
#include <optional>
#include <vector>

namespace mooring::oauth {

/// The address that the browser is sent back to (RFC 8252 section 7.3), and the reply handler of
/// Qt's flow.
///
/// It listens on this computer from the moment it exists. Any program and any web page can talk to it,
/// so nothing counts but a GET of the exact path with the right Host and the expected `state`, each
/// parameter once; then `iss` (RFC 9207 section 2.4), before a code is used or an error text is
/// looked at. Everything else gets a constant 4xx page and the wait goes on, and so does what another user
/// of this computer sends (Linux only; see callbackpeer.h). No byte of a request is ever part of a page.
class LoopbackListener final : public QAbstractOAuthReplyHandler {
    Q_OBJECT
public:
    /// Port 0 takes any free one. `host` is how the redirect URI calls this computer: "127.0.0.1" (also
    /// if empty), "[::1]", or "localhost", for which both are listened on where both are there (RFC 8252
    /// section 8.3: nobody else may answer at the other one). Errors: Network, if the port is taken;
    /// InvalidInput for another host.
    static base::Result<std::unique_ptr<LoopbackListener>> listen(quint16 port, const QString &host = {});
    ~LoopbackListener() override;

    /// Before it is registered or waited for: another path than callbackPath().
    void setPath(const QString &path);
    /// "http://HOST:PORT/callback", the text that is registered.
    QString redirectUri() const { return m_redirectUri; }
    QString callback() const override { return m_redirectUri; }
    quint16 port() const { return m_port; }

    /// From now on an answer counts if it carries this. `issuer` is the validated metadata issuer;
    /// with `issRequired` an answer without `iss` is refused.
    void expect(const QByteArray &state, const QString &issuer, bool issRequired);

    /// The way round for a browser on another machine: the address it ended up at, pasted by the
    /// person. Errors: InvalidInput with a sentence; the wait goes on.
    base::Result<void> acceptPasted(const QString &address);

    /// Requests that were refused so far.
    int refusedRequests() const { return m_refused; }
    /// Gives the port back and drops whoever is connected. Nothing is answered any more.
    void close();

    void networkReplyFinished(QNetworkReply *reply) override;

Q_SIGNALS:
    /// Once, for the first answer that counts: a code (callbackReceived() follows), or an error:
    /// Denied, RefusedByPolicy (`iss`), Protocol. Nobody can connect any more by then.
    void answered(const mooring::base::Result<QByteArray> &code);
    /// The token endpoint's answer has arrived in full.
    void tokenReplyFinished(QNetworkReply *reply);

private:
    using Parameters = QMap<QByteArray, QByteArray>;

    LoopbackListener();
    /// Listens on all of `addresses` with one port. Nothing but the error of the last try on failure.
    bool listenOn(const QList<QHostAddress> &addresses, quint16 port);
    void onNewConnection(QTcpServer *server);
    void onReadyRead(QTcpSocket *socket);
    void drop(QTcpSocket *socket);
    /// The parameters of an answer that counts: ours by its state, and with a code or an error.
    std::optional<Parameters> parametersOf(QByteArrayView query) const;
    base::Result<QByteArray> judge(const Parameters &parameters) const;
    void finish(const base::Result<QByteArray> &code);

    /// Stops listening; who is connected stays.
    void stopListening();

    std::vector<std::unique_ptr<QTcpServer>> m_servers;
    quint16 m_port = 0;
    /// The only value of the Host field that counts.
    QByteArray m_authority;
    QByteArray m_path;
    QString m_redirectUri;
    QByteArray m_state;
    QString m_issuer;
    bool m_issRequired = false;
    int m_refused = 0;
    /// Oldest first.
    QList<QTcpSocket *> m_sockets;
};

} // namespace mooring::oauth
