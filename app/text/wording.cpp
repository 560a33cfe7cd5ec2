// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "text/wording.h"

#include "base/displaytext.h"
#include "base/moments.h"

#include <QCoreApplication>

namespace mooring::text {

using namespace Qt::StringLiterals;
using base::durationText;
using base::momentText;
using connections::AuthorizationKind;
using connections::ConnectionRecord;
using connections::ConnectionState;
using connections::Phase;
using connections::SentHeader;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::text", text);
}

QString actionLabel(Action action)
{
    switch (action) {
    case Action::None:
        return {};
    case Action::Authorize:
        return tr("Authorize");
    case Action::AuthorizeAgain:
        return tr("Authorize again");
    case Action::Disconnect:
        return tr("Disconnect…");
    case Action::Cancel:
        return tr("Cancel");
    case Action::TryAgain:
        return tr("Try again");
    case Action::TryNow:
        return tr("Try now");
    case Action::EditKey:
        return tr("Edit key…");
    case Action::Unlock:
        return tr("Unlock");
    case Action::Details:
        return tr("Details");
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
    QString sentence = state.hasRefreshToken ? tr("Renews by itself when it is used.")
                                             : tr("The service gave nothing to renew it with.");
    if (!state.hasRefreshToken && state.expiresAt) {
        sentence = tr("This sign-in lasts until %1; then you will be asked again.")
                       .arg(momentText(*state.expiresAt, now));
    }
    if (state.isWindowOnly) {
        sentence = tr("For this window only: the sign-in ends when Mooring is closed.");
    }
    if (!state.expiresAt) {
        return make(tr("Authorized"), tr("Authorized · no expiry told"), sentence, Tone::Good,
                    Action::Disconnect);
    }
    const QString left = durationText(now, *state.expiresAt);
    return make(left, tr("Authorized · expires in %1").arg(left), sentence, Tone::Good, Action::Disconnect);
}

Wording unreachable(const ConnectionState &state, const QDateTime &now)
{
    const QString sentence = errorSentence(state, tr("The server could not be reached."));
    if (state.error && state.error->retryAt && *state.error->retryAt > now) {
        const QString until = tr("asked to wait until %1").arg(momentText(*state.error->retryAt, now));
        return make(tr("waits"), state.isSignedIn ? tr("Authorized · %1").arg(until) : until, sentence,
                    Tone::Attention, Action::TryNow);
    }
    return make(tr("can't reach it"),
                state.isSignedIn ? tr("Authorized · can't reach it") : tr("Can't reach it"),
                state.isSignedIn ? sentence + u' ' + tr("You are still signed in.") : sentence,
                Tone::Attention, Action::TryNow);
}

Wording notAuthorized(const ConnectionState &state, const ConnectionRecord &record)
{
    if (record.verdict == "needs-key"_L1) {
        return make(tr("Needs a key"), tr("Needs a key"),
                    errorSentence(state, tr("This server wants a key and does not say where to sign in.")),
                    Tone::Attention, Action::EditKey);
    }
    return make(
        tr("Not authorized"), tr("Not authorized"),
        errorSentence(state, tr("Your browser opens to sign you in. Mooring never sees your password.")),
        Tone::Attention, Action::Authorize);
}

QString keySentence(const ConnectionRecord &record)
{
    QStringList names{base::displayText(record.headerName)};
    for (const SentHeader &header : record.headers) {
        names.append(base::displayText(header.name));
    }
    return names.size() == 1
               ? tr("Mooring sends the header %1 with every request.").arg(names.first())
               : tr("Mooring sends the headers %1 with every request.").arg(names.join(u", "_s));
}

Wording keyRefused(const ConnectionRecord &record)
{
    if (record.kind != AuthorizationKind::Header) {
        return make(
            tr("Key refused"), tr("Key refused"),
            tr("The server does not accept the key in its address. Add it again with the address that "
               "the service shows you now."),
            Tone::Attention, Action::TryAgain);
    }
    return make(tr("Key refused"), tr("Key refused"), tr("The server does not accept this key."),
                Tone::Attention, Action::EditKey);
}

Wording keychainTrouble(const ConnectionState &state)
{
    if (state.isWaitingForKeychain) {
        return make(tr("Waiting for keychain"), tr("Waiting for your keychain"),
                    tr("Your keychain asks for its password in a window of its own."), Tone::Attention,
                    Action::Cancel);
    }
    const QString sentence = errorSentence(state, {});
    const auto keychainCase = state.error ? state.error->keychainCase : base::KeychainCase::Failed;
    switch (keychainCase) {
    case base::KeychainCase::Locked:
        return make(tr("Keychain locked"), tr("Keychain locked"), sentence, Tone::Attention, Action::Unlock);
    case base::KeychainCase::Missing:
        return make(tr("No keychain"), tr("No keychain"), sentence, Tone::Attention, Action::TryAgain);
    case base::KeychainCase::Denied:
        return make(tr("Keychain refused"), tr("The keychain refused access"), sentence, Tone::Attention,
                    Action::TryAgain);
    case base::KeychainCase::None:
    case base::KeychainCase::Failed:
    case base::KeychainCase::Slow:
    case base::KeychainCase::TooLarge:
    case base::KeychainCase::Damaged:
        break;
    }
    return make(tr("Keychain trouble"), tr("Keychain trouble"), sentence, Tone::Attention, Action::TryAgain);
}

Wording signInExpired(const ConnectionState &state, const QDateTime &now)
{
    QString reason = tr("This sign-in has ended.");
    if (state.expiresAt && *state.expiresAt <= now) {
        reason = tr("This sign-in ended %1, and the service gave nothing to renew it with.")
                     .arg(momentText(*state.expiresAt, now));
    }
    return make(tr("Sign-in expired"), tr("Sign-in expired"), errorSentence(state, reason), Tone::Attention,
                Action::AuthorizeAgain);
}

Wording notChecked(const ConnectionState &state)
{
    return make(tr("Not checked"), tr("Not checked yet"),
                errorSentence(state, tr("Nobody has looked at this server yet.")), Tone::Neutral,
                Action::TryAgain);
}

Wording checking()
{
    return make(tr("Checking…"), tr("Checking…"), tr("Mooring looks at what this server wants."),
                Tone::Neutral, Action::None);
}

Wording open(const ConnectionRecord &record)
{
    return make(tr("Open"), tr("Open"),
                record.secretQuery.isEmpty()
                    ? tr("No sign-in needed.")
                    : tr("No sign-in needed: the key is a part of the address, and Mooring keeps it in "
                         "the keychain."),
                Tone::Neutral, Action::None);
}

Wording notMcp(const ConnectionState &state)
{
    return make(tr("No MCP server here"), tr("No MCP server here"),
                errorSentence(state, tr("Something answers at this address, but it is no MCP server.")),
                Tone::Attention, Action::TryAgain);
}

Wording waitingForBrowser()
{
    return make(tr("Waiting for browser"), tr("Waiting for browser"),
                tr("Sign in and allow access in your browser; then come back here."), Tone::Attention,
                Action::Cancel);
}

Wording renewsOnUse()
{
    return make(tr("renews on use"), tr("Authorized · renews on use"),
                tr("The access has run out and is renewed the next time it is used."), Tone::Good,
                Action::Disconnect);
}

Wording disconnecting()
{
    return make(tr("Disconnecting…"), tr("Disconnecting…"),
                tr("Mooring tells the service that you are leaving."), Tone::Neutral, Action::None);
}

Wording stopped(const ConnectionState &state)
{
    return make(tr("Stopped"), tr("Stopped for safety"),
                errorSentence(state, tr("Something was not safe to do.")), Tone::Bad, Action::Details);
}

Wording signInUnusable(const ConnectionState &state)
{
    return make(tr("Sign-in unusable"), tr("Its sign-in can't be used"),
                errorSentence(state, tr("This server has a sign-in, but something about it is wrong. Only "
                                        "its owner can mend that.")),
                Tone::Attention, Action::TryAgain);
}

Wording blocked(const ConnectionState &state)
{
    return make(tr("Blocked"), tr("Blocked on the way"),
                errorSentence(state, tr("Something in front of this server doesn't let Mooring through.")),
                Tone::Attention, Action::TryAgain);
}

Wording unknownVersions(const ConnectionState &state)
{
    return make(tr("Unknown version"), tr("Speaks an unknown version"),
                errorSentence(state, tr("This is an MCP server, but of a version that this Mooring "
                                        "doesn't know. A newer Mooring may help.")),
                Tone::Attention, Action::TryAgain);
}

Wording apiKey(const ConnectionRecord &record)
{
    return make(tr("API key"), tr("API key"), keySentence(record), Tone::Neutral, Action::EditKey);
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
