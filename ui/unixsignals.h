// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace mooring::ui {

/// Turns the first SIGTERM, SIGINT or SIGHUP into a Qt signal, so that the program can end properly; a
/// second one ends it at once. At most one object of this class. Does nothing on Windows.
class UnixSignals final : public QObject {
    Q_OBJECT
public:
    explicit UnixSignals(QObject *parent = nullptr);

Q_SIGNALS:
    void endRequested();
};

} // namespace mooring::ui
