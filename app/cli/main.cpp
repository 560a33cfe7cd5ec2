// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hardening.h"
#include "base/logging.h"
#include "cli/commands.h"
#include "cli/interruption.h"
#include "storage/keychainerrors.h"
#include "storage/keychainstore.h"

#include <QCoreApplication>
#include <QLoggingCategory>
#include <QNetworkProxyFactory>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace mooring;
using cli::ExitCode;

namespace {

/// An open keychain prompt must not keep the program for ever.
constexpr std::chrono::seconds keychainPatience(10);

base::Task<void> resolveWhenDrained(storage::KeychainStore &secrets, base::OneShot<bool> drained)
{
    co_await secrets.drained();
    drained.resolve(true);
}

base::Task<void> runAndQuit(cli::Context context, storage::KeychainStore &secrets, std::stop_token stop)
{
    connections::ConnectionList &list = context.list;
    co_await base::yieldToEventLoop();
    const ExitCode code = co_await cli::runCommand(std::move(context), stop);
    // A refresh or a code exchange that is on its way ends here, and is stored.
    co_await list.shutDown();
    base::OneShot<bool> drained;
    // Not awaited by anybody: it may never end, and then the process ends without it.
    resolveWhenDrained(secrets, drained);
    QTimer::singleShot(keychainPatience, qApp, [drained] { drained.resolve(false); });
    co_await drained;
    QCoreApplication::exit(static_cast<int>(code));
}

base::Result<storage::Profile> openProfile(const QString &name)
{
    base::Result<storage::Profile> profile =
        name.isEmpty() ? storage::Profile() : storage::Profile::fromName(name);
    if (profile) {
        if (const base::Result<void> prepared = profile->prepare(); !prepared) {
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
    const base::Result<storage::Profile> profile = openProfile(arguments.profile);
    if (!profile) {
        terminal.fail(profile.error());
        return static_cast<int>(cli::exitCodeOf(profile.error()));
    }
    const base::Deadlines deadlines;
    const base::Clock clock = base::systemClock();
    http::Client client(clock);
    storage::KeychainStore secrets(deadlines);
    const oauth::OpenUrl openPage = cli::pageOpener(terminal, arguments.opensBrowser);
    connections::ConnectionList list(client, secrets, *profile, clock, deadlines,
                                     [openPage](const QUrl &url) {
                                         const base::InheritedLimits forBrowser;
                                         return openPage(url);
                                     });
    const cli::Interruption interruption;
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
    return end.exitCode;
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
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    const auto parsed = cli::parseArguments(QCoreApplication::arguments().mid(1));
    if (const auto *end = std::get_if<cli::EarlyEnd>(&parsed)) {
        return endEarly(*end);
    }
    return run(std::get<cli::Arguments>(parsed));
}
