// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <optional>

namespace mooring::base {

/// What kind of trouble this is. The kind, not the text, decides what a caller does next.
enum class ErrorKind {
    Network, ///< no connection, or it was lost; says nothing about the sign-in
    Timeout, ///< a deadline passed; says nothing about the sign-in
    Tls, ///< the connection can't be trusted; never retried, never bypassed
    HttpStatus, ///< an answer with a status that is no success; see Error::httpStatus
    Protocol, ///< an answer that can't be used: not JSON, a required member missing, too large
    RefusedByPolicy, ///< stopped for safety: a URL, an issuer or a resource that must not be followed
    SignInNeeded, ///< only a person in a browser can go on
    Denied, ///< the person, or the service on the person's behalf, said no
    MoreScopeNeeded, ///< the sign-in is good but doesn't allow this; Error::scopes would
    Keychain, ///< the keychain can't be used; see Error::keychainCase
    Storage, ///< a file can't be read or written
    Cancelled, ///< somebody stopped it on purpose; not a failure to show in red
    InvalidInput, ///< what the person typed can't be meant
    NotFound, ///< no such connection, tool or file
};

/// Why the keychain can't be used; each has its own remedy.
enum class KeychainCase {
    None,
    Locked, ///< there, but locked; unlocking helps
    Denied, ///< there and unlocked, but it refused
    Missing, ///< no keychain service on this machine or in this session
    Slow, ///< no answer in time; it may still come
    Failed, ///< it answered something else
    TooLarge, ///< the value doesn't fit
    Damaged, ///< an item is there but incomplete: a part is missing, or the checksum is wrong
};

/// One failure as a value. Never holds a secret: every field may be shown, logged and reported.
struct Error {
    ErrorKind kind = ErrorKind::Protocol;
    /// One sentence for a person: what happened, to which host, what can be done. Translated, plain text.
    QString sentence;
    /// For a report: untranslated, may be empty.
    QString detail;
    /// The other side's host in ASCII form, where there is one.
    QString host = {};
    /// HTTP status of the answer, 0 if there was none.
    int httpStatus = 0;
    KeychainCase keychainCase = KeychainCase::None;
    /// The `error` code of an OAuth answer (RFC 6749 section 5.2), empty if there was none.
    QString oauthCode = {};
    /// Of MoreScopeNeeded: what the server asks for, as it came.
    QStringList scopes = {};
    /// The one change that would let it through, where there is one: see oauth::remedies. Empty otherwise.
    QString remedy = {};
    /// The code of a JSON-RPC error (JSON-RPC 2.0 section 5.1), where the answer was one.
    std::optional<qint64> rpcCode = std::nullopt;
    /// When the other side asked us to come back (Retry-After), UTC.
    std::optional<QDateTime> retryAt = std::nullopt;

    /// The request may have reached the other side, only its answer is lost.
    bool mayHaveArrived = false;
    /// Of Network: nobody has this name, so that asking again at once is of no use.
    bool isNoSuchHost = false;

    /// Trouble that passes by itself: keep everything, try again later.
    bool isTransient() const;
    friend bool operator==(const Error &, const Error &) = default;
};

/// The stable name of a kind, as `mooringctl --json` prints it ("network", "keychain-locked", …).
QString errorName(const Error &error);

Error makeError(ErrorKind kind, const QString &sentence, const QString &detail = {},
                const QString &host = {});
Error keychainError(KeychainCase keychainCase, const QString &sentence, const QString &detail = {});
/// The error of a wait that was stopped on purpose.
Error cancelledError();

} // namespace mooring::base
