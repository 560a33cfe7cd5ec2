// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/folderwatch.h"

#include <QFileInfo>

namespace mooring::storage {

FolderWatch::FolderWatch(const QString &folder, QObject *parent)
    : QObject(parent)
    , m_folder(folder)
{
    m_gather.setSingleShot(true);
    m_gather.setInterval(50);
    m_lookAgain.setSingleShot(true);
    m_lookAgain.setInterval(1000);
    connect(&m_gather, &QTimer::timeout, this, [this] {
        watchAgain();
        Q_EMIT changed();
    });
    connect(&m_lookAgain, &QTimer::timeout, this, [this] {
        watchAgain();
        if (!m_watcher.directories().isEmpty()) {
            Q_EMIT changed();
        }
    });
    connect(&m_watcher, &QFileSystemWatcher::directoryChanged, this, [this] {
        // Not started anew by a further change: many changes in a row must not hold the signal back.
        if (!m_gather.isActive()) {
            m_gather.start();
        }
    });
    watchAgain();
}

void FolderWatch::watchAgain()
{
    // A removed folder has dropped out by itself.
    if (m_watcher.directories().isEmpty() && !(QFileInfo(m_folder).isDir() && m_watcher.addPath(m_folder))) {
        m_lookAgain.start();
    }
}

} // namespace mooring::storage
