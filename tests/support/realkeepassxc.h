// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>

namespace mooring::support {

/// A KeePassXC of the test's own, started by keepassxc.sh in the home folder of with-keyring.sh --bus-only.
class RealKeePassXc final {
public:
    /// `display`: an X display on which its windows open; none: nobody sees them.
    explicit RealKeePassXc(const QString &display = {});
    ~RealKeePassXc();
    Q_DISABLE_COPY_MOVE(RealKeePassXc)

    /// With the options of keepassxc.sh. Returns once it is the session's Secret Service.
    bool start(const QStringList &options);
    void stop();
    /// What a person does in its window.
    bool lock();
    bool unlock();

    /// The titles of all entries of the database on the disk, those in its recycle bin too.
    static QStringList entriesOnDisk();
    /// What another process of Mooring, with a connection of its own to the bus, would keep.
    static bool keepFromElsewhere(const QString &key, const QByteArray &text);

private:
    bool tell(const QString &method, const QStringList &arguments);

    QProcess m_process;
};

} // namespace mooring::support
