// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/checkpoint.h"

#ifdef MOORING_CHECKPOINTS
#include <QByteArray>

#include <csignal>

namespace mooring::base {

void checkpoint(const char *name)
{
    static const QByteArray wanted = qgetenv("MOORING_CHECKPOINT");
    if (!wanted.isEmpty() && wanted == name) {
#ifdef Q_OS_UNIX
        std::raise(SIGSTOP);
#endif
    }
}

} // namespace mooring::base
#endif
