// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychain.h"
#include "storage/secretprompt.h"
#include "storage/walletsync.h"

#include <chrono>
#include <optional>

namespace mooring::storage {

/// The Secret Service (org.freedesktop.secrets): GNOME Keyring, KeePassXC, KWallet in that role, and others.
///
/// New items are made through QtKeychain. Everything else goes by the specification itself, because of what
/// QtKeychain can't do: overwrite an item without making it anew (KeePassXC asks each time then, and fills
/// its recycle bin), ask for permission or for a deletion in a way that can be told and closed, tell a
/// locked item from a missing one. Both do it on one connection to the bus, so that a person's permission
/// holds for both.
class SecretService final : public Keychain {
public:
    static constexpr auto anyProgram = QLatin1StringView("org.freedesktop.secrets");
    /// gnome-keyring answers to this name, too: what it keeps can be reached while another program is the
    /// Secret Service. Nothing new is kept that way.
    static constexpr auto gnomeKeyring = QLatin1StringView("org.gnome.keyring");

    /// `deadline` is for each look and for each job without the time of its prompts; `questions` outlives it.
    SecretService(std::chrono::milliseconds deadline, KeychainQuestions &questions,
                  const QString &busName = anyProgram);

    base::Task<KeychainReport> look(QString key) override;
    base::Task<bool> isRunning() override;
    base::Task<JobResult> read(QString key, std::stop_token stop) override;
    bool bearsTrials() const override { return program() != KeychainProgram::KeePassXC; }
    base::Task<JobResult> permit(QString key, std::stop_token stop) override;
    base::Task<JobResult> write(QString key, QString text, QString label, std::stop_token stop) override;
    base::Task<JobResult> remove(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> unlock(std::stop_token stop) override;
    base::Task<void> relabel(QString key, QString label) override;
    /// Of the last look or job; Unknown before.
    KeychainProgram program() const override { return m_peer.program(); }
    bool mayHold(const QString &place) const override;

private:
    /// Who it is right now, and the default keyring there.
    struct Keyring {
        SecretPeer peer;
        QString collection;
        bool isLocked = false;
    };
    /// Items that may be used.
    struct Allowed {
        SecretPeer peer;
        QStringList items;
    };

    base::Task<SecretAnswer<Keyring>> findKeyring(const base::Deadline *deadline);
    base::Task<SecretAnswer<SecretPeer>> findOpenKeyring(const base::Deadline *deadline);
    base::Task<KeychainReport> lookOnce(QString key, const base::Deadline *deadline);
    base::Task<SecretAnswer<KeychainState>> stateOfItems(Keyring keyring, QString key,
                                                         const base::Deadline *deadline) const;
    base::Task<SecretAnswer<Allowed>> allow(QString key, std::stop_token stop);
    base::Task<SecretAnswer<PromptEnd>> ask(SecretPeer peer, QStringList paths, KeychainQuestion::Kind kind,
                                            std::stop_token stop) const;
    base::Task<SecretAnswer<QString>> session(SecretPeer peer, const base::Deadline *deadline);
    base::Task<SecretAnswer<QByteArray>> exchangeOnce(SecretPeer peer, QString item,
                                                      std::optional<QByteArray> newText);
    base::Task<SecretAnswer<QByteArray>> exchange(SecretPeer peer, QString item,
                                                  std::optional<QByteArray> newText, std::stop_token stop);
    base::Task<JobResult> create(SecretPeer peer, QString key, QString text, QString label,
                                 std::stop_token stop);
    base::Task<base::Result<void>> openKeyring(Keyring keyring, std::stop_token stop);
    base::Task<base::Result<void>> askForItems(SecretPeer peer, std::stop_token stop);
    base::Task<JobResult> onTheDisk(SecretPeer peer, JobResult result, std::stop_token stop);
    KeychainReport named(KeychainReport report) const;

    std::chrono::milliseconds m_deadline;
    KeychainQuestions &m_questions;
    QString m_name;
    SecretPeer m_peer;
    WalletSync m_walletSync;
    /// The session with the process of that address, and no other.
    QString m_session;
    QString m_sessionAddress;
};

/// Has libsecret, which QtKeychain uses, connect anew for the next job.
void forgetSecretSession();

} // namespace mooring::storage
