// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFileSystemWatcher>
#include <QObject>
#include <QTimer>

namespace mooring::storage {

/// Notices that another process replaced, added or removed a file in a folder. It watches the folder
/// and not the file, because a file that is replaced by a rename drops out of a watcher. A file that
/// is written in place is not noticed; writeFileAtomically() never does that.
class FolderWatch final : public QObject {
    Q_OBJECT

public:
    /// A folder that doesn't exist (any more) is looked for once a second.
    explicit FolderWatch(const QString &folder, QObject *parent = nullptr);

Q_SIGNALS:
    /// About 50 ms after the first of one or more changes, also after changes by this process.
    void changed();

private:
    void watchAgain();

    QString m_folder;
    QFileSystemWatcher m_watcher;
    QTimer m_gather;
    QTimer m_lookAgain;
};

} // namespace mooring::storage
