// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/testbed.h"

namespace mooring::test {

/// A connection that is signed in, and its tokens, which are to be given back.
class DepartureBed final : public support::Testbed {
public:
    explicit DepartureBed(const std::function<void(DepartureBed *)> &prepare = {});

    std::shared_ptr<connections::Connection> connection() const { return list->byId(id); }
    QString host() const { return QUrl(auth.issuer()).authority(); }
    base::Result<connections::Disconnected> disconnect() const;
    /// After restart(), to hear how trying ends.
    void listen();
    void tellDue() const;
    void tellNow() const;
    /// The service works again, as it did at first.
    void letServiceAnswer();

    /// Tokens that have come to the revocation endpoint since it works, in order, and what they were called.
    QByteArrayList told() { return fields("token"); }
    QByteArrayList hints() { return fields("token_type_hint"); }
    /// Something of the sign-in still is good for something.
    bool isAlive() const { return auth.isActive(accessToken) || auth.isActive(refreshToken); }

    QList<connections::RevocationRecord> entries() const;
    /// Code V of the fault matrix: the tokens are in the keychain, and nothing takes them for a grant.
    void checkSealed();
    void checkOver(connections::RevocationEnd how) const;

    /// What a process leaves that is killed in the middle of disconnecting.
    void leaveAt(const QString &point, bool serviceAnswers);

    QString id;
    QByteArray accessToken;
    QByteArray refreshToken;
    QList<connections::RevocationEnd> ends;

private:
    QByteArrayList fields(const QByteArray &name);
    support::FakeServer::Handler m_good;
    std::size_t m_before = 0;
};

} // namespace mooring::test
