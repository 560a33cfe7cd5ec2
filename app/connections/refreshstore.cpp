// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The half of RefreshTransaction that reads the keychain and has it keep what it would not: late answers are
// taken, and what is only in memory is tried again.
#include "base/displaytext.h"
#include "base/words.h"
#include "connections/refresh.h"
#include "storage/keychainreport.h"

#include <QDir>

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::Error;
using base::KeychainCase;
using base::Result;
using base::Task;
using base::Words;

Task<Result<Grant>> RefreshTransaction::read()
{
    d->reread();
    if (const Result<void> possible = checkHasTokens(d->record); !possible) {
        co_return base::failed(possible.error());
    }
    Result<std::optional<Grant>> stored = co_await d->store().readGrant(d->record.id, never());
    const bool isHalfWritten = !stored && d->unsaved && stored.error().keychainCase == KeychainCase::Damaged;
    if (!stored && !isHalfWritten) {
        co_return base::failed(stored.error());
    }
    std::optional<Grant> found = stored ? *stored : std::nullopt;
    if (const std::optional<Error> elsewhere = found ? d->newestElsewhere(*found) : std::nullopt) {
        co_return base::failed(*elsewhere);
    }
    std::optional<Grant> grant = d->latest(found);
    if (!grant) {
        co_return base::failed(
            d->notInKeychain(Words::tr("The saved sign-in is not in this keychain. Authorize again.")));
    }
    if (d->unsaved && (!found || found->generation < grant->generation)) {
        Result<void> written = co_await d->store().writeGrant(d->record.id, *grant, never());
        if (!written) {
            co_return base::failed(written.error());
        }
    }
    d->unsaved.reset();
    co_return *grant;
}

Task<void> RefreshTransaction::adopt(Grant grant)
{
    if (grant.generation > d->record.generation) {
        // Written by a process that was ended before it could say so.
        const RecordChange change = [grant](ConnectionRecord &record) {
            record.generation = grant.generation;
            record.issuedAt = grant.tokens.issuedAt;
            record.expiresAt = grant.tokens.expiresAt;
            record.hasRefreshToken = canRenew(grant);
            record.renewingSince.reset();
        };
        co_await record(change);
    }
    publish(grant);
}

Task<void> RefreshTransaction::settle()
{
    co_await d->store().settled(d->record.id);
    if (m_isLate) {
        Result<Grant> late = co_await read();
        if (late && late->generation >= d->record.generation) {
            co_await adopt(*late);
        }
        co_await d->store().settled(d->record.id);
    }
    m_lock.reset();
    if (d->unsaved && !std::exchange(d->isSavingLater, true)) {
        d->services.tasks.run(Connection::Private::saveLater(m_self));
    }
}

Task<void> RefreshTransaction::save()
{
    m_underWay = d->underWay;
    Result<void> locked = co_await lock(never());
    if (locked) {
        d->reread();
    }
    const bool isOver = d->record.leaving || !d->record.hasSecret;
    if (locked && d->unsaved && isOver) {
        // Another process has given back what it found in the keychain, which was older than this.
        Grant late = *d->unsaved;
        Result<Disconnected> given = co_await Connection::Private::revokeGrant(m_self, std::move(late));
        if (given) {
            d->unsaved.reset();
        }
    } else if (locked && d->unsaved) {
        Result<Grant> kept = co_await read();
        if (kept) {
            co_await adopt(*kept);
            Connection::Private::note(m_self, Words::tr("The keychain has kept the renewed sign-in"));
        }
    }
    co_await d->store().settled(d->record.id);
    m_lock.reset();
}

std::optional<Grant> Connection::Private::latest(const std::optional<Grant> &stored) const
{
    const bool isAhead = unsaved && (!stored || unsaved->generation > stored->generation);
    return isAhead ? unsaved : stored;
}

std::optional<Error> Connection::Private::newestElsewhere(const Grant &found) const
{
    const bool isOlder =
        found.generation < record.generation && (!unsaved || unsaved->generation < record.generation);
    const QString place = store().placeOf(record.id);
    if (!isOlder || live.windowOnly || record.keptIn.isEmpty() || place == record.keptIn) {
        return std::nullopt;
    }
    const QString sentence =
        Words::tr("The newest part of this sign-in is in %1, which can't be reached now; %2 has only "
                  "an older one. Bring the first one back, then try again.");
    return base::keychainError(KeychainCase::Missing,
                               sentence.arg(base::displayText(storage::placeText(record.keptIn)),
                                            base::displayText(storage::placeText(place))),
                               u"an older item in another keychain than the record's"_s);
}

Error Connection::Private::notInKeychain(const QString &otherwise) const
{
    if (store().folder().isCopy()) {
        return endedError(
            Words::tr("Mooring's folder %1 is a copy of %2, which has this sign-in. Authorize again to "
                      "give the copy one of its own.")
                .arg(QDir::toNativeSeparators(store().folder().stamp().path),
                     QDir::toNativeSeparators(store().folder().original())),
            u"a copied folder"_s);
    }
    const QString now = store().store().identity();
    if (record.keptIn.isEmpty() || now.isEmpty() || record.keptIn == now) {
        return endedError(otherwise, u"the keychain has no such item"_s);
    }
    return endedError(
        Words::tr("It was saved in another keychain (%1) than the one that is open here (%2), as "
                  "after a change of the desktop. Go back to that one, or authorize again.")
            .arg(base::displayText(record.keptIn), base::displayText(now)),
        u"the record names another keychain"_s);
}

Task<void> Connection::Private::saveLater(SelfPointer self)
{
    Private *d = self->d.get();
    const auto &pauses = d->services.deadlines.keychainRetries;
    bool goesOn = true;
    for (std::size_t attempt = 0; d->unsaved && goesOn; ++attempt) {
        // One last time when the program ends.
        goesOn = co_await base::sleepFor(pauses.at(std::min(attempt, pauses.size() - 1)),
                                         d->services.tasks.token());
        RefreshTransaction saving(self, {});
        co_await saving.save();
        Q_EMIT self->changed();
    }
    d->isSavingLater = false;
}

} // namespace mooring::connections
