// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"
#include "base/words.h"

namespace mooring::base {

using namespace Qt::StringLiterals;

bool Error::isTransient() const
{
    switch (kind) {
    case ErrorKind::Network:
    case ErrorKind::Timeout:
        return true;
    case ErrorKind::HttpStatus:
        return httpStatus >= 500 || httpStatus == 429 || httpStatus == 408;
    case ErrorKind::Protocol:
    case ErrorKind::Tls:
    case ErrorKind::RefusedByPolicy:
    case ErrorKind::SignInNeeded:
    case ErrorKind::Denied:
    case ErrorKind::MoreScopeNeeded:
    case ErrorKind::Keychain:
    case ErrorKind::Storage:
    case ErrorKind::Cancelled:
    case ErrorKind::InvalidInput:
    case ErrorKind::NotFound:
        return false;
    }
    return false;
}

namespace {

QString keychainName(KeychainCase keychainCase)
{
    switch (keychainCase) {
    case KeychainCase::Locked:
        return u"keychain-locked"_s;
    case KeychainCase::Denied:
        return u"keychain-denied"_s;
    case KeychainCase::Missing:
        return u"keychain-missing"_s;
    case KeychainCase::TooLarge:
        return u"keychain-too-large"_s;
    case KeychainCase::Damaged:
        return u"keychain-damaged"_s;
    case KeychainCase::Slow:
        return u"keychain-slow"_s;
    case KeychainCase::None:
    case KeychainCase::Failed:
        break;
    }
    return u"keychain-failed"_s;
}

} // namespace

QString errorName(const Error &error)
{
    switch (error.kind) {
    case ErrorKind::Network:
        return u"network"_s;
    case ErrorKind::Timeout:
        return u"timeout"_s;
    case ErrorKind::Tls:
        return u"tls"_s;
    case ErrorKind::HttpStatus:
        return u"http-status"_s;
    case ErrorKind::Protocol:
        return u"protocol"_s;
    case ErrorKind::RefusedByPolicy:
        return u"refused-by-policy"_s;
    case ErrorKind::SignInNeeded:
        return u"sign-in-needed"_s;
    case ErrorKind::MoreScopeNeeded:
        return u"more-scope-needed"_s;
    case ErrorKind::Denied:
        return u"denied"_s;
    case ErrorKind::Keychain:
        return keychainName(error.keychainCase);
    case ErrorKind::Storage:
        return u"storage"_s;
    case ErrorKind::Cancelled:
        return u"cancelled"_s;
    case ErrorKind::InvalidInput:
        return u"invalid-input"_s;
    case ErrorKind::NotFound:
        return u"not-found"_s;
    }
    return u"protocol"_s;
}

Error makeError(ErrorKind kind, const QString &sentence, const QString &detail, const QString &host)
{
    Error error;
    error.kind = kind;
    error.sentence = sentence;
    error.detail = detail;
    error.host = host;
    return error;
}

Error keychainError(KeychainCase keychainCase, const QString &sentence, const QString &detail)
{
    Error error = makeError(ErrorKind::Keychain, sentence, detail);
    error.keychainCase = keychainCase;
    return error;
}

Error cancelledError()
{
    return makeError(ErrorKind::Cancelled, Words::tr("Cancelled."));
}

} // namespace mooring::base
