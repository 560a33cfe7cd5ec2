// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keychains/cellbed.h"
#include "keychains/celltable.h"

#include <QTimer>

#include <chrono>

namespace mooring::keychains {

/// What came out of a cell. All empty: it is as the table says, and nobody has lost anything.
struct Verdict {
    /// In one line.
    QString told;
    QString exits;
    /// Exit codes, words and times that are not those of the table.
    QStringList unexpected;
    /// What was said and is not so.
    QStringList wrongBeliefs;
    /// Sign-ins that the service still accepts and nobody can use any more.
    QStringList lost;
    /// Items, or accepted sign-ins, of what was given back.
    QStringList left;

    bool isGood() const
    {
        return unexpected.isEmpty() && wrongBeliefs.isEmpty() && lost.isEmpty() && left.isEmpty();
    }
    QString text() const;
};

/// Plays a case with all of its jobs on a real keychain: makes it so, runs the real mooringctl, makes the
/// keychain whole again, and looks at what has become of each sign-in.
class CasePlayer final : public QObject {
    Q_OBJECT
public:
    explicit CasePlayer(RealKeychain &keychain);

    /// By job. Jobs that this keychain can't have in this case are not in it.
    QHash<QString, Verdict> play(const QString &caseName);
    /// Where a command waits for a keychain, and Ctrl-C comes.
    enum class Wait { ForAnAnswer, ForThePerson };
    /// By job: ends all of them by Ctrl-C once they have said what they wait for.
    QHash<QString, Verdict> interrupt(Wait wait);
    /// Signed in, nothing played yet; what the keychain's own tool lists then is left behind by nobody.
    QString listingOfOne();

private:
    struct Cell {
        std::unique_ptr<CellBed> bed;
        Outcome outcome;
        Verdict verdict;
        QString id;
        /// Nothing in the way: what was to be done has been said to be done.
        bool isDone = false;
    };
    using Part = void (CasePlayer::*)();

    void setUp(const QString &caseName);
    QHash<QString, Verdict> finish();
    Part partOf(const QString &caseName);
    void playOpen();
    void playLocked();
    void playClosed();
    void playDenied();
    void playMissing();
    void playSlow();
    void playHanging();
    void playKilledAfterWrite();
    void playKilledInWrite();
    void playSwitchedOff();
    void playChangedInUse();
    void playDefaultGone();

    void interruptAll();
    void interruptQuestion(Cell &cell);
    void interrupt(Cell &cell, const Commands &commands);
    void runAll();
    void run(Cell &cell);
    /// Waits while the person at the screen does what `m_agrees` says; false if it never becomes so.
    bool until(const std::function<bool()> &isSo);
    bool awaitEnd(const Commands &commands);
    bool runToEnd(CellBed &bed, const QString &verb, int exitCode, QStringList *trouble);
    void judge(Cell &cell, const Commands &commands);
    std::unique_ptr<Command> stoppedInWrite(Cell &cell);
    void lookAfter(Cell &cell);
    void cleanUp();
    Cell &cellOf(const QString &key);

    RealKeychain &m_keychain;
    CellTable m_table;
    std::vector<Cell> m_cells;
    /// Of all commands of a case at once, when they have nothing to do; milliseconds.
    qint64 m_startUp = 0;
    /// By the last command that runToEnd() ran.
    QString m_lastTold;
    /// What the person answers who sits at the screen; nobody sits there if it is not set.
    std::optional<bool> m_agrees;
};

} // namespace mooring::keychains
