// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hardening.h"
#include "base/lackofmemory.h"
#include "base/logging.h"
#include "base/translations.h"
#include "base/words.h"
#include "cli/commandrun.h"
#include "cli/commands.h"
#include "cli/interruption.h"
#include "cli/pageopener.h"
#include "storage/keychainerrors.h"
#include "storage/keychainstore.h"

#include <QCoreApplication>
#include <QLoggingCategory>
#include <QNetworkProxyFactory>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::Words;
using cli::ExitCode;

namespace {

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
            Words::tr("The keychain can't be used with this event loop. Unset QT_NO_GLIB, or use a "
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
    const auto task = cli::runAndQuit(std::move(context), secrets, interruption.token());
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
    return end.exitCode != 0 ? end.exitCode : static_cast<int>(cli::exitCodeWith(ExitCode::Ok, terminal));
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
    base::installTranslations(&app);
    base::prepareForLackOfMemory();
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    const auto parsed = cli::parseArguments(QCoreApplication::arguments().mid(1));
    if (const auto *end = std::get_if<cli::EarlyEnd>(&parsed)) {
        return endEarly(*end);
    }
    return run(std::get<cli::Arguments>(parsed));
}
