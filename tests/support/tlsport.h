// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSslConfiguration>
#include <QSslServer>

#include <memory>

namespace mooring::support {

/// A server at https://127.0.0.1:PORT with a certificate of its own, made anew each time, and an authority
/// that this process trusts as long as the server lives. It answers 404 to everything.
class TlsPort final {
public:
    enum class Certificate { Good, Expired, NotYetValid, WrongName, UnknownRoot, SelfSigned };

    explicit TlsPort(Certificate certificate);
    ~TlsPort();
    Q_DISABLE_COPY_MOVE(TlsPort)

    QString origin() const { return QStringLiteral("https://127.0.0.1:%1").arg(m_server.serverPort()); }

private:
    QSslConfiguration m_before;
    QSslServer m_server;
};

} // namespace mooring::support
