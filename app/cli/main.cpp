// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/deadline.h"
#include "base/displaytext.h"
#include "base/hardening.h"
#include "base/lackofmemory.h"
#include "base/logging.h"
#include "base/task.h"
#include "cli/commands.h"
#include "cli/interruption.h"
#include "cli/pageopener.h"
#include "cli/waitnotice.h"
#include "storage/keychainerrors.h"
#include "storage/keychainstore.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QLoggingCategory>
#include <QNetworkProxyFactory>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace mooring;
using cli::ExitCode;

namespace {

/// Everything that is waited for at the end has deadlines of its own; a service that is told of an ended
/// sign-in, for one.
constexpr std::chrono::seconds patience(10);
/// Only a keychain may not keep them, with a question that is open or when it hangs; and the last word has
/// been said.
constexpr std::chrono::milliseconds patienceWithKeychain(700);
/// Two requests, and all that the keychain is tried for.
constexpr std::chrono::seconds patienceWithTokens(150);

/// What nobody can read has not been done.
ExitCode orTrouble(ExitCode code, const cli::Terminal &terminal)
{
    const std::optional<base::Error> &trouble = terminal.outputTrouble();
    return trouble && code == ExitCode::Ok ? cli::exitCodeOf(*trouble) : code;
}

base::Task<void> resolveWhenDrained(connections::ConnectionList &list, storage::KeychainStore &secrets,
                                    base::OneShot<bool> drained)
{
    // A refresh or a code exchange that is on its way ends here, and is stored.
    co_await list.shutDown();
    co_await secrets.drained();
    drained.resolve(true);
}

/// What a command waits for if it isn't the keychain, and isn't the person.
QString whatIsWaitedFor(const cli::Context &context)
{
    const QStringList underWay = context.list.withTokensUnderWay();
    if (!underWay.isEmpty()) {
        return QCoreApplication::translate("mooring::cli",
                                           "Waiting for the new sign-in of %1 to arrive and be kept.")
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
        return QCoreApplication::translate("mooring::cli", "Waiting for an answer.");
    }
    return QCoreApplication::translate("mooring::cli", "Waiting for %1 to answer.")
        .arg(base::displayAuthority((*found)->record().url));
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
base::Task<bool> waitUntilSaved(const connections::ConnectionList *list, cli::Terminal *terminal,
                                std::stop_token stop)
{
    const QString names = unsavedNames(*list);
    if (names.isEmpty()) {
        co_return false;
    }
    terminal->say(QCoreApplication::translate(
                      "mooring::cli", "The renewed sign-in of %1 is not kept yet. Trying until it is; "
                                      "Ctrl-C gives it up.")
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
void tellOfTokens(const connections::ConnectionList &list, bool cameLate, cli::Terminal &terminal)
{
    const QString lost = unsavedNames(list);
    if (!lost.isEmpty()) {
        terminal.say(
            QCoreApplication::translate(
                "mooring::cli", "The renewed sign-in of %1 could not be kept and is lost. Authorize again.")
                .arg(lost));
    } else if (cameLate) {
        terminal.say(QCoreApplication::translate("mooring::cli", "The new sign-in is kept now."));
    }
}

base::Task<void> runToTheEnd(cli::Context context, storage::KeychainStore &secrets, std::stop_token stop)
{
    connections::ConnectionList &list = context.list;
    cli::Terminal &terminal = context.terminal;
    const cli::Context described = context;
    cli::WaitNotice notice(terminal, secrets, [described] { return whatIsWaitedFor(described); });
    co_await base::yieldToEventLoop();
    const ExitCode code = co_await cli::runCommand(std::move(context), stop);
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
    const int exitCode = static_cast<int>(orTrouble(code, terminal));
    if (!isDrained) {
        // What hangs may still use what would be destroyed now.
        std::_Exit(exitCode);
    }
    QCoreApplication::exit(exitCode);
}

base::Task<void> runAndQuit(cli::Context context, storage::KeychainStore &secrets, std::stop_token stop)
{
    try {
        co_await runToTheEnd(std::move(context), secrets, std::move(stop));
    } catch (const std::exception &) {
        base::endForLackOfMemory();
    }
}

base::Result<storage::Profile> openProfile(const cli::Arguments &arguments)
{
    const QString &name = arguments.profile;
    base::Result<storage::Profile> profile =
        name.isEmpty() ? storage::Profile() : storage::Profile::fromName(name);
    if (profile) {
        const base::Result<void> prepared =
            cli::onlyReads(arguments.command) ? profile->checkReadable() : profile->prepare();
        if (!prepared) {
            return base::failed(prepared.error());
        }
    }
    return profile;
}

int run(const cli::Arguments &arguments)
{
    cli::Terminal terminal(arguments.json);
    if (!storage::KeychainStore::eventLoopCanServeIt()) {
        const base::Error error = base::keychainError(
            base::KeychainCase::Missing,
            QCoreApplication::translate(
                "mooring::cli", "The keychain can't be used with this event loop. Unset QT_NO_GLIB, or use a "
                                "Qt that was built with GLib."));
        terminal.fail(error);
        return static_cast<int>(cli::exitCodeOf(error));
    }
    const base::Result<storage::Profile> profile = openProfile(arguments);
    if (!profile) {
        terminal.fail(profile.error());
        return static_cast<int>(cli::exitCodeOf(profile.error()));
    }
    base::Deadlines deadlines;
    // This process is here for one thing, and has all its time for it.
    deadlines.keychainRetries.fill(std::chrono::seconds(2));
    const base::Clock clock = base::systemClock();
    http::Client client(clock);
    storage::KeychainStore secrets(deadlines);
    const oauth::OpenUrl openPage = cli::pageOpener(terminal, arguments.opensBrowser);
    connections::ConnectionList list(client, secrets, *profile, clock, deadlines,
                                     [openPage](const QUrl &url) {
                                         const base::InheritedLimits forBrowser;
                                         return openPage(url);
                                     });
    const cli::Interruption interruption([&list] { return list.withTokensUnderWay(); },
                                         [&terminal](const QString &text) { terminal.say(text); });
    cli::Context context{list, terminal, arguments};
    const auto task = runAndQuit(std::move(context), secrets, interruption.token());
    return QCoreApplication::exec();
}

int endEarly(const cli::EarlyEnd &end)
{
    cli::Terminal terminal(end.json);
    if (end.exitCode == 0) {
        terminal.out(end.text);
    } else if (end.json) {
        terminal.fail(base::makeError(base::ErrorKind::InvalidInput, end.text));
    } else {
        terminal.say(u"mooringctl: "_s + end.text);
    }
    return end.exitCode != 0 ? end.exitCode : static_cast<int>(orTrouble(ExitCode::Ok, terminal));
}

} // namespace

int main(int argc, char *argv[])
{
    // It asks no portal: pages are opened by another program, which is inspectable again.
    base::hardenProcess(base::Inspection::Refused);
    base::silenceLeakyCategories();
    // A terminal is for answers. QT_LOGGING_RULES="mooring.*=true" brings the log back.
    QLoggingCategory::setFilterRules(u"mooring.*.info=false"_s);
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"mooringctl"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(MOORING_VERSION));
    base::prepareForLackOfMemory();
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    const auto parsed = cli::parseArguments(QCoreApplication::arguments().mid(1));
    if (const auto *end = std::get_if<cli::EarlyEnd>(&parsed)) {
        return endEarly(*end);
    }
    return run(std::get<cli::Arguments>(parsed));
}
