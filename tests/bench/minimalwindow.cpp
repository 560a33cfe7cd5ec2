// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The measure for `mooring`: the least that a Qt program with a main window and a list can be. It
// tells its first painted window the same way.
#include "ui/firstpaint.h"

#include <QApplication>
#include <QListView>
#include <QMainWindow>
#include <QStringListModel>
#include <QTimer>

namespace {

class MinimalWindow final : public QMainWindow {
public:
    bool event(QEvent *event) override
    {
        if (event->type() == QEvent::Paint && !m_painted) {
            m_painted = true;
            QTimer::singleShot(0, this, &mooring::ui::reportFirstPaint);
        }
        return QMainWindow::event(event);
    }

private:
    bool m_painted = false;
};

} // namespace

int main(int argc, char *argv[])
{
    QApplication app(argc, argv);
    MinimalWindow window;
    QStringListModel rows({QStringLiteral("One"), QStringLiteral("Two")});
    QListView list;
    list.setModel(&rows);
    window.setCentralWidget(&list);
    window.setWindowTitle(QStringLiteral("Minimal"));
    // As large as the other window, whose pixels count in its memory too.
    window.resize(1120, 620);
    list.setFocus();
    window.show();
    return QApplication::exec();
}
