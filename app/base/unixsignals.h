// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace mooring::base {

/// Turns SIGTERM, SIGINT and SIGHUP into a Qt signal, each time, so that the program can end properly: none
/// of them ends it half-way by itself, however often it is sent. Whoever hears them decides, and may end it
/// with endNow(). Only if nobody hears any more, because the event loop hangs, one of many ends the program.
/// At most one object of this class. Does nothing on Windows.
class UnixSignals final : public QObject {
    Q_OBJECT
public:
    explicit UnixSignals(QObject *parent = nullptr);
    ~UnixSignals() override;

    /// Ends the process as the signal that was heard last does it of its own.
    static void endNow();
    /// Called before a signal ends the process, to leave the terminal as it was; null for nothing. It may run
    /// in a signal handler, so it calls only what POSIX allows there.
    static void setLastAct(void (*act)());

Q_SIGNALS:
    void endRequested();

private:
    void onReadable();
};

} // namespace mooring::base
