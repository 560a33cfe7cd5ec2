// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychains/caseplayer.h"

#include "keychains/daemon.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <csignal>

namespace mooring::keychains {

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000;
constexpr int betweenAnswers = 300;
constexpr int signInNeeded = 3;
constexpr int keychainTrouble = 5;
/// Milliseconds from Ctrl-C to the end.
constexpr qint64 longestEnd = 1000;
constexpr std::chrono::milliseconds slowness(800);
/// More writes than a sign-in makes.
constexpr int manyWrites = 6;

bool haveEnded(const Commands &commands)
{
    return std::ranges::all_of(commands, [](const auto &command) { return command->hasEnded(); });
}

QString toldBy(const Commands &commands)
{
    QString told;
    for (const auto &command : commands) {
        told += command->told();
    }
    return told;
}

bool givesBack(const CellBed &bed)
{
    return bed.job() == "disconnect"_L1 || bed.job() == "remove"_L1;
}

QString writePointOf(const QString &job, int turn)
{
    const QString point = job == "authorize"_L1                    ? u"K13"_s
                          : job == "use"_L1 || job == "refresh"_L1 ? u"K18"_s
                                                                   : u"K22"_s;
    return turn == 1 ? point : u"%1*%2"_s.arg(point).arg(turn);
}

} // namespace

QString Verdict::text() const
{
    QStringList parts;
    const std::pair<const char *, const QStringList &> all[] = {
        {"unexpected", unexpected}, {"wrong belief", wrongBeliefs}, {"lost", lost}, {"left", left}};
    for (const auto &[name, found] : all) {
        if (!found.isEmpty()) {
            parts.append(QLatin1StringView(name) + u": "_s + found.join(u"; "_s));
        }
    }
    return parts.join(u" | "_s) + u" | told: "_s + told;
}

CasePlayer::CasePlayer(RealKeychain &keychain)
    : m_keychain(keychain)
    , m_table(keychain.id())
{
}

bool CasePlayer::until(const std::function<bool()> &isSo)
{
    QElapsedTimer sinceAnswer;
    sinceAnswer.start();
    return QTest::qWaitFor(
        [&] {
            if (m_agrees && sinceAnswer.elapsed() > betweenAnswers) {
                m_keychain.answer(*m_agrees);
                sinceAnswer.start();
            }
            return isSo();
        },
        patience);
}

bool CasePlayer::awaitEnd(const Commands &commands)
{
    return until([&commands] { return haveEnded(commands); });
}

bool CasePlayer::runToEnd(CellBed &bed, const QString &verb, int exitCode, QStringList *trouble)
{
    Commands commands;
    commands.push_back(bed.begin(verb));
    const bool isRight = awaitEnd(commands) && commands.front()->exitCode() == exitCode;
    m_lastTold = commands.front()->told();
    if (!isRight && trouble) {
        trouble->append(u"%1 ended with %2: %3"_s.arg(verb)
                            .arg(commands.front()->exitCode())
                            .arg(commands.front()->told()));
    }
    return isRight;
}

void CasePlayer::setUp(const QString &caseName)
{
    m_keychain.heal();
    m_agrees = true;
    m_cells.clear();
    const QStringList jobs = CellTable::jobs();
    for (const QString &job : jobs) {
        const Outcome outcome = m_table.outcome(caseName, job);
        if (outcome.isPlayed()) {
            m_cells.push_back({std::make_unique<CellBed>(m_keychain, job), outcome, {}, {}});
        }
    }
    Commands adding;
    for (const Cell &cell : m_cells) {
        adding.push_back(cell.bed->add());
    }
    awaitEnd(adding);
    Commands signingIn;
    for (const Cell &cell : m_cells) {
        if (cell.bed->job() != "authorize"_L1) {
            signingIn.push_back(cell.bed->begin(u"authorize"_s));
        }
    }
    awaitEnd(signingIn);
    for (const auto &command : signingIn) {
        if (command->exitCode() != 0) {
            qWarning("not signed in: %s", qPrintable(command->told()));
        }
    }
    for (Cell &cell : m_cells) {
        cell.id = cell.bed->id();
        cell.bed->endAccess();
    }
    Commands idle;
    for (const Cell &cell : m_cells) {
        idle.push_back(cell.bed->beginNothing());
    }
    awaitEnd(idle);
    m_startUp = 0;
    for (const auto &command : idle) {
        m_startUp = std::max(m_startUp, command->duration());
    }
    m_agrees.reset();
}

