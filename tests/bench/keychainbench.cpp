// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   tests/support/with-keyring.sh --bus-only build/dev/tests/bench/keychainbench OTHER_MOORINGCTL [ROUNDS]
//
// How long `mooringctl token` and `mooringctl refresh` take on each keychain that people have, beside another
// version of it, turn by turn; and alone what Mooring asks of the keychain to be sure that what was given is
// kept. OTHER_MOORINGCTL is the one of that version, built with the same preset.
#include "keychains/cellbed.h"
#include "keychains/gnomekeychain.h"
#include "keychains/keepassxckeychain.h"
#include "keychains/kwalletkeychain.h"
#include "keychains/screen.h"
#include "storage/keychainstore.h"
#include "support/await.h"

#include <QCoreApplication>
#include <QTest>

#include <algorithm>
#include <cstdio>

using namespace Qt::StringLiterals;
using namespace mooring;
using namespace mooring::keychains;

namespace {

constexpr int patience = 60'000;
/// The goal, either of them: times what the other version takes, or milliseconds more.
constexpr double highestRatio = 1.3;
constexpr double highestDifference = 10;

using Times = std::vector<double>;

double median(Times times)
{
    std::ranges::sort(times);
    return times.empty() ? -1 : times[times.size() / 2];
}

double highTenth(Times times)
{
    std::ranges::sort(times);
    return times.empty() ? -1 : times[times.size() * 9 / 10];
}

/// One version of mooringctl, with a profile of its own.
struct Side {
    CellBed bed;
    QHash<QString, Times> times = {};
    bool works = true;

    explicit Side(const RealKeychain &keychain)
        : bed(keychain, u"use"_s)
    {
    }

    /// Its time in milliseconds; -1 if it doesn't work.
    double run(std::unique_ptr<Command> command)
    {
        const bool hasEnded = QTest::qWaitFor([&command] { return command->hasEnded(); }, patience);
        works = hasEnded && command->exitCode() == 0;
        if (!works) {
            std::printf("  %s\n", qPrintable(command->told().simplified()));
        }
        return works ? static_cast<double>(command->duration()) : -1;
    }

    void signIn()
    {
        run(bed.add());
        run(bed.begin(u"authorize"_s));
    }

    void measure(const QString &verb)
    {
        const double took = works ? run(bed.begin(verb)) : -1;
        if (took >= 0) {
            times[verb].push_back(took);
        }
    }
};

/// False if the goal is missed.
bool print(const QString &keychain, const QString &verb, const Side &now, const Side &other)
{
    const double ours = median(now.times.value(verb));
    const double theirs = median(other.times.value(verb));
    if (theirs < 0) {
        std::printf("%-15s %-8s %6.0f ms (p90 %.0f), the other version fails\n", qPrintable(keychain),
                    qPrintable(verb), ours, highTenth(now.times.value(verb)));
        return ours >= 0;
    }
    const bool isGood = ours >= 0 && (ours <= theirs * highestRatio || ours <= theirs + highestDifference);
    std::printf("%-15s %-8s %6.0f ms (p90 %.0f) beside %.0f ms (p90 %.0f): %.2f x, %+.0f ms%s\n",
                qPrintable(keychain), qPrintable(verb), ours, highTenth(now.times.value(verb)), theirs,
                highTenth(other.times.value(verb)), ours / theirs, ours - theirs,
                isGood ? "" : "   GOAL MISSED");
    return isGood;
}

/// The changes of an item by this version alone, in this process.
void printOwnWork(const RealKeychain &keychain, int rounds)
{
    const QHash<QString, QString> environment = keychain.environment();
    for (auto variable = environment.cbegin(); variable != environment.cend(); ++variable) {
        qputenv(variable.key().toLatin1().constData(), variable.value().toLatin1());
    }
    Times times;
    {
        storage::KeychainStore store(base::Deadlines{});
        for (int round = 0; round < rounds; ++round) {
            QElapsedTimer timer;
            timer.start();
            const bool isKept = support::await(store.write(u"bench"_s, "a value", {})).has_value();
            if (isKept) {
                times.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
            }
        }
        support::await(store.remove(u"bench"_s, {}));
    }
    for (auto variable = environment.cbegin(); variable != environment.cend(); ++variable) {
        qunsetenv(variable.key().toLatin1().constData());
    }
    std::printf("%-15s one write, read back%s: %.1f ms (p90 %.1f)\n", qPrintable(keychain.id()),
                keychain.id() == "kwallet"_L1 ? " and synced" : "", median(times), highTenth(times));
}

/// False if a goal is missed.
bool compare(RealKeychain &keychain, const QString &otherProgram, int rounds)
{
    keychain.heal();
    Side now(keychain);
    Side other(keychain);
    other.bed.setProgram(otherProgram);
    now.signIn();
    other.signIn();
    bool isGood = true;
    const QStringList verbs{u"token"_s, u"refresh"_s};
    for (const QString &verb : verbs) {
        for (int round = 0; round < rounds; ++round) {
            Side &first = round % 2 == 0 ? now : other;
            Side &second = round % 2 == 0 ? other : now;
            first.measure(verb);
            second.measure(verb);
        }
        isGood = print(keychain.id(), verb, now, other) && isGood;
    }
    printOwnWork(keychain, rounds);
    std::fflush(stdout);
    now.run(now.bed.begin(u"remove"_s));
    keychain.end();
    return isGood;
}

} // namespace

int main(int argc, char *argv[])
{
    qputenv("QT_QPA_PLATFORM", "offscreen");
    const QCoreApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    if (words.size() < 2) {
        std::fprintf(stderr, "usage: keychainbench OTHER_MOORINGCTL [ROUNDS]\n");
        return 2;
    }
    const int rounds = words.size() > 2 ? words[2].toInt() : 30;
    const Screen screen;
    qputenv("QT_QPA_PLATFORM", "xcb");
    bool isGood = true;
    GnomeKeychain gnome;
    isGood = compare(gnome, words[1], rounds) && isGood;
    KWalletKeychain kwallet(KWalletKeychain::Way::OwnInterface);
    isGood = compare(kwallet, words[1], rounds) && isGood;
    KWalletKeychain service(KWalletKeychain::Way::SecretService);
    isGood = compare(service, words[1], rounds) && isGood;
    KeePassXcKeychain keepassxc(KeePassXcKeychain::Access::IsFree);
    isGood = compare(keepassxc, words[1], rounds) && isGood;
    return isGood ? 0 : 1;
}
