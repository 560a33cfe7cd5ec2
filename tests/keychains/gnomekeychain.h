// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keychains/daemon.h"
#include "keychains/realkeychain.h"

#include <memory>

namespace mooring::keychains {

/// gnome-keyring-daemon with a login keyring.
class GnomeKeychain final : public RealKeychain {
public:
    GnomeKeychain();
    ~GnomeKeychain() override;

    QString id() const override { return QStringLiteral("gnome-keyring"); }
    QString program() const override { return QStringLiteral("GNOME Keyring"); }
    void heal() override;
    void end() override;
    void empty() override;
    void lock() override;
    void loseDefault() override;
    void takeOver() override;
    void stop() override { m_daemon.stop(); }
    void goOn() override { m_daemon.goOn(); }
    void kill() override;
    void answer(bool agrees) override;
    QStringList items() override;
    QString listing() override;

private:
    void start(bool isUnlocked);

    Daemon m_daemon;
    Daemon m_prompter;
    std::unique_ptr<RealKeychain> m_other;
};

} // namespace mooring::keychains
