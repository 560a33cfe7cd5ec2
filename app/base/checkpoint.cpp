// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/checkpoint.h"

#ifdef MOORING_CHECKPOINTS
#include <QByteArray>
#include <QList>

#include <algorithm>
#include <csignal>

namespace mooring::base {

namespace {

struct Wanted {
    QByteArray name;
    int timesLeft = 0;
};

Wanted wantedFromEnvironment()
{
    const QList<QByteArray> parts = qgetenv("MOORING_CHECKPOINT").split('*');
    return {parts.first(), std::max(1, parts.value(1).toInt())};
}

std::function<void(const char *)> &watcherOfAll()
{
    static std::function<void(const char *)> watcher;
    return watcher;
}

} // namespace

void checkpoint(const char *name)
{
    static Wanted wanted = wantedFromEnvironment();
    if (watcherOfAll()) {
        watcherOfAll()(name);
    }
    if (wanted.name == name && --wanted.timesLeft == 0) {
#ifdef Q_OS_UNIX
        std::raise(SIGSTOP);
#endif
    }
}

void setCheckpointWatcher(std::function<void(const char *name)> watcher)
{
    watcherOfAll() = std::move(watcher);
}

} // namespace mooring::base
#endif
