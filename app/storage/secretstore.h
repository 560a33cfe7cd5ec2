// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychainquestions.h"

#include "base/task.h"

#include <QByteArray>
#include <QObject>
#include <QString>

#include <functional>
#include <optional>
#include <stop_token>

namespace mooring::storage {

/// Whether a keychain may put a question to the person.
enum class Asking { Never, IfNeeded };

/// A place that keeps secrets under keys: the operating system's keychain, or memory. Every failure is a
/// Keychain error with its case, or Cancelled. A store outlives all of its tasks.
class SecretStore {
public:
    SecretStore() = default;
    virtual ~SecretStore() = default;
    Q_DISABLE_COPY_MOVE(SecretStore)

    /// The value; nullopt only when it is certain that there is none. A locked keychain is an error.
    virtual base::Task<base::Result<std::optional<QByteArray>>> read(QString key, std::stop_token stop) = 0;
    /// Success only after the identical bytes have been read back.
    virtual base::Task<base::Result<void>> write(QString key, QByteArray value, std::stop_token stop) = 0;
    /// Success only when it is confirmed that nothing is there (any more).
    virtual base::Task<base::Result<void>> remove(QString key, std::stop_token stop) = 0;

    /// Before a refresh or a sign-in: could a value of that key (empty: a new one) be written now? Quick, and
    /// never shows a prompt itself; one that would come with the next job is an error (case Locked) with
    /// Asking::Never.
    virtual base::Task<base::Result<void>> checkUsable(QString key, Asking asking, std::stop_token stop) = 0;
    /// Before a value is asked for that can't be had twice: has the keychain ask the person now if it would
    /// ask when `key` is written, so that it asks while nothing is at stake. True: then nothing else is to be
    /// tried out, a trial write would do harm; false: a trial write is the way to find out.
    virtual base::Task<base::Result<bool>> prepare(QString, std::stop_token) { co_return false; }
    /// Makes the store usable; the keychain may ask the person, and that wait has no deadline.
    virtual base::Task<base::Result<void>> unlock(std::stop_token stop) = 0;

    /// A wait that ended by its deadline or its stop token leaves the work running. This ends when
    /// nothing runs any more for `key` or for a key below it (`key/…`): hold a lock until then.
    virtual base::Task<void> settled(QString key) = 0;

    /// Of one value, in bytes.
    virtual qsizetype maximumValueSize() const = 0;
    /// Which of the person's keychains it is, to be compared and shown ("login", "kdewallet"). Empty where
    /// there is only one, and before the first access.
    virtual QString identity() const = 0;
    /// Its name for a person, such as "GNOME Keyring".
    virtual QString description() const = 0;

    /// In which of the person's keychains the value of `key`, and those of keys below it, is known to be, as
    /// placeOf() said when it was written; a store of several looks there first, and takes no other's word
    /// for it.
    virtual void setPlace(const QString &, const QString &) { }
    /// Empty: not known, or there is only one.
    virtual QString placeOf(const QString &) const { return {}; }
    /// What the person sees for `key` in the keychain's own program, from the next write on.
    virtual void setLabel(const QString &, const QString &) { }
    /// Has what is stored already called so, if the keychain is open; no failure is worth a word.
    virtual base::Task<void> relabel(QString) { co_return; }

    /// Copies the value of `key` to where a new one would go, if it is elsewhere: after a change of the
    /// person's keychain. Where it is then (placeOf()); empty if there is none. What it was copied from stays
    /// until clearElsewhere(), so that the record can be told in between.
    virtual base::Task<base::Result<QString>> bring(QString key, std::stop_token) { co_return placeOf(key); }
    /// Removes what other keychains have under that key, as far as they can be used.
    virtual base::Task<base::Result<void>> clearElsewhere(QString, std::stop_token)
    {
        co_return base::Result<void>();
    }

    /// Something is being done in the keychain.
    virtual bool isBusy() const { return false; }
    /// What the keychain is asking the person right now.
    virtual std::optional<KeychainQuestion> question() const { return std::nullopt; }
    /// Calls `tell` whenever question() has changed, for as long as `context` lives.
    virtual QMetaObject::Connection onQuestion(QObject *, std::function<void()>) { return {}; }
};

} // namespace mooring::storage
