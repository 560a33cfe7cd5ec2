// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>
#include <QVariantList>

namespace mooring::support {

/// The kwalletd5 of `with-keyring.sh --kwallet`, and what the person, the session and other programs do with
/// it. All of it over D-Bus and by signals; nothing here waits for an event of the calling test.
class RealKWallet final {
public:
    /// Runs, is switched on, and the wallet is open.
    static void makeReady();

    /// The process, 0 if none runs.
    static int pid();
    /// The bus starts it; nothing happens if it runs.
    static void start();
    /// SIGKILL; ends when it is gone.
    static void kill();
    /// SIGSTOP and SIGCONT.
    static void halt();
    static void goOn();
    /// The settings of KDE with KWallet off or on, as the running one hears of it; off makes it end.
    static void switchOff();
    static void switchOn();

    /// As PAM does at log-in: no question. The handle, or less than 0.
    static int openWallet();
    static void closeWallet();
    static bool isOpen();

    /// The programs that use the wallet.
    static QStringList users();
    static QStringList folders();
    /// What is in the folder "Mooring", "Names" too.
    static QStringList keys();
    static QString password(const QString &key);
    static void writeBytes(const QString &key, const QByteArray &bytes);
    static int typeOf(const QString &key);
    /// The map "Names".
    static QMap<QString, QString> names();

private:
    static QVariant ask(const QString &method, const QVariantList &arguments = {});
    static QVariant askItem(const QString &method, const QString &key, const QVariantList &more = {});
    static void write(bool isEnabled);
};

} // namespace mooring::support
