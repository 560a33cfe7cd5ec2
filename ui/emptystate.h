// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/labels.h"
#include "ui/paintedwidgets.h"

#include <QList>

namespace mooring::ui {

struct DemoServer {
    QString name;
    QString address;
    QString explanation;
};

/// The loopback servers that `installer/run --demo` starts.
QList<DemoServer> demoServers();

/// What a window without connections shows: what this is, and what to do.
class EmptyState final : public QWidget {
    Q_OBJECT
public:
    /// `isDemo` adds the addresses of the demo servers, to be clicked.
    explicit EmptyState(bool isDemo, QWidget *parent = nullptr);

Q_SIGNALS:
    /// Empty for "somewhere else".
    void addRequested(const QString &address);

private:
    QWidget *makeDemoHint();
};

} // namespace mooring::ui