QHash<QString, Verdict> CasePlayer::play(const QString &caseName)
{
    setUp(caseName);
    if (!m_cells.empty()) {
        (this->*partOf(caseName))();
    }
    return finish();
}

QHash<QString, Verdict> CasePlayer::interrupt(Wait wait)
{
    const bool asks = wait == Wait::ForThePerson;
    setUp(asks && m_keychain.asks() == RealKeychain::Asks::WhenUsedClosed ? u"closed"_s : u"slow"_s);
    if (!asks) {
        interruptAll();
        return finish();
    }
    for (Cell &cell : m_cells) {
        interruptQuestion(cell);
    }
    return finish();
}

QHash<QString, Verdict> CasePlayer::finish()
{
    if (!m_cells.empty()) {
        m_agrees = true;
        m_keychain.goOn();
        m_keychain.heal();
        for (Cell &cell : m_cells) {
            lookAfter(cell);
        }
        cleanUp();
    }
    QHash<QString, Verdict> verdicts;
    for (const Cell &cell : m_cells) {
        verdicts.insert(cell.bed->job(), cell.verdict);
    }
    m_cells.clear();
    m_agrees.reset();
    return verdicts;
}

CasePlayer::Part CasePlayer::partOf(const QString &caseName)
{
    static const QHash<QString, Part> parts{
        {u"open"_s, &CasePlayer::playOpen},
        {u"locked"_s, &CasePlayer::playLocked},
        {u"closed"_s, &CasePlayer::playClosed},
        {u"denied"_s, &CasePlayer::playDenied},
        {u"missing"_s, &CasePlayer::playMissing},
        {u"slow"_s, &CasePlayer::playSlow},
        {u"hanging"_s, &CasePlayer::playHanging},
        {u"killed-after-write"_s, &CasePlayer::playKilledAfterWrite},
        {u"killed-in-write"_s, &CasePlayer::playKilledInWrite},
        {u"switched-off"_s, &CasePlayer::playSwitchedOff},
        {u"changed-in-use"_s, &CasePlayer::playChangedInUse},
        {u"default-gone"_s, &CasePlayer::playDefaultGone},
    };
    return parts.value(caseName);
}

void CasePlayer::runAll()
{
    std::vector<Commands> all;
    for (Cell &cell : m_cells) {
        all.push_back(cell.bed->beginJob());
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        awaitEnd(all[i]);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        judge(m_cells[i], all[i]);
    }
}

void CasePlayer::run(Cell &cell)
{
    const Commands commands = cell.bed->beginJob();
    awaitEnd(commands);
    judge(cell, commands);
}

void CasePlayer::judge(Cell &cell, const Commands &commands)
{
    Verdict &verdict = cell.verdict;
    cell.isDone = true;
    QStringList exits;
    QStringList told;
    // Of two commands at once, one question is enough.
    const bool isOneQuestion = cell.outcome.code == "asks"_L1;
    const QString all = toldBy(commands);
    for (const auto &command : commands) {
        const int code = command->exitCode();
        exits.append(command->hasEnded() ? QString::number(code) : u"never"_s);
        told.append(command->told().simplified());
        cell.isDone = cell.isDone && code == 0;
        const QString wrong =
            cell.outcome.check(code, isOneQuestion ? all : command->told(), m_keychain.program());
        // Where the test itself makes the keychain whole meanwhile, it doesn't hear when something is said.
        const QString late = cell.outcome.code == "kept"_L1 ? QString() : command->tardiness(m_startUp);
        for (const QString &fault : {wrong, late}) {
            if (!fault.isEmpty()) {
                verdict.unexpected.append(fault);
            }
        }
        if (code == signInNeeded && cell.bed->isAlive()) {
            verdict.wrongBeliefs.append(u"a sign-in is wanted, and there is one"_s);
        }
    }
    if (cell.isDone && givesBack(*cell.bed) && cell.bed->isAlive()) {
        verdict.wrongBeliefs.append(u"given back, and the service still accepts it"_s);
    }
    verdict.exits = exits.join(u' ');
    verdict.told = told.join(u" // "_s);
}

void CasePlayer::playOpen()
{
    m_agrees = true;
    runAll();
}

void CasePlayer::playLocked()
{
    m_keychain.lock();
    runAll();
}

