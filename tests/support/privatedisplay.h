// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>

namespace mooring::support {

/// An X display of the test's own with a window manager, and somebody at its keyboard.
class PrivateDisplay final {
public:
    PrivateDisplay() = default;
    ~PrivateDisplay();
    Q_DISABLE_COPY_MOVE(PrivateDisplay)

    bool start();
    /// ":7"
    const QString &name() const { return m_name; }
    /// Presses keys in the window with that title, once it is there and has the focus.
    bool press(const QString &title, const QStringList &keys);

private:
    bool xdotool(const QStringList &arguments);

    QProcess m_server;
    QProcess m_manager;
    QString m_name;
};

} // namespace mooring::support
