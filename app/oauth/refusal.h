// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"
#include "http/client.h"

#include <QJsonObject>
#include <QList>
#include <QString>

namespace mooring::oauth {

/// What an answer that refuses something says about it. RFC 6749 section 5.2 has one form for that; what is
/// sent is also a nested error object, a list of them, other names, plain text or a web page.
class Refusal final {
public:
    /// `sent` is what must not come back in a sentence, because services quote what they were sent.
    static Refusal of(const http::Response &response, const QList<base::Secret> &sent = {});
    /// The same for members that came in another way.
    static Refusal of(const QJsonObject &body, const QList<base::Secret> &sent = {});

    /// The error code, fit to be shown; empty if there is none.
    const QString &code() const { return m_code; }
    /// What it says to people, fit to be shown; empty if there is nothing.
    QString words() const;
    /// All of the same, as it came: to look for something in it.
    const QString &text() const { return m_text; }

    /// `error` with the service's words behind its sentence, as those of the error's host.
    base::Error added(base::Error error) const;
    /// What added() has put behind the sentence, for another one; with its blank, or empty.
    static QString tailOf(const base::Error &error);

    /// What it says is that the refresh token is no good (any more), in whatever words. `status` is that of
    /// the answer: a service in trouble has to name the refresh token itself.
    bool speaksOfEndedGrant(int status) const;

private:
    QString m_code;
    QString m_text;
};

/// An error inside an answer, whatever its status: `error` or `errors` that say something, `ok` or `success`
/// that are false.
bool holdsError(const QJsonObject &body);

} // namespace mooring::oauth
