// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The program `mooring`: builds the objects and hands them to each other; no logic.
#include "base/deadline.h"
#include "base/hardening.h"
#include "base/lackofmemory.h"
#include "base/logging.h"
#include "base/translations.h"
#include "base/unixsignals.h"
#include "base/words.h"
#include "connections/connectionlist.h"
#include "http/client.h"
#include "storage/keychainstore.h"
#include "ui/commandline.h"
#include "ui/firstpaint.h"
#include "ui/mainwindow.h"
#include "ui/singleinstance.h"
#include "ui/widgets/fieldframes.h"

#include <QApplication>
#include <QDesktopServices>
#include <QNetworkProxyFactory>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace mooring;
using base::Words;

namespace {

int complain(const QString &sentence)
{
    std::fprintf(stderr, "mooring: %s\n", sentence.toLocal8Bit().constData());
    return 1;
}

/// The list is read by another thread while this one makes the application and its window.
std::shared_ptr<connections::RecordsFile::Ahead> readAhead(const base::Result<storage::Profile> &profile)
{
    return profile ? connections::RecordsFile::readAhead(*profile) : nullptr;
}

/// Refreshes and keychain writes that are under way are waited for: nothing that a service has handed
/// out may be lost. `tasks` are what clicks have started.
base::Task<void> endEverything(connections::ConnectionList &list, storage::KeychainStore &keychain,
                               base::TaskScope &tasks)
{
    tasks.cancel();
    co_await list.shutDown();
    co_await tasks.drained();
    // A prompt of the keychain that nobody answers must not keep the program for ever.
    constexpr auto patience = std::chrono::seconds(15);
    base::Deadline deadline([] { QCoreApplication::exit(0); });
    deadline.start(patience);
    co_await keychain.drained();
    QCoreApplication::exit(0);
}

int runAsSecond(ui::SingleInstance &instance)
{
    QObject::connect(&instance, &ui::SingleInstance::asked, qApp,
                     [](bool heard) { QCoreApplication::exit(heard ? 0 : 1); });
    instance.askFirst();
    const int code = QApplication::exec();
    return code == 0 ? 0 : complain(Words::tr("Mooring is running already, but its window does not answer."));
}

int runAsFirst(ui::SingleInstance &instance, const storage::Profile &profile,
               std::shared_ptr<connections::RecordsFile::Ahead> ahead)
{
    QNetworkProxyFactory::setUseSystemConfiguration(true);
    http::Client http;
    const base::Deadlines deadlines;
    storage::KeychainStore keychain(deadlines);
    const oauth::OpenUrl openUrl = [](const QUrl &url) {
        const base::InheritedLimits forBrowser;
        return QDesktopServices::openUrl(url);
    };
    connections::ConnectionList list(http, keychain, profile, base::systemClock(), deadlines, openUrl);
    base::TaskScope tasks;
    base::TaskScope ending;
    // Before the list is loaded: a long one is still being read by the other thread.
    ui::MainWindow window(list, tasks, profile, openUrl);
    const base::Result<void> loaded = list.load(std::move(ahead));
    window.fill();
    if (!loaded) {
        window.view()->messages()->show(loaded.error());
    }
    const base::UnixSignals signals_;
    QObject::connect(&signals_, &base::UnixSignals::endRequested, &window, [&] {
        if (ending.running() == 0) {
            window.endNow();
        } else if (list.withTokensUnderWay().isEmpty()) {
            base::UnixSignals::endNow();
        }
    });
    QObject::connect(&instance, &ui::SingleInstance::raiseRequested, &window, &ui::MainWindow::bringToFront);
    QObject::connect(&window, &ui::MainWindow::closed, &window,
                     [&] { ending.run(endEverything(list, keychain, tasks)); });
    QObject::connect(&window, &ui::MainWindow::firstPainted, &window, &ui::reportFirstPaint);
    window.show();
    return QApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    base::hardenProcess(base::Inspection::Allowed);
    base::silenceLeakyCategories();
    QCoreApplication::setApplicationName(u"mooring"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(MOORING_VERSION));
    ui::CommandLine commandLine;
    commandLine.read(argc, argv);
    if (commandLine.onlyTells()) {
        const QCoreApplication app(argc, argv);
        commandLine.process(app);
        return 0;
    }
    std::shared_ptr<connections::RecordsFile::Ahead> ahead = readAhead(commandLine.profile());
    QApplication app(argc, argv);
    QGuiApplication::setApplicationDisplayName(u"Mooring"_s);
    QGuiApplication::setDesktopFileName(u"app.mooring.Mooring"_s);
    QGuiApplication::setQuitOnLastWindowClosed(false);
    const ui::FieldFrames frames(&app);
    base::installTranslations(&app);
    base::prepareForLackOfMemory();
    commandLine.process(app);
    const base::Result<storage::Profile> profile = commandLine.profile();
    if (!profile) {
        return complain(profile.error().sentence);
    }
    if (!storage::KeychainStore::eventLoopCanServeIt()) {
        return complain(
            Words::tr("This Qt was started without the GLib event loop, which the keychain needs. Unset "
                      "QT_NO_GLIB, or use a Qt that was built with GLib."));
    }
    if (const base::Result<void> ready = profile->prepare(); !ready) {
        return complain(ready.error().sentence);
    }
    ui::SingleInstance instance(*profile);
    const base::Result<bool> isFirst = instance.becomeFirst();
    if (!isFirst) {
        return complain(isFirst.error().sentence);
    }
    return *isFirst ? runAsFirst(instance, *profile, std::move(ahead)) : runAsSecond(instance);
}
