// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>

namespace mooring::keychains {

/// A display of the test's own with a window manager, for the windows in which keychains ask; and a person
/// at its keyboard. Programs that are started afterwards use it.
class Screen final {
public:
    Screen();
    ~Screen();
    Q_DISABLE_COPY_MOVE(Screen)

    /// The number of a visible window of a program; empty if there is none. A title may be one that xdotool
    /// doesn't see.
    static QString windowOf(const QString &program);
    /// The same by its title, a regular expression.
    static QString windowNamed(const QString &title);
    static void type(const QString &window, const QString &text);
    /// A key as xdotool names it ("Return", "alt+a").
    static void press(const QString &window, const QString &key);
    /// Clicks there, in pixels from the window's corner; negative: from the other end.
    static void click(const QString &window, int x, int y);
    /// A picture, for the artifacts.
    static void capture(const QString &file);

private:
    QProcess m_server;
    QProcess m_windowManager;
};

} // namespace mooring::keychains
