// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "mcp/authorizer.h"

#include <QList>
#include <QString>

namespace mooring::connections {

/// A header that the person wants every request to the server to carry.
struct TypedHeader {
    QString name;
    base::Secret value;
    /// Its value goes into the keychain and is never shown; that of others stands in the record.
    bool isSecret = true;
};

/// Of one connection.
inline constexpr qsizetype maximumHeaders = 20;

/// A header name (RFC 9110 section 5.1) that Mooring doesn't use itself. Errors: InvalidInput.
base::Result<void> checkHeaderName(const QString &name);
/// The same, and a value that can be sent.
base::Result<void> checkHeader(const QString &name, const QByteArray &value);
base::Result<void> checkHeaderKey(const QString &name, const base::Secret &value);
/// The same for all, and that they can go together.
base::Result<void> checkHeaders(const QList<TypedHeader> &headers);
bool isSameHeader(const QString &name, const QString &other);

/// Adds what is not stored anywhere: for looking at a server before there is a connection.
class TypedHeaders final : public mcp::Authorizer {
public:
    /// `origin` is that of the only server that may see them. `query` as in http::Request::secretQuery.
    TypedHeaders(QList<TypedHeader> headers, base::Secret query, QString origin);

    Key key() const override;
    base::Task<base::Result<http::Request>> authorize(http::Request request, std::stop_token stop) override;
    /// Denied: there is nothing else to try.
    base::Task<base::Result<void>> onChallenge(http::Request sent, http::ResponseHead refusal,
                                               QList<oauth::Challenge> challenges,
                                               std::stop_token stop) override;

private:
    QList<TypedHeader> m_headers;
    base::Secret m_query;
    QString m_origin;
};

} // namespace mooring::connections