void CasePlayer::playClosed()
{
    if (m_keychain.asks() != RealKeychain::Asks::WhenUsedClosed) {
        m_keychain.close();
        runAll();
        return;
    }
    m_agrees = true;
    for (Cell &cell : m_cells) {
        m_keychain.close();
        run(cell);
    }
}

void CasePlayer::playDenied()
{
    m_agrees = false;
    for (Cell &cell : m_cells) {
        m_keychain.heal();
        if (m_keychain.asks() != RealKeychain::Asks::ForEachItem) {
            m_keychain.lock();
        }
        if (m_keychain.asks() == RealKeychain::Asks::OnlyWhenUnlocked) {
            Commands unlocking;
            unlocking.push_back(cell.bed->beginUnlock());
            awaitEnd(unlocking);
            if (unlocking.front()->exitCode() != keychainTrouble) {
                cell.verdict.unexpected.append(u"unlock: "_s + unlocking.front()->told());
            }
        }
        run(cell);
    }
}

void CasePlayer::playMissing()
{
    m_keychain.makeMissing();
    runAll();
}

void CasePlayer::playSlow()
{
    m_agrees = true;
    for (Cell &cell : m_cells) {
        m_keychain.stop();
        QTimer::singleShot(slowness, this, [this] { m_keychain.goOn(); });
        run(cell);
    }
}

void CasePlayer::playHanging()
{
    m_keychain.stop();
    runAll();
    m_keychain.goOn();
}

void CasePlayer::interruptAll()
{
    m_keychain.stop();
    std::vector<Commands> all;
    for (Cell &cell : m_cells) {
        all.push_back(cell.bed->beginJob());
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        interrupt(m_cells[i], all[i]);
    }
}

void CasePlayer::interruptQuestion(Cell &cell)
{
    m_keychain.heal();
    if (m_keychain.asks() == RealKeychain::Asks::WhenUsedClosed) {
        m_keychain.close();
    }
    m_agrees.reset();
    interrupt(cell, cell.bed->beginJob());
}

void CasePlayer::interrupt(Cell &cell, const Commands &commands)
{
    for (const auto &command : commands) {
        until([&command] { return command->saysThatItWaits() || command->hasEnded(); });
        if (!command->hasEnded()) {
            command->interrupt();
        }
    }
    awaitEnd(commands);
    QStringList told;
    QStringList exits;
    cell.isDone = true;
    for (const auto &command : commands) {
        cell.isDone = cell.isDone && command->exitCode() == 0;
        told.append(
            u"%1 [%2 ms after Ctrl-C]"_s.arg(command->told().simplified()).arg(command->endAfterInterrupt()));
        exits.append(QString::number(command->exitCode()));
        if (command->endAfterInterrupt() > longestEnd || !command->hasEnded()) {
            cell.verdict.unexpected.append(u"it did not end at Ctrl-C"_s);
        }
    }
    cell.verdict.exits = exits.join(u' ');
    cell.verdict.told = told.join(u" // "_s);
}

void CasePlayer::playKilledAfterWrite()
{
    m_agrees = true;
    for (Cell &cell : m_cells) {
        run(cell);
        m_keychain.kill();
        m_keychain.heal();
    }
}

/// Begun, and stopped where it has just begun to write what the service has given, or to delete.
std::unique_ptr<Command> CasePlayer::stoppedInWrite(Cell &cell)
{
    CellBed &bed = *cell.bed;
    for (int turn = 1; turn <= manyWrites; ++turn) {
        const int before = givesBack(bed) ? bed.revocations() : bed.tokenAnswers();
        bed.setCheckpoint(writePointOf(bed.job(), turn));
        std::unique_ptr<Command> command = bed.begin(bed.job() == "use"_L1 ? u"tools"_s : bed.job());
        bed.setCheckpoint({});
        const auto stands = [&command] { return command->hasEnded() || isStopped(command->pid()); };
        const bool stood = until(stands);
        const int now = givesBack(bed) ? bed.revocations() : bed.tokenAnswers();
        if (!stood || (!command->hasEnded() && now > before)) {
            return command;
        }
        if (!command->hasEnded()) {
            // Only a trial: on to the write that counts.
            ::kill(static_cast<pid_t>(command->pid()), SIGKILL);
            until([&command] { return command->hasEnded(); });
        }
    }
    return nullptr;
}

