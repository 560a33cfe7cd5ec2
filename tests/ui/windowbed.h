// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/testbed.h"
#include "ui/mainwindow.h"

#include <QTest>

namespace mooring::uitests {

/// A real window over a real list, loopback servers and a fake person at the browser.
class WindowBed final {
public:
    explicit WindowBed(const storage::Profile &profile = {})
        : tasks(std::make_unique<base::TaskScope>())
        , window(std::make_unique<ui::MainWindow>(*bed.list, *tasks, profile, bed.person.openUrl()))
    {
        window->fill();
    }

    ~WindowBed()
    {
        tasks->cancel();
        support::await(bed.list->shutDown());
        support::await(tasks->drained());
        window.reset();
    }

    void show(QSize size = QSize(1100, 720)) const
    {
        window->resize(size);
        window->show();
        QVERIFY(QTest::qWaitForWindowExposed(window.get()));
    }

    template <typename T>
    T *find(const QString &name) const
    {
        return window->findChild<T *>(name);
    }

    support::Testbed bed;
    std::unique_ptr<base::TaskScope> tasks;
    std::unique_ptr<ui::MainWindow> window;
};

} // namespace mooring::uitests
