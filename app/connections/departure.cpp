// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of Connection that end a sign-in, and the header keys that replace one.
#include "base/checkpoint.h"
#include "base/displaytext.h"
#include "connections/connection_p.h"
#include "http/urlpolicy.h"
#include "oauth/tokenrequest.h"
#include "storage/filelock.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

Disconnected outcomeOf(RevocationOutcome outcome, const QString &host,
                       const std::optional<base::Error> &error)
{
    Disconnected result;
    result.outcome = outcome;
    result.error = error;
    switch (outcome) {
    case RevocationOutcome::Revoked:
        result.sentence = translated("Disconnected. %1 has ended this sign-in.").arg(host);
        break;
    case RevocationOutcome::NothingToRevoke:
        result.sentence = translated("Disconnected.");
        break;
    case RevocationOutcome::NotSupported:
        result.sentence =
            translated("Disconnected here. %1 has no way to be told; you can remove Mooring in your account "
                       "settings there.")
                .arg(host);
        break;
    case RevocationOutcome::NotConfirmed:
        result.sentence =
            translated(
                "Disconnected here, but %1 could not be told, so the sign-in may still be valid there. "
                "You can remove Mooring in your account settings there.")
                .arg(host);
        break;
    }
    return result;
}

} // namespace

Task<Disconnected> Connection::Private::revokeTokens(SelfPointer self, QJsonObject server,
                                                     oauth::ClientRegistration client, Grant grant)
{
    Private *d = self->d.get();
    const QString host = base::displayAuthority(QUrl(grant.issuer));
    const Result<oauth::AuthorizationServer> metadata =
        oauth::AuthorizationServer::fromRecord(server, http::UrlPolicy(d->record.url));
    if (!metadata) {
        co_return outcomeOf(RevocationOutcome::NotConfirmed, host, metadata.error());
    }
    if (!metadata->revocationEndpoint.isValid() || metadata->issuer != grant.issuer
        || client.issuer != grant.issuer) {
        co_return outcomeOf(RevocationOutcome::NotSupported, host, std::nullopt);
    }
    std::optional<base::Error> failure;
    bool livesOut = false;
    for (const bool isRefresh : {true, false}) {
        oauth::RevocationRequest request;
        request.revocationEndpoint = metadata->revocationEndpoint;
        request.client = client;
        request.token = isRefresh ? grant.tokens.refreshToken : grant.tokens.accessToken;
        request.hint = isRefresh ? "refresh_token" : "access_token";
        if (request.token.isEmpty()) {
            continue;
        }
        // Each by itself: that one failed is no reason to leave the other alive.
        Result<oauth::Revocation> revoked =
            co_await oauth::revokeToken(d->services.http, d->services.deadlines, std::move(request), {});
        if (!revoked) {
            failure = revoked.error();
        } else if (*revoked == oauth::Revocation::LivesOut && grant.tokens.expiresAt) {
            livesOut = *grant.tokens.expiresAt > d->now();
        }
    }
    Disconnected outcome =
        outcomeOf(failure ? RevocationOutcome::NotConfirmed : RevocationOutcome::Revoked, host, failure);
    if (livesOut && !failure) {
        outcome.sentence +=
            u' '
            + translated("What it had handed out last can't be called back and works until %1.")
                  .arg(momentText(*grant.tokens.expiresAt, d->now()));
    }
    co_return outcome;
}

Task<Disconnected> Connection::Private::revokeGrant(SelfPointer self, Grant grant)
{
    Private *d = self->d.get();
    Result<oauth::ClientRegistration> client =
        co_await d->services.registrations.read(d->record.registrationId, {});
    if (!client) {
        co_return outcomeOf(RevocationOutcome::NotConfirmed, issuerHost(d->record), client.error());
    }
    Disconnected outcome =
        co_await revokeTokens(self, d->record.authorizationServer, std::move(*client), std::move(grant));
    co_return outcome;
}

Task<void> Connection::Private::revokeReplaced(SelfPointer self, QJsonObject server,
                                               oauth::ClientRegistration client, Grant grant)
{
    Disconnected outcome =
        co_await revokeTokens(self, std::move(server), std::move(client), std::move(grant));
    if (outcome.outcome == RevocationOutcome::NotConfirmed) {
        note(self, translated("The previous sign-in could not be ended at the service"));
    }
}

Task<Result<Disconnected>> Connection::Private::depart(SelfPointer self)
{
    Private *d = self->d.get();
    const QString lockPath = d->services.records.connectionLockPath(d->record.id);
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(lockPath, d->services.deadlines.lock, {});
    if (!lock) {
        co_return base::failed(lock.error());
    }
    // What was on its way here is known to the record from now on, and goes with the rest.
    Result<void> settled = co_await settleArrival(self);
    if (!settled) {
        co_return base::failed(settled.error());
    }
    Result<std::optional<Grant>> stored = co_await d->store().readGrant(d->record.id, {});
    if (!stored) {
        co_return base::failed(stored.error());
    }
    Disconnected outcome = outcomeOf(RevocationOutcome::NothingToRevoke, {}, std::nullopt);
    qint64 generation = d->record.generation;
    if (*stored) {
        generation = std::max(generation, (*stored)->generation);
        outcome = co_await revokeGrant(self, **stored);
    }
    base::checkpoint("K22");
    Result<void> removed = co_await d->store().remove(d->record.id, {});
    if (!removed) {
        co_return base::failed(removed.error());
    }
    base::checkpoint("K23");
    const RecordChange change = [generation](ConnectionRecord &record) {
        if (record.kind == AuthorizationKind::Header) {
            record.kind = AuthorizationKind::None;
            record.verdict.clear();
        }
        record.leaving = false;
        record.hasSecret = false;
        record.hasRefreshToken = false;
        record.generation = generation + 1;
        record.expiresAt.reset();
        record.isDpopBound = false;
        record.scopesWanted.clear();
        record.scopesAsked.clear();
        record.scopesGranted.clear();
        if (record.accountLabel == record.accountTold) {
            record.accountLabel.clear();
        }
        record.accountTold.clear();
        record.renewingSince.reset();
        record.lastError.reset();
    };
    Result<void> recorded = co_await updateRecord(self, change, {});
    d->live.windowOnly = false;
    if (!recorded && recorded.error().kind != ErrorKind::NotFound) {
        co_return base::failed(recorded.error());
    }
    co_return outcome;
}

