// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commandrun.h"

#include "base/deadline.h"
#include "base/displaytext.h"
#include "base/lackofmemory.h"
#include "base/words.h"
#include "cli/commands.h"
#include "cli/waitnotice.h"
#include "storage/keychainstore.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

/// Everything that is waited for at the end has deadlines of its own; a service that is told of an ended
/// sign-in, for one.
constexpr std::chrono::seconds patience(10);
/// Only a keychain may not keep them, with a question that is open or when it hangs; and the last word has
/// been said.
constexpr std::chrono::milliseconds patienceWithKeychain(700);
/// Two requests, and all that the keychain is tried for.
constexpr std::chrono::seconds patienceWithTokens(150);

base::Task<void> resolveWhenDrained(connections::ConnectionList &list, storage::KeychainStore &secrets,
                                    base::OneShot<bool> drained)
{
    // A refresh or a code exchange that is on its way ends here, and is stored.
    co_await list.shutDown();
    co_await secrets.drained();
    drained.resolve(true);
}

/// What a command waits for if it isn't the keychain, and isn't the person.
QString whatIsWaitedFor(const Context &context)
{
    const QStringList underWay = context.list.withTokensUnderWay();
    if (!underWay.isEmpty()) {
        return Words::tr("Waiting for the new sign-in of %1 to arrive and be kept.")
            .arg(base::displayText(underWay.join(u", "_s)));
    }
    for (const auto &connection : context.list.connections()) {
        if (connection->state().phase == connections::Phase::WaitingForBrowser) {
            return {};
        }
    }
    const QString &called = context.arguments.connection;
    const auto found = called.isEmpty() ? base::failed(base::cancelledError()) : context.list.find(called);
    if (!found) {
        return Words::tr("Waiting for an answer.");
    }
    return Words::tr("Waiting for %1 to answer.").arg(base::displayAuthority((*found)->record().url));
}

/// The names of the connections whose renewed tokens only this process has.
QString unsavedNames(const connections::ConnectionList &list)
{
    QStringList names;
    for (const auto &connection : list.connections()) {
        if (connection->hasUnsavedSignIn()) {
            names.append(base::displayText(connection->record().name));
        }
    }
    return names.join(u", "_s);
}

/// The keychain may come back, or be unlocked, and there is no second copy. Whether that was waited for.
base::Task<bool> waitUntilSaved(const connections::ConnectionList *list, Terminal *terminal,
                                std::stop_token stop)
{
    const QString names = unsavedNames(*list);
    if (names.isEmpty()) {
        co_return false;
    }
    terminal->say(
        Words::tr("The renewed sign-in of %1 is not kept yet. Trying until it is; Ctrl-C gives it up.")
            .arg(names));
    constexpr std::chrono::milliseconds betweenLooks(200);
    QElapsedTimer waiting;
    waiting.start();
    bool goesOn = true;
    while (goesOn && !unsavedNames(*list).isEmpty()
           && std::chrono::milliseconds(waiting.elapsed()) < patienceWithTokens) {
        goesOn = co_await base::sleepFor(betweenLooks, stop);
    }
    co_return true;
}

/// Says how it ended with new tokens, because the command has had its last word already.
void tellOfTokens(const connections::ConnectionList &list, bool cameLate, Terminal &terminal)
{
    const QString lost = unsavedNames(list);
    if (!lost.isEmpty()) {
        terminal.say(
            Words::tr("The renewed sign-in of %1 could not be kept and is lost. Authorize again.").arg(lost));
    } else if (cameLate) {
        terminal.say(Words::tr("The new sign-in is kept now."));
    }
}

base::Task<void> runToTheEnd(Context context, storage::KeychainStore &secrets, std::stop_token stop)
{
    connections::ConnectionList &list = context.list;
    Terminal &terminal = context.terminal;
    const Context described = context;
    WaitNotice notice(terminal, secrets, [described] { return whatIsWaitedFor(described); });
    co_await base::yieldToEventLoop();
    const ExitCode code = co_await runCommand(std::move(context), stop);
    const bool hasWaited = co_await waitUntilSaved(&list, &terminal, stop);
    base::OneShot<bool> drained;
    const bool hasTokens = !list.withTokensUnderWay().isEmpty();
    // Not awaited by anybody: it may never end, and then the process ends without it.
    resolveWhenDrained(list, secrets, drained);
    base::Deadline deadline([drained] { drained.resolve(false); });
    deadline.start(hasTokens ? patienceWithTokens : patience);
    QTimer looking;
    if (!hasTokens) {
        notice.stop();
        QObject::connect(&looking, &QTimer::timeout, &terminal, [&secrets, drained] {
            if (secrets.isStuckFor(patienceWithKeychain)) {
                drained.resolve(false);
            }
        });
        looking.start(std::chrono::milliseconds(100));
    }
    const bool isDrained = co_await drained;
    notice.stop();
    tellOfTokens(list, hasTokens || hasWaited, terminal);
    const int exitCode = static_cast<int>(exitCodeWith(code, terminal));
    if (!isDrained) {
        // What hangs may still use what would be destroyed now.
        std::_Exit(exitCode);
    }
    QCoreApplication::exit(exitCode);
}

} // namespace

ExitCode exitCodeWith(ExitCode code, const Terminal &terminal)
{
    const std::optional<base::Error> &trouble = terminal.outputTrouble();
    return trouble && code == ExitCode::Ok ? exitCodeOf(*trouble) : code;
}

base::Task<void> runAndQuit(Context context, storage::KeychainStore &secrets, std::stop_token stop)
{
    try {
        co_await runToTheEnd(std::move(context), secrets, std::move(stop));
    } catch (const std::exception &) {
        base::endForLackOfMemory();
    }
}

} // namespace mooring::cli
