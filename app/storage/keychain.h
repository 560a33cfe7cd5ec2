// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/jobresult.h"
#include "storage/keychainquestions.h"
#include "storage/keychainreport.h"

#include "base/task.h"

#include <QString>
#include <QStringList>

#include <stop_token>

namespace mooring::storage {

/// One keychain that a person has (GNOME Keyring, KWallet, KeePassXC, …) and the items of Mooring in it.
///
/// KeychainStore calls it from the main thread, one thing after the other, and lets each run to its real end;
/// only look() may run beside. Every answer is this keychain's own: no other store is ever used in its place.
/// `stop` closes a question that is open to the person (the outcome is Denied then) and nothing else.
class Keychain {
public:
    Keychain() = default;
    virtual ~Keychain() = default;
    Q_DISABLE_COPY_MOVE(Keychain)

    /// How it is right now: without asking the person, and within the deadline that it was made with. With a
    /// key, Unlocked also means that an item of that key, if there is one, can be read and overwritten
    /// without a question; Asks, that it needs one. Never cached: it may start, lock or be replaced later.
    virtual base::Task<KeychainReport> look(QString key) = 0;

    /// Whether its program runs already; a look would start it.
    virtual base::Task<bool> isRunning() { co_return true; }

    /// The item's text. NotFound only if this keychain itself has said so, while it was open.
    virtual base::Task<JobResult> read(QString key, std::stop_token stop) = 0;
    /// Whether a trial write does no harm there. KeePassXC keeps each former value in its history, can't bear
    /// two changes in a row, and may have allowed an access only once.
    virtual bool bearsTrials() const { return true; }
    /// Before a new value is asked for that can't be had twice: whether write() would have to ask the person.
    /// Asks now, and Done means that it won't then.
    virtual base::Task<JobResult> permit(QString, std::stop_token)
    {
        co_return JobResult{JobOutcome::Done, {}, {}};
    }
    /// Overwrites in place, or makes the item. Done only once it is on the disk, as far as the keychain has a
    /// way to be told so. `label` is what the person sees in the keychain's own program.
    virtual base::Task<JobResult> write(QString key, QString text, QString label, std::stop_token stop) = 0;
    /// Done or NotFound once the item is gone from the disk, too.
    virtual base::Task<JobResult> remove(QString key, std::stop_token stop) = 0;

    /// Opens it and what is needed of Mooring's items; asks the person without a deadline. Case Locked or
    /// Denied if the person refuses.
    virtual base::Task<base::Result<void>> unlock(std::stop_token stop) = 0;
    /// Another label for an item, if that needs no question; else it stays.
    virtual base::Task<void> relabel(QString key, QString label) = 0;
    virtual KeychainProgram program() const = 0;
    /// Whether what a record calls this place may be here; see placeOf(KeychainReport). No question to
    /// anybody.
    virtual bool mayHold(const QString &place) const { return place == nameOf(program()); }
};

} // namespace mooring::storage
