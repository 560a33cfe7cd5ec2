// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychain.h"

#include <QMap>

#include <functional>
#include <memory>
#include <vector>

namespace mooring::storage {

/// The keychains of this computer, and which key is where.
///
/// A secret has one home: the keychain that its record names, or, if that is gone, the one that has it.
/// Another one is asked only where the home is certain not to have it, and nothing is written beside it. What
/// is new goes to the first keychain that is there at all, in the order in which the person's desktop would
/// choose; one that is there and locked, or late, is never passed over for another.
class Keychains final {
public:
    using Maker = std::function<std::vector<std::unique_ptr<Keychain>>(KeychainQuestions &)>;

    /// `maker` makes them in that order; there is at least one.
    explicit Keychains(const Maker &maker);

    /// A keychain and the look at it, which says whether it can be used.
    struct Choice {
        Keychain *keychain = nullptr;
        KeychainReport report;
    };

    /// Where a new value for `key` goes: its home, or the first that is there.
    base::Task<Choice> choose(QString key);
    /// What has come of asking for a key: NotFound only where it is certain. `where` is the keychain that
    /// decided it.
    struct Finding {
        Choice where;
        JobResult result;
    };
    base::Task<Finding> read(QString key, std::stop_token stop);
    /// Where something new goes, whatever is known of any key.
    base::Task<Choice> chooseNew();
    /// Removes it from all keychains that can be used without a question, but its home.
    base::Task<Finding> removeElsewhere(QString key, std::stop_token stop);
    /// Removes it wherever it can be. Done only if it is certain that it is nowhere.
    base::Task<Finding> remove(QString key, std::stop_token stop);

    /// Where the value of `key`, and those of keys below it, is known to be; empty: not known.
    void setPlace(const QString &key, const QString &place);
    QString placeOf(const QString &key) const;

    /// Whether something is known to be in that one.
    bool isKnown(const Keychain &keychain) const;
    const std::vector<std::unique_ptr<Keychain>> &all() const { return m_keychains; }
    KeychainQuestions &questions() { return m_questions; }
    KeychainProgram current() const { return m_current ? m_current->program() : KeychainProgram::Unknown; }

private:
    /// Where a key is looked for, and what has come of it so far.
    struct Search {
        explicit Search(QString knownPlace)
            : place(std::move(knownPlace))
            , isCertain(place.isEmpty())
        {
        }
        /// It isn't in that one.
        void notIn(const Finding &here);
        /// It was in none of them: NotFound, or the home that can't be asked.
        Finding end() const;

        QString place;
        Choice absentHome;
        /// The first that didn't have it.
        Finding nowhere;
        /// Its home doesn't have it; or it has none.
        bool isCertain;
    };
    /// One keychain in a search; the default is one to pass by.
    struct Step {
        Choice choice;
        bool mayBeHome = false;
        bool canBeTried = false;
    };

    base::Task<Step> step(Keychain *keychain, QString key, Search *search);
    bool isHome(const Keychain &keychain, const QString &place) const;
    std::vector<Keychain *> inOrderFor(const QString &key) const;
    base::Task<bool> removeFrom(Keychain *keychain, QString key, Finding *finding, std::stop_token stop);

    /// Before the keychains, which refer to it.
    KeychainQuestions m_questions;
    std::vector<std::unique_ptr<Keychain>> m_keychains;
    QMap<QString, QString> m_places;
    /// The one that was asked last; for what is said when it doesn't answer.
    const Keychain *m_current = nullptr;
};

} // namespace mooring::storage
