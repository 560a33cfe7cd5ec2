// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSslConfiguration>
#include <QSslServer>

#include <memory>

namespace mooring::support {

/// A server at https://127.0.0.1:PORT with a certificate of its own, made anew each time, and an authority
/// that this process trusts as long as the server lives. It answers 404 to everything, or puts TLS in front
/// of another server.
class TlsPort final {
public:
    enum class Certificate { Good, Expired, NotYetValid, WrongName, UnknownRoot, SelfSigned };

    explicit TlsPort(Certificate certificate);
    /// In front of that port of 127.0.0.1, with a good certificate for the names of a subjectAltName
    /// ("DNS:mcp.example.com,IP:192.0.2.1").
    TlsPort(const QByteArray &names, quint16 behind);
    ~TlsPort();
    Q_DISABLE_COPY_MOVE(TlsPort)

    quint16 port() const { return m_server.serverPort(); }
    QString origin() const { return QStringLiteral("https://127.0.0.1:%1").arg(m_server.serverPort()); }

private:
    void setUp(Certificate certificate, const QByteArray &names);

    QSslConfiguration m_before;
    QSslServer m_server;
};

} // namespace mooring::support
