// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/wording.h"

#include "base/displaytext.h"
#include "base/moments.h"
#include "base/words.h"

namespace mooring::text {

using namespace Qt::StringLiterals;
using base::durationText;
using base::momentText;
using base::Words;
using connections::AuthorizationKind;
using connections::ConnectionRecord;
using connections::ConnectionState;
using connections::Phase;
using connections::SentHeader;

namespace {

QString actionLabel(Action action)
{
    switch (action) {
    case Action::None:
        return {};
    case Action::Authorize:
        return Words::tr("Authorize");
    case Action::AuthorizeAgain:
        return Words::tr("Authorize again");
    case Action::Disconnect:
        return Words::tr("Disconnect…");
    case Action::Cancel:
        return Words::tr("Cancel");
    case Action::TryAgain:
        return Words::tr("Try again");
    case Action::TryNow:
        return Words::tr("Try now");
    case Action::EditKey:
        return Words::tr("Edit key…");
    case Action::Unlock:
        return Words::tr("Unlock");
    case Action::Details:
        return Words::tr("Details");
    }
    return {};
}

Wording make(const QString &pill, const QString &headline, const QString &sentence, Tone tone, Action action)
{
    return {pill, headline, sentence, tone, action, actionLabel(action)};
}

QString errorSentence(const ConnectionState &state, const QString &otherwise)
{
    return state.error ? state.error->sentence : otherwise;
}

Wording authorized(const ConnectionState &state, const QDateTime &now)
{
    QString sentence = state.hasRefreshToken ? Words::tr("Renews by itself when it is used.")
                                             : Words::tr("The service gave nothing to renew it with.");
    if (!state.hasRefreshToken && state.expiresAt) {
        sentence = Words::tr("This sign-in lasts until %1; then you will be asked again.")
                       .arg(momentText(*state.expiresAt, now));
    }
    if (state.isWindowOnly) {
        sentence = Words::tr("For this window only: the sign-in ends when Mooring is closed.");
    }
    if (!state.expiresAt) {
        return make(Words::tr("Authorized"), Words::tr("Authorized · no expiry told"), sentence, Tone::Good,
                    Action::Disconnect);
    }
    const QString left = durationText(now, *state.expiresAt);
    return make(left, Words::tr("Authorized · expires in %1").arg(left), sentence, Tone::Good,
                Action::Disconnect);
}

Wording unreachable(const ConnectionState &state, const QDateTime &now)
{
    const QString sentence = errorSentence(state, Words::tr("The server could not be reached."));
    if (state.error && state.error->retryAt && *state.error->retryAt > now) {
        const QString until = Words::tr("asked to wait until %1").arg(momentText(*state.error->retryAt, now));
        return make(Words::tr("waits"), state.isSignedIn ? Words::tr("Authorized · %1").arg(until) : until,
                    sentence, Tone::Attention, Action::TryNow);
    }
    return make(Words::tr("can't reach it"),
                state.isSignedIn ? Words::tr("Authorized · can't reach it") : Words::tr("Can't reach it"),
                state.isSignedIn ? sentence + u' ' + Words::tr("You are still signed in.") : sentence,
                Tone::Attention, Action::TryNow);
}

Wording notAuthorized(const ConnectionState &state, const ConnectionRecord &record)
{
    if (record.verdict == mcp::Verdict::NeedsKey) {
        return make(
            Words::tr("Needs a key"), Words::tr("Needs a key"),
            errorSentence(state, Words::tr("This server wants a key and does not say where to sign in.")),
            Tone::Attention, Action::EditKey);
    }
    return make(Words::tr("Not authorized"), Words::tr("Not authorized"),
                errorSentence(
                    state, Words::tr("Your browser opens to sign you in. Mooring never sees your password.")),
                Tone::Attention, Action::Authorize);
}

QString keySentence(const ConnectionRecord &record)
{
    QStringList names{base::displayText(record.headerName)};
    for (const SentHeader &header : record.headers) {
        names.append(base::displayText(header.name));
    }
    return names.size() == 1
               ? Words::tr("Mooring sends the header %1 with every request.").arg(names.first())
               : Words::tr("Mooring sends the headers %1 with every request.").arg(names.join(u", "_s));
}

Wording keyRefused(const ConnectionRecord &record)
{
    if (record.kind != AuthorizationKind::Header) {
        return make(
            Words::tr("Key refused"), Words::tr("Key refused"),
            Words::tr("The server does not accept the key in its address. Add it again with the address that "
                      "the service shows you now."),
            Tone::Attention, Action::TryAgain);
    }
    return make(Words::tr("Key refused"), Words::tr("Key refused"),
                Words::tr("The server does not accept this key."), Tone::Attention, Action::EditKey);
}

Wording keychainTrouble(const ConnectionState &state)
{
    if (state.isWaitingForKeychain) {
        return make(Words::tr("Waiting for keychain"), Words::tr("Waiting for your keychain"),
                    Words::tr("Your keychain asks for its password in a window of its own."), Tone::Attention,
                    Action::Cancel);
    }
    const QString sentence = errorSentence(state, {});
    const auto keychainCase = state.error ? state.error->keychainCase : base::KeychainCase::Failed;
    switch (keychainCase) {
    case base::KeychainCase::Locked:
        return make(Words::tr("Keychain locked"), Words::tr("Keychain locked"), sentence, Tone::Attention,
                    Action::Unlock);
    case base::KeychainCase::Missing:
        return make(Words::tr("No keychain"), Words::tr("No keychain"), sentence, Tone::Attention,
                    Action::TryAgain);
    case base::KeychainCase::Denied:
        return make(Words::tr("Keychain refused"), Words::tr("The keychain refused access"), sentence,
                    Tone::Attention, Action::TryAgain);
    case base::KeychainCase::None:
    case base::KeychainCase::Failed:
    case base::KeychainCase::Slow:
    case base::KeychainCase::TooLarge:
    case base::KeychainCase::Damaged:
        break;
    }
    return make(Words::tr("Keychain trouble"), Words::tr("Keychain trouble"), sentence, Tone::Attention,
                Action::TryAgain);
}

Wording signInExpired(const ConnectionState &state, const QDateTime &now)
{
    QString reason = Words::tr("This sign-in has ended.");
    if (state.expiresAt && *state.expiresAt <= now) {
        reason = Words::tr("This sign-in ended %1, and the service gave nothing to renew it with.")
                     .arg(momentText(*state.expiresAt, now));
    }
    return make(Words::tr("Sign-in expired"), Words::tr("Sign-in expired"), errorSentence(state, reason),
                Tone::Attention, Action::AuthorizeAgain);
}

Wording notChecked(const ConnectionState &state)
{
    return make(Words::tr("Not checked"), Words::tr("Not checked yet"),
                errorSentence(state, Words::tr("Nobody has looked at this server yet.")), Tone::Neutral,
                Action::TryAgain);
}

Wording checking()
{
    return make(Words::tr("Checking…"), Words::tr("Checking…"),
                Words::tr("Mooring looks at what this server wants."), Tone::Neutral, Action::None);
}

Wording open(const ConnectionRecord &record)
{
    return make(
        Words::tr("Open"), Words::tr("Open"),
        record.secretQuery.isEmpty()
            ? Words::tr("No sign-in needed.")
            : Words::tr("No sign-in needed: the key is a part of the address, and Mooring keeps it in "
                        "the keychain."),
        Tone::Neutral, Action::None);
}

Wording notMcp(const ConnectionState &state)
{
    return make(
        Words::tr("No MCP server here"), Words::tr("No MCP server here"),
        errorSentence(state, Words::tr("Something answers at this address, but it is no MCP server.")),
        Tone::Attention, Action::TryAgain);
}

Wording waitingForBrowser()
{
    return make(Words::tr("Waiting for browser"), Words::tr("Waiting for browser"),
                Words::tr("Sign in and allow access in your browser; then come back here."), Tone::Attention,
                Action::Cancel);
}

Wording renewsOnUse()
{
    return make(Words::tr("renews on use"), Words::tr("Authorized · renews on use"),
                Words::tr("The access has run out and is renewed the next time it is used."), Tone::Good,
                Action::Disconnect);
}

Wording disconnecting()
{
    return make(Words::tr("Disconnecting…"), Words::tr("Disconnecting…"),
                Words::tr("Mooring tells the service that you are leaving."), Tone::Neutral, Action::None);
}

Wording stopped(const ConnectionState &state)
{
    return make(Words::tr("Stopped"), Words::tr("Stopped for safety"),
                errorSentence(state, Words::tr("Something was not safe to do.")), Tone::Bad, Action::Details);
}

Wording signInUnusable(const ConnectionState &state)
{
    return make(
        Words::tr("Sign-in unusable"), Words::tr("Its sign-in can't be used"),
        errorSentence(state, Words::tr("This server has a sign-in, but something about it is wrong. Only "
                                       "its owner can mend that.")),
        Tone::Attention, Action::TryAgain);
}

Wording blocked(const ConnectionState &state)
{
    return make(
        Words::tr("Blocked"), Words::tr("Blocked on the way"),
        errorSentence(state, Words::tr("Something in front of this server doesn't let Mooring through.")),
        Tone::Attention, Action::TryAgain);
}

Wording unknownVersions(const ConnectionState &state)
{
    return make(Words::tr("Unknown version"), Words::tr("Speaks an unknown version"),
                errorSentence(state, Words::tr("This is an MCP server, but of a version that this Mooring "
                                               "doesn't know. A newer Mooring may help.")),
                Tone::Attention, Action::TryAgain);
}

Wording apiKey(const ConnectionRecord &record)
{
    return make(Words::tr("API key"), Words::tr("API key"), keySentence(record), Tone::Neutral,
                Action::EditKey);
}

} // namespace

Wording wordingOf(const ConnectionState &state, const ConnectionRecord &record, const QDateTime &now)
{
    switch (state.phase) {
    case Phase::NotChecked:
        return notChecked(state);
    case Phase::Checking:
        return checking();
    case Phase::Open:
        return open(record);
    case Phase::ApiKey:
        return apiKey(record);
    case Phase::KeyRefused:
        return keyRefused(record);
    case Phase::NotMcp:
        return notMcp(state);
    case Phase::NotAuthorized:
        return notAuthorized(state, record);
    case Phase::WaitingForBrowser:
        return waitingForBrowser();
    case Phase::Authorized:
        return authorized(state, now);
    case Phase::RenewsOnUse:
        return renewsOnUse();
    case Phase::Unreachable:
        return unreachable(state, now);
    case Phase::SignInExpired:
        return signInExpired(state, now);
    case Phase::Disconnecting:
        return disconnecting();
    case Phase::KeychainTrouble:
        return keychainTrouble(state);
    case Phase::Stopped:
        return stopped(state);
    case Phase::SignInUnusable:
        return signInUnusable(state);
    case Phase::Blocked:
        return blocked(state);
    case Phase::UnknownVersions:
        return unknownVersions(state);
    }
    return {};
}

std::optional<std::chrono::milliseconds> nextChange(const ConnectionState &state, const QDateTime &now)
{
    using namespace std::chrono;
    if (state.phase == Phase::Unreachable && state.error && state.error->retryAt
        && *state.error->retryAt > now) {
        return milliseconds(now.msecsTo(*state.error->retryAt) + 1);
    }
    if (state.phase != Phase::Authorized || !state.expiresAt) {
        return std::nullopt;
    }
    const qint64 left = now.msecsTo(*state.expiresAt);
    if (left <= 0) {
        return std::nullopt;
    }
    const auto untilMultipleOf = [left](qint64 unit) { return milliseconds((left % unit) + 1); };
    if (left <= 60'000) {
        return untilMultipleOf(1000);
    }
    if (left <= 2 * 3'600'000) {
        return untilMultipleOf(60'000);
    }
    return left <= 48 * 3'600'000LL ? untilMultipleOf(3'600'000) : untilMultipleOf(86'400'000);
}

} // namespace mooring::text
