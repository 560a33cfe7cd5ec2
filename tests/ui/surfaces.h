// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>
#include <QWidget>

namespace mooring::uitests {

/// What is wrong with any text that is on, in or behind a window: labels, buttons, fields, lists with the
/// data of all their roles, menus, tips, titles, and what a screen reader is told. Empty if nothing is.
/// Nothing may be taken for markup, steer, hide or turn anything, be long, or bring a keyboard shortcut
/// along.
QString flawOnSurfaces(QWidget *root);

/// Two files that no text may make anybody open: a plain one, and a pipe at which reading waits for ever.
class LocalFiles final {
public:
    LocalFiles();
    ~LocalFiles();
    Q_DISABLE_COPY_MOVE(LocalFiles)

    QString plain() const { return m_folder.filePath(QStringLiteral("canary.png")); }
    QString pipe() const { return m_folder.filePath(QStringLiteral("pipe.png")); }
    /// Whether one of them has been opened since the last time this was asked.
    bool haveBeenOpened();

private:
    QTemporaryDir m_folder;
    int m_watch = -1;
};

} // namespace mooring::uitests
