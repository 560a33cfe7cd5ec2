// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/records/connectionstate.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;

QString phaseName(Phase phase)
{
    switch (phase) {
    case Phase::NotChecked:
        return u"not-checked"_s;
    case Phase::Checking:
        return u"checking"_s;
    case Phase::Open:
        return u"open"_s;
    case Phase::ApiKey:
        return u"api-key"_s;
    case Phase::KeyRefused:
        return u"key-refused"_s;
    case Phase::NotMcp:
        return u"not-mcp"_s;
    case Phase::NotAuthorized:
        return u"not-authorized"_s;
    case Phase::WaitingForBrowser:
        return u"waiting-for-browser"_s;
    case Phase::Authorized:
        return u"authorized"_s;
    case Phase::RenewsOnUse:
        return u"renews-on-use"_s;
    case Phase::Unreachable:
        return u"unreachable"_s;
    case Phase::SignInExpired:
        return u"sign-in-expired"_s;
    case Phase::Disconnecting:
        return u"disconnecting"_s;
    case Phase::KeychainTrouble:
        return u"keychain-trouble"_s;
    case Phase::Stopped:
        return u"stopped"_s;
    case Phase::SignInUnusable:
        return u"sign-in-unusable"_s;
    case Phase::Blocked:
        return u"blocked"_s;
    case Phase::UnknownVersions:
        return u"unknown-versions"_s;
    }
    return {};
}

namespace {

Phase phaseWithoutSecret(const ConnectionRecord &record, const std::optional<base::Error> &error,
                         bool checking)
{
    if (error && error->kind == ErrorKind::SignInNeeded && !record.issuer.isEmpty()) {
        return Phase::SignInExpired;
    }
    if (checking && !record.verdict) {
        return Phase::Checking;
    }
    if ((error && error->isTransient()) || record.verdict == mcp::Verdict::Unreachable) {
        return Phase::Unreachable;
    }
    if (record.verdict == mcp::Verdict::Open) {
        return Phase::Open;
    }
    if (record.verdict == mcp::Verdict::KeyRefused && !record.secretQuery.isEmpty()) {
        return Phase::KeyRefused;
    }
    if (record.verdict == mcp::Verdict::NotMcp) {
        return Phase::NotMcp;
    }
    if (record.verdict == mcp::Verdict::Refused) {
        return Phase::Stopped;
    }
    if (record.verdict == mcp::Verdict::SignInUnusable) {
        return Phase::SignInUnusable;
    }
    if (record.verdict == mcp::Verdict::Blocked) {
        return Phase::Blocked;
    }
    if (record.verdict == mcp::Verdict::UnknownVersions) {
        return Phase::UnknownVersions;
    }
    return record.verdict ? Phase::NotAuthorized : Phase::NotChecked;
}

Phase phaseWithGrant(const ConnectionRecord &record, const std::optional<base::Error> &error,
                     const QDateTime &now)
{
    if (error && error->kind == ErrorKind::SignInNeeded) {
        return Phase::SignInExpired;
    }
    if (error && error->isTransient()) {
        return Phase::Unreachable;
    }
    if (!record.expiresAt || *record.expiresAt > now) {
        return Phase::Authorized;
    }
    return record.hasRefreshToken ? Phase::RenewsOnUse : Phase::SignInExpired;
}

Phase phaseWithKey(const ConnectionRecord &record, const std::optional<base::Error> &error)
{
    if (error && error->isTransient()) {
        return Phase::Unreachable;
    }
    if (record.verdict == mcp::Verdict::Blocked) {
        return Phase::Blocked;
    }
    return record.verdict == mcp::Verdict::KeyRefused ? Phase::KeyRefused : Phase::ApiKey;
}

Phase phaseOf(const ConnectionRecord &record, const LiveFacts &live, const std::optional<base::Error> &error,
              const QDateTime &now)
{
    if (live.waitingForBrowser) {
        return Phase::WaitingForBrowser;
    }
    if (live.waitingForKeychain || (error && error->kind == ErrorKind::Keychain)) {
        return Phase::KeychainTrouble;
    }
    if (live.disconnecting || record.leaving) {
        return Phase::Disconnecting;
    }
    if (error && (error->kind == ErrorKind::RefusedByPolicy || error->kind == ErrorKind::Tls)) {
        return Phase::Stopped;
    }
    const std::optional<base::Error> relevant = live.signInFailed ? std::nullopt : error;
    if (!record.hasSecret) {
        return phaseWithoutSecret(record, relevant, live.checking);
    }
    return record.kind == AuthorizationKind::Header ? phaseWithKey(record, relevant)
                                                    : phaseWithGrant(record, relevant, now);
}

} // namespace

ConnectionState stateOf(const ConnectionRecord &record, const LiveFacts &live, const QDateTime &now)
{
    ConnectionState state;
    state.error = live.trouble;
    if (!state.error && record.lastError) {
        state.error = record.lastError->error;
    }
    state.isSignedIn = record.hasSecret && record.kind == AuthorizationKind::OAuth && !record.leaving;
    state.isWindowOnly = live.windowOnly;
    state.isWaitingForKeychain = live.waitingForKeychain;
    state.hasRefreshToken = record.hasRefreshToken;
    if (state.isSignedIn) {
        state.expiresAt = record.expiresAt;
    }
    state.phase = phaseOf(record, live, state.error, now);
    return state;
}

} // namespace mooring::connections
