// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keychains/daemon.h"
#include "keychains/realkeychain.h"

#include <memory>

namespace mooring::keychains {

/// KeePassXC with a database that it shows to other programs.
class KeePassXcKeychain final : public RealKeychain {
public:
    /// Whether it asks before a program may use an entry: its default.
    enum class Access { IsAsked, IsFree };
    explicit KeePassXcKeychain(Access access);
    ~KeePassXcKeychain() override;

    QString id() const override;
    QString program() const override { return QStringLiteral("KeePassXC"); }
    void heal() override;
    void end() override;
    void empty() override;
    void lock() override;
    void close() override;
    void switchOff() override;
    void loseDefault() override;
    void takeOver() override;
    void stop() override { m_program.stop(); }
    void goOn() override { m_program.goOn(); }
    void kill() override;
    Asks asks() const override
    {
        return m_access == Access::IsAsked ? Asks::ForEachItem : Asks::OnlyWhenUnlocked;
    }
    void answer(bool agrees) override;
    QStringList items() override;
    QString listing() override;

private:
    QString folder() const;
    void configure(bool isEnabled) const;
    /// Until what it has taken is in its file: it saves a moment after each change, and tells nobody.
    void awaitSaved() const;
    void makeDatabases() const;
    void makeDatabase(const QString &name, bool isShown) const;
    void start(const QString &database);
    /// The database as XML, from its file.
    QByteArray content() const;

    Access m_access;
    Daemon m_program;
    std::unique_ptr<RealKeychain> m_other;
};

} // namespace mooring::keychains
