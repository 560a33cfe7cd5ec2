// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The half of Revocations that makes one more attempt, and judges it.
#include "base/displaytext.h"
#include "base/logging.h"
#include "connections/pause.h"
#include "connections/revocations.h"
#include "http/urlpolicy.h"

namespace mooring::connections {

using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

/// An entry without a sealed item is one that is being made, or what a process has left that was killed.
constexpr qint64 secondsOfMaking = 120;

/// Entry, item and registration come from three places, and one of them is a file that can be edited.
/// How near the service may be was decided at the sign-in; that tokens go out in the clear is never right.
bool agree(const RevocationRecord &entry, const SealedTokens &sealed, const oauth::ClientRegistration &client)
{
    const http::UrlPolicy policy(http::AddressClass::Loopback);
    return entry.issuer == sealed.issuer && entry.issuer == client.issuer && entry.endpoint == sealed.endpoint
           && sealed.clientId == client.clientId
           && policy.check(sealed.endpoint.toString(QUrl::FullyEncoded), http::UrlUse::Endpoint);
}

} // namespace

Task<std::optional<RevocationRecord>> Revocations::claim(QString id, bool hurries)
{
    std::optional<RevocationRecord> mine;
    const RecordsChange change = [&](Records &records) {
        RevocationRecord *entry = records.revocation(id);
        if (entry && isDue(*entry, hurries)) {
            ++entry->attempts;
            entry->askedToWait = false;
            entry->nextTry = m_http.clock()().addMSecs(pauseAfter(entry->attempts).count());
            mine = *entry;
        }
    };
    Result<Records> saved = co_await m_records.update(change, m_tasks.token());
    if (!saved) {
        mine.reset();
    }
    co_return mine;
}

Task<void> Revocations::tellOne(QString id, bool hurries)
{
    const std::optional<RevocationRecord> entry = co_await claim(id, hurries);
    if (!entry) {
        co_return;
    }
    Result<std::optional<SealedTokens>> sealed = co_await m_sealed.read(id, m_tasks.token());
    if (!sealed) {
        if (sealed.error().keychainCase == base::KeychainCase::Damaged) {
            co_await end(*entry, RevocationEnd::Refused);
        }
        co_return;
    }
    if (*sealed) {
        co_await tellService(*entry, **sealed);
    } else if (entry->since.secsTo(m_http.clock()()) > secondsOfMaking) {
        co_await drop(id);
    }
}

Task<void> Revocations::tellService(RevocationRecord entry, SealedTokens sealed)
{
    const QDateTime now = m_http.clock()();
    Result<oauth::ClientRegistration> client =
        co_await m_registrations.read(entry.registrationId, m_tasks.token());
    if (!client && client.error().kind != ErrorKind::SignInNeeded) {
        co_return;
    }
    if (!client || !agree(entry, sealed, *client)) {
        co_await end(entry, RevocationEnd::Refused);
        co_return;
    }
    if (entry.refreshEnded) {
        sealed.refreshToken = {};
    }
    if (sealed.accessExpiresAt && *sealed.accessExpiresAt <= now) {
        sealed.accessToken = {};
    }
    const std::stop_token stop = m_tasks.token();
    Telling telling =
        co_await connections::tellService(m_http, m_deadlines, std::move(sealed), std::move(*client), stop);
    if (!telling.failure) {
        const bool isKnown = telling.hasEnded || telling.livesUntil || entry.refreshEnded;
        co_await end(entry, isKnown ? RevocationEnd::Told : RevocationEnd::Unknown);
    } else if (stop.stop_requested()) {
        // The process ends; another one goes on.
        co_return;
    } else if (!telling.mayPass) {
        co_await end(entry, RevocationEnd::Refused);
    } else if (now >= entry.until) {
        co_await end(entry, RevocationEnd::GaveUp);
    } else {
        co_await putOff(entry, std::move(telling));
    }
}

Task<void> Revocations::putOff(RevocationRecord entry, Telling telling)
{
    const bool refreshEnded = telling.refreshLeft.isEmpty();
    const std::optional<QDateTime> retryAt = telling.failure->retryAt;
    if (refreshEnded == entry.refreshEnded && !retryAt) {
        co_return;
    }
    const RecordsChange change = [id = entry.id, refreshEnded, retryAt](Records &records) {
        // Forgotten meanwhile, it stays so.
        if (RevocationRecord *mine = records.revocation(id)) {
            mine->refreshEnded = refreshEnded;
            mine->askedToWait = retryAt.has_value();
            mine->nextTry = retryAt.value_or(mine->nextTry);
        }
    };
    Result<Records> saved = co_await m_records.update(change, {});
    if (!saved) {
        qCWarning(base::lcConnections).noquote()
            << "the record could not be written:" << saved.error().detail;
    }
}

Task<void> Revocations::end(RevocationRecord entry, RevocationEnd how)
{
    if (!contains(entry.id)) {
        // Forgotten while the service was being told.
        co_return;
    }
    Result<void> dropped = co_await drop(entry.id);
    if (!dropped) {
        // The next attempt finds the tokens ended.
        qCInfo(base::lcConnections) << "an entry stays for now:" << dropped.error().detail;
        co_return;
    }
    co_await finish(std::move(entry), how);
}

Task<void> Revocations::finish(RevocationRecord entry, RevocationEnd how)
{
    const Result<Records> records = m_records.load();
    if (records && records->connection(entry.connectionId)) {
        const QString text = endText(how, base::displayAuthority(QUrl(entry.issuer)));
        Diary::append(m_records.diaryPath(entry.connectionId), ActivityEntry{m_http.clock()(), text});
    }
    Q_EMIT ended(entry, how);
    // Kept for this alone, if its connection is gone or has another one.
    co_await m_registrations.retire(entry.registrationId, QUrl(entry.issuer));
}

} // namespace mooring::connections
