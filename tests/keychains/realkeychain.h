// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QStringList>

namespace mooring::keychains {

/// A keychain that a person has, as a real program of this test's private session, and what can become of it.
///
/// Every function returns once it is so. A keychain that can't have a case never gets the call: the table
/// (tests/keychains.txt) says why.
class RealKeychain {
public:
    RealKeychain() = default;
    virtual ~RealKeychain() = default;
    Q_DISABLE_COPY_MOVE(RealKeychain)

    /// Its name in tests/keychains.txt.
    virtual QString id() const = 0;
    /// What the person calls the program.
    virtual QString program() const = 0;
    /// What the session says about itself to mooringctl.
    virtual QHash<QString, QString> environment() const { return {}; }

    /// Whole again, whatever has happened: running, switched on, open, its default in place. Also the first
    /// start. What it has on its disk stays.
    virtual void heal() = 0;
    /// As after the end of the session: nothing of it runs.
    virtual void end() = 0;
    /// Its disk is empty, as on the first day; heal() makes it anew. What one case leaves behind is told by
    /// that case, and by no other.
    virtual void empty() = 0;

    virtual void lock() { }
    virtual void close() { }
    /// Its program is not there, and can't be started.
    virtual void makeMissing() { end(); }
    virtual void switchOff() { }
    virtual void loseDefault() { }
    /// Another keychain program is there in its place, in the middle of something.
    virtual void takeOver() { }
    /// It goes away, and everything that asks for it waits.
    virtual void stop() = 0;
    virtual void goOn() = 0;
    virtual void kill() = 0;

    /// When the program asks the person something in a window of its own.
    enum class Asks { OnlyWhenUnlocked, WhenUsedClosed, ForEachItem };
    virtual Asks asks() const { return Asks::OnlyWhenUnlocked; }
    /// Answers what stands on the screen; does nothing if there is nothing. Called again and again.
    virtual void answer(bool agrees) { Q_UNUSED(agrees) }

    /// The keys of all items of Mooring, as the program itself lists them while it is whole; with those that
    /// another keychain has got which took its place.
    virtual QStringList items() = 0;
    /// What the program's own tool lists, for people to read.
    virtual QString listing() = 0;
};

} // namespace mooring::keychains
