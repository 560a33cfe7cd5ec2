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

/// Adds headers that are not stored anywhere: for probing.
class TypedHeaders final : public mcp::Authorizer {
public:
    /// `origin` is that of the only server that may see them.
    TypedHeaders(QList<TypedHeader> headers, QString origin);

    base::Task<base::Result<http::Request>> authorize(http::Request request, std::stop_token stop) override;
    /// Denied: there is nothing else to try.
    base::Task<base::Result<void>> onChallenge(http::Request sent, http::ResponseHead refusal,
                                               QList<oauth::Challenge> challenges,
                                               std::stop_token stop) override;

private:
    QList<TypedHeader> m_headers;
    QString m_origin;
};

} // namespace mooring::connections