void CasePlayer::playKilledInWrite()
{
    for (Cell &cell : m_cells) {
        Commands commands;
        commands.push_back(stoppedInWrite(cell));
        if (!commands.front()) {
            cell.verdict.unexpected.append(u"it never wrote anything"_s);
            continue;
        }
        m_keychain.kill();
        m_keychain.heal();
        m_agrees = true;
        ::kill(static_cast<pid_t>(commands.front()->pid()), SIGCONT);
        awaitEnd(commands);
        judge(cell, commands);
    }
}

void CasePlayer::playSwitchedOff()
{
    m_keychain.switchOff();
    runAll();
}

void CasePlayer::playChangedInUse()
{
    for (Cell &cell : m_cells) {
        m_keychain.heal();
        m_agrees = true;
        qsizetype toldBefore = -1;
        Commands commands;
        cell.bed->setInTheMiddle([&] {
            m_keychain.takeOver();
            toldBefore = toldBy(commands).size();
        });
        commands = cell.bed->beginJob();
        // The old one comes back once the person has been told something, or all is said and done.
        const auto isTold = [&] {
            return haveEnded(commands) || (toldBefore >= 0 && toldBy(commands).size() > toldBefore);
        };
        until(isTold);
        cell.bed->setInTheMiddle(nullptr);
        m_keychain.heal();
        awaitEnd(commands);
        judge(cell, commands);
    }
}

void CasePlayer::playDefaultGone()
{
    m_agrees = false;
    m_keychain.loseDefault();
    runAll();
}

/// The keychain is whole again: what can be used, and what is over?
void CasePlayer::lookAfter(Cell &cell)
{
    CellBed &bed = *cell.bed;
    Verdict &verdict = cell.verdict;
    if (givesBack(bed)) {
        const bool isRemoved = bed.job() == "remove"_L1 && bed.id().isEmpty();
        if (!cell.isDone && !isRemoved) {
            runToEnd(bed, bed.job(), 0, &verdict.left);
        }
        if (bed.isAlive()) {
            verdict.left.append(u"the service still accepts what was given back (%1)"_s.arg(m_lastTold));
        }
        return;
    }
    const int before = bed.signIns();
    if (bed.job() == "authorize"_L1 && !cell.isDone) {
        runToEnd(bed, u"authorize"_s, 0, &verdict.lost);
        return;
    }
    runToEnd(bed, u"token"_s, 0, &verdict.lost);
    runToEnd(bed, u"tools"_s, 0, &verdict.lost);
    if (bed.signIns() != before) {
        verdict.lost.append(u"it needed a new sign-in"_s);
    }
}

void CasePlayer::cleanUp()
{
    const QStringList items = m_keychain.items();
    for (Cell &cell : m_cells) {
        const bool holds = std::ranges::any_of(
            items, [&cell](const QString &key) { return !cell.id.isEmpty() && key.contains(cell.id); });
        if (givesBack(*cell.bed) && holds) {
            cell.verdict.left.append(u"the keychain still holds an item of it"_s);
        }
    }
    for (Cell &cell : m_cells) {
        if (!cell.bed->id().isEmpty()) {
            runToEnd(*cell.bed, u"remove"_s, 0, &cell.verdict.left);
        }
        if (cell.bed->isAlive()) {
            cell.verdict.left.append(u"removed, and the service still accepts something"_s);
        }
    }
    const QStringList leftovers = m_keychain.items();
    for (const QString &key : leftovers) {
        cellOf(key).verdict.left.append(u"an item in the end: "_s + key);
    }
    if (!leftovers.isEmpty()) {
        m_keychain.empty();
    }
}

/// Which cell an item belongs to; the last one if its key doesn't say.
CasePlayer::Cell &CasePlayer::cellOf(const QString &key)
{
    const auto isOf = [&key](const Cell &cell) { return !cell.id.isEmpty() && key.contains(cell.id); };
    const auto found = std::ranges::find_if(m_cells, isOf);
    return found == m_cells.end() ? m_cells.back() : *found;
}

QString CasePlayer::listingOfOne()
{
    m_keychain.empty();
    m_keychain.heal();
    m_agrees = true;
    CellBed bed(m_keychain, u"use"_s);
    Commands adding;
    adding.push_back(bed.add());
    awaitEnd(adding);
    runToEnd(bed, u"authorize"_s, 0, nullptr);
    const QString listing = m_keychain.listing();
    runToEnd(bed, u"remove"_s, 0, nullptr);
    return listing;
}

} // namespace mooring::keychains