Task<void> Connection::Private::runDeparture(SelfPointer self,
                                             std::shared_ptr<base::SharedResult<Disconnected>> shared)
{
    Private *d = self->d.get();
    const RecordChange leave = [](ConnectionRecord &record) { record.leaving = true; };
    Result<void> marked = co_await updateRecord(self, leave, {});
    Result<Disconnected> outcome = base::failed(marked ? base::cancelledError() : marked.error());
    if (marked) {
        base::checkpoint("K21");
        outcome = co_await depart(self);
    }
    d->departing.reset();
    d->live.disconnecting = false;
    if (outcome) {
        d->forgetCredentials();
        d->stepUp = {};
        d->challenges.clear();
        d->clearTrouble();
        note(self, outcome->sentence);
    } else {
        d->record.leaving = marked.has_value();
        d->setTrouble(outcome.error());
    }
    shared->set(outcome);
    Q_EMIT self->changed();
}

Task<Result<Disconnected>> Connection::disconnectFromServer(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    cancelSignIn();
    if (!d->departing) {
        // Local use ends here and now, before anything is written or anybody is told.
        d->live.disconnecting = true;
        d->record.leaving = true;
        d->forgetCredentials();
        d->departing = std::make_shared<base::SharedResult<Disconnected>>();
        const std::shared_ptr<base::SharedResult<Disconnected>> mine = d->departing;
        d->services.tasks.run(Private::runDeparture(self, mine));
        Q_EMIT changed();
        co_return co_await mine->wait(stop);
    }
    const std::shared_ptr<base::SharedResult<Disconnected>> theirs = d->departing;
    co_return co_await theirs->wait(stop);
}

Task<Result<void>> Connection::setHeaderKey(QString headerName, base::Secret value, std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    if (const Result<void> valid = checkHeaderKey(headerName, value); !valid) {
        co_return base::failed(valid.error());
    }
    if (d->record.hasSecret && d->record.kind == AuthorizationKind::OAuth) {
        Result<Disconnected> gone = co_await disconnectFromServer(stop);
        if (!gone) {
            co_return base::failed(gone.error());
        }
    }
    const QString lockPath = d->services.records.connectionLockPath(d->record.id);
    Result<storage::FileLock> lock =
        co_await storage::FileLock::acquire(lockPath, d->services.deadlines.lock, stop);
    if (!lock) {
        co_return base::failed(lock.error());
    }
    Result<void> settled = co_await Private::settleArrival(self);
    if (!settled) {
        co_return base::failed(settled.error());
    }
    HeaderKey key;
    key.generation = d->record.generation + 1;
    key.headerName = headerName;
    key.value = std::move(value);
    key.origin = http::origin(d->record.url);
    const RecordChange announce = [generation = key.generation](ConnectionRecord &record) {
        record.arriving = Arrival{.generation = generation};
    };
    Result<void> announced = co_await Private::updateRecord(self, announce, stop);
    if (!announced) {
        co_return base::failed(announced.error());
    }
    Result<void> written = co_await d->services.grants.writeHeaderKey(d->record.id, key, stop);
    if (!written) {
        co_return base::failed(written.error());
    }
    base::checkpoint("K04");
    const RecordChange change = [key](ConnectionRecord &record) {
        takeIn(&record, key);
        record.leaving = false;
    };
    Result<void> recorded = co_await Private::updateRecord(self, change, {});
    if (!recorded) {
        co_return base::failed(recorded.error());
    }
    d->forgetCredentials();
    d->clearTrouble();
    Private::note(self, translated("Key saved in the keychain"));
    co_return Result<void>();
}

Result<void> checkHeaderKey(const QString &headerName, const base::Secret &value)
{
    const QByteArray name = headerName.toUtf8();
    const bool isToken = !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) {
        // RFC 9110 section 5.6.2.
        return std::isalnum(static_cast<unsigned char>(c)) || QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
    });
    if (!isToken) {
        return base::failed(
            makeError(ErrorKind::InvalidInput,
                      translated("That is not a header name. It looks like Authorization or X-Api-Key.")));
    }
    static const QByteArrayList reserved = {"host",       "content-length", "content-type",
                                            "accept",     "cookie",         "transfer-encoding",
                                            "connection", "mcp-session-id", "mcp-protocol-version"};
    if (reserved.contains(name.toLower())) {
        return base::failed(
            makeError(ErrorKind::InvalidInput,
                      translated("The header %1 can't carry a key.").arg(base::displayText(headerName))));
    }
    const QByteArray &bytes = value.reveal();
    const bool isPrintable = !bytes.isEmpty() && std::all_of(bytes.begin(), bytes.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f;
    });
    if (!isPrintable) {
        return base::failed(
            makeError(ErrorKind::InvalidInput,
                      translated("A key can't be empty, and it has only printable ASCII characters.")));
    }
    return {};
}

} // namespace mooring::connections
