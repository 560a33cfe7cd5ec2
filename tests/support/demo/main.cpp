// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demoapprove.h"
#include "demo/demoharbour.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QRandomGenerator>
#include <QSocketNotifier>

#include <csignal>
#include <cstdio>
#include <memory>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace mooring::demo;

namespace {

void say(FILE *where, const QString &line)
{
    std::fputs(qPrintable(line + u'\n'), where);
    std::fflush(where);
}

#ifdef Q_OS_UNIX
int signalPipe[2] = {-1, -1};

void onSignal(int)
{
    const char byte = 1;
    [[maybe_unused]] const auto written = ::write(signalPipe[1], &byte, 1);
}

/// SIGTERM and SIGINT end the event loop instead of the process, so that destructors run.
void quitOnSignals(QCoreApplication *app)
{
    if (::socketpair(AF_UNIX, SOCK_STREAM, 0, signalPipe) != 0) {
        return;
    }
    auto *notifier = new QSocketNotifier(signalPipe[0], QSocketNotifier::Read, app);
    QObject::connect(notifier, &QSocketNotifier::activated, app, [] { QCoreApplication::quit(); });
    std::signal(SIGTERM, onSignal);
    std::signal(SIGINT, onSignal);
}

/// Whoever started us through a pipe wants us to end with them. A terminal or /dev/null says nothing.
void quitAtEndOfInput(QCoreApplication *app, bool whateverItIs)
{
    struct stat status = {};
    const bool isPipe =
        ::fstat(STDIN_FILENO, &status) == 0 && (S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode));
    if (!isPipe && !whateverItIs) {
        return;
    }
    auto *notifier = new QSocketNotifier(STDIN_FILENO, QSocketNotifier::Read, app);
    QObject::connect(notifier, &QSocketNotifier::activated, app, [notifier] {
        char bytes[256];
        if (::read(STDIN_FILENO, bytes, sizeof bytes) <= 0) {
            notifier->setEnabled(false);
            QCoreApplication::quit();
        }
    });
}
#else
void quitOnSignals(QCoreApplication *) { }
void quitAtEndOfInput(QCoreApplication *, bool) { }
#endif

/// `portBase` 0 looks for six free ports in a row.
std::unique_ptr<Harbour> openHarbour(quint16 portBase, const QString &stateFolder, int accessTokenSeconds)
{
    const int attempts = portBase == 0 ? 50 : 1;
    for (int i = 0; i < attempts; ++i) {
        const int random = QRandomGenerator::global()->bounded(20000, 32000);
        auto harbour = std::make_unique<Harbour>(stateFolder, accessTokenSeconds);
        if (harbour->listen(portBase == 0 ? quint16(random) : portBase)) {
            return harbour;
        }
    }
    return nullptr;
}

int serve(QCoreApplication *app, const QCommandLineParser &parser)
{
    bool isBase = false;
    bool isLifetime = false;
    const ushort portBase = parser.value(u"port-base"_s).toUShort(&isBase);
    const int seconds = parser.value(u"access-seconds"_s).toInt(&isLifetime);
    if (!isBase || portBase > 65535 - Harbour::ports || !isLifetime || seconds < 1) {
        say(stderr, u"mooring-demo: --port-base and --access-seconds want numbers"_s);
        return 2;
    }
    const QString stateFolder = parser.value(u"state"_s);
    if (!stateFolder.isEmpty() && !QDir().mkpath(stateFolder)) {
        say(stderr, u"mooring-demo: the folder %1 can't be made"_s.arg(stateFolder));
        return 1;
    }
    const std::unique_ptr<Harbour> harbour = openHarbour(portBase, stateFolder, seconds);
    if (!harbour) {
        say(stderr,
            u"mooring-demo: one of the ports %1 to %2 is taken; try another --port-base"_s.arg(portBase).arg(
                portBase + Harbour::ports - 1));
        return 1;
    }
    quitOnSignals(app);
    quitAtEndOfInput(app, parser.isSet(u"until-eof"_s));
    say(stdout, harbour->hints().join(u'\n') + u"\nREADY"_s);
    return QCoreApplication::exec();
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(u"Servers on this computer to try Mooring with."_s);
    parser.addHelpOption();
    parser.addPositionalArgument(u"command"_s, u"serve, approve URL, or deny URL"_s);
    parser.addOptions({
        {u"port-base"_s, u"The first of six ports; 0 for any that are free."_s, u"N"_s, u"27110"_s},
        {u"access-seconds"_s, u"How long access tokens last."_s, u"N"_s, u"120"_s},
        {u"state"_s, u"A folder where clients and grants outlive the program."_s, u"FOLDER"_s},
        {u"until-eof"_s, u"End when standard input ends, whatever it is."_s},
    });
    parser.process(app);
    const QStringList words = parser.positionalArguments();
    if (words == QStringList{u"serve"_s}) {
        return serve(&app, parser);
    }
    if (words.size() == 2 && (words.first() == "approve"_L1 || words.first() == "deny"_L1)) {
        const QString problem = decideOnConsent(words.last(), words.first() == "approve"_L1);
        if (!problem.isEmpty()) {
            say(stderr, u"mooring-demo: %1"_s.arg(problem));
        }
        return problem.isEmpty() ? 0 : 1;
    }
    say(stderr, u"mooring-demo: say serve, approve URL or deny URL; --help explains"_s);
    return 2;
}
