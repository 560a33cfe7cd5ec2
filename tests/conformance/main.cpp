// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The client that the MCP conformance suite tests: conformanceclient URL, with MCP_CONFORMANCE_SCENARIO and
// MCP_CONFORMANCE_CONTEXT in the environment. Exit codes: 0 all worked, 2 bad call, 3 refused for a reason, 4
// trouble, 5 out of time. Nothing of the person who runs it is touched: the profile is in a temporary folder,
// the secrets are in memory.
#include "base/logging.h"
#include "conformance/stubclient.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTimer>

#include <cstdio>
#include <cstdlib>

using namespace Qt::StringLiterals;
using namespace mooring;

namespace {

enum ExitCode { Worked = 0, BadCall = 2, RefusedForReason = 3, Trouble = 4, OutOfTime = 5 };

/// The suite gives a client 30 seconds and then ends only the shell around it.
constexpr std::chrono::seconds patience(24);
/// For what doesn't let itself be stopped.
constexpr std::chrono::seconds lastWord(28);

int exitCodeOf(const base::Result<void> &outcome)
{
    if (outcome) {
        return Worked;
    }
    if (outcome.error().kind == base::ErrorKind::Cancelled) {
        return OutOfTime;
    }
    const bool isRefusal = outcome.error().kind == base::ErrorKind::RefusedByPolicy
                           || outcome.error().kind == base::ErrorKind::Denied;
    return isRefusal ? RefusedForReason : Trouble;
}

base::Task<void> play(conformance::StubClient *client, std::stop_token stop)
{
    const base::Result<void> outcome = co_await client->run(stop);
    if (!outcome) {
        const base::Error &error = outcome.error();
        std::fprintf(stderr, "%s: %s [%s]\n", qPrintable(base::errorName(error)), qPrintable(error.sentence),
                     qPrintable(error.detail));
    }
    co_await client->shutDown();
    QCoreApplication::exit(exitCodeOf(outcome));
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    base::silenceLeakyCategories();
    QLoggingCategory::setFilterRules(u"mooring.*=true"_s);
    const QTemporaryDir folder;
    qputenv("XDG_DATA_HOME", folder.path().toLocal8Bit());
    const conformance::Scenario scenario{
        qEnvironmentVariable("MCP_CONFORMANCE_SCENARIO"), QUrl(QCoreApplication::arguments().last()),
        QJsonDocument::fromJson(qgetenv("MCP_CONFORMANCE_CONTEXT")).object()};
    if (argc < 2 || scenario.name.isEmpty() || !scenario.url.isValid() || !folder.isValid()) {
        std::fputs("Usage: MCP_CONFORMANCE_SCENARIO=NAME conformanceclient URL\n", stderr);
        return BadCall;
    }
    auto client = std::make_unique<conformance::StubClient>(scenario);
    base::TaskScope tasks;
    QTimer::singleShot(patience, &app, [&tasks] { tasks.cancel(); });
    QTimer::singleShot(lastWord, &app, [] { std::_Exit(OutOfTime); });
    QTimer::singleShot(0, &app, [&client, &tasks] { tasks.run(play(client.get(), tasks.token())); });
    const int code = QCoreApplication::exec();
    client.reset();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    return code;
}
