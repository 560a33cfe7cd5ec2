// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keychains/daemon.h"
#include "keychains/realkeychain.h"

#include <memory>

namespace mooring::keychains {

/// kwalletd5 with the wallet "kdewallet": under KDE by its own interface, elsewhere as a Secret Service.
class KWalletKeychain final : public RealKeychain {
public:
    enum class Way { OwnInterface, SecretService };
    explicit KWalletKeychain(Way way);
    ~KWalletKeychain() override;

    QString id() const override;
    QString program() const override { return QStringLiteral("KWallet"); }
    QHash<QString, QString> environment() const override;
    void heal() override;
    void end() override;
    void empty() override;
    /// To lock a wallet is to close it.
    void lock() override { close(); }
    void close() override;
    void switchOff() override;
    void loseDefault() override;
    void takeOver() override;
    void stop() override { m_daemon.stop(); }
    void goOn() override { m_daemon.goOn(); }
    void kill() override;
    Asks asks() const override
    {
        return m_way == Way::OwnInterface ? Asks::WhenUsedClosed : Asks::OnlyWhenUnlocked;
    }
    void answer(bool agrees) override;
    QStringList items() override;
    QString listing() override;

private:
    void start();
    void open();
    static void letTheBusStartIt(bool may);
    void configure(bool isEnabled, const QString &wallet) const;
    QStringList entries() const;
    QStringList names() const;

    Way m_way;
    QByteArray m_key;
    Daemon m_daemon;
    std::unique_ptr<RealKeychain> m_other;
};

} // namespace mooring::keychains
