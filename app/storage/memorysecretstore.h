// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/secretstore.h"

#include <QMap>
#include <QStringList>

#include <array>
#include <chrono>

namespace mooring::storage {

/// Keeps secrets in the memory of this process: for a sign-in "for this window only". Tests make it
/// fail in the ways of a real keychain.
class MemorySecretStore final : public SecretStore {
public:
    enum class Access { Read, Write, Remove };

    MemorySecretStore();

    base::Task<base::Result<std::optional<QByteArray>>> read(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> write(QString key, QByteArray value, std::stop_token stop) override;
    base::Task<base::Result<void>> remove(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> checkUsable(QString key, Asking asking, std::stop_token stop) override;
    base::Task<base::Result<void>> unlock(std::stop_token stop) override;
    base::Task<void> settled(QString key) override;
    qsizetype maximumValueSize() const override { return m_maximumValueSize; }
    QString identity() const override { return {}; }
    QString description() const override;
    std::optional<KeychainQuestion> question() const override { return m_questions.current(); }
    QMetaObject::Connection onQuestion(QObject *context, std::function<void()> tell) override;

    /// What it asks the person.
    KeychainQuestions &questions() { return m_questions; }
    QStringList keys() const { return m_values.keys(); }

    /// The next `after` accesses of that sort work, the `count` behind them fail without an effect.
    void failNext(Access access, int count, const base::Error &error, int after = 0);
    /// Each access takes this long; a stop ends it before it has an effect.
    void setDelay(std::chrono::milliseconds delay) { m_delay = delay; }
    void setMaximumValueSize(qsizetype bytes) { m_maximumValueSize = bytes; }
    /// Writes have no effect, so they fail because nothing can be read back.
    void setForgetful(bool forgetful) { m_forgetful = forgetful; }
    /// Everything but unlock() fails with the case Locked.
    void setLocked(bool locked) { m_locked = locked; }
    /// unlock() fails, as if the person had closed the prompt.
    void setRefusesToUnlock(bool refuses) { m_refusesToUnlock = refuses; }

private:
    struct Fault {
        int after = 0;
        int count = 0;
        base::Error error;
    };
    base::Task<base::Result<void>> enter(Access access, std::stop_token stop);

    KeychainQuestions m_questions;
    QMap<QString, QByteArray> m_values;
    std::array<Fault, 3> m_faults;
    std::chrono::milliseconds m_delay = std::chrono::milliseconds(0);
    qsizetype m_maximumValueSize;
    bool m_forgetful = false;
    bool m_locked = false;
    bool m_refusesToUnlock = false;
    int m_running = 0;
    std::vector<base::OneShot<bool>> m_settledWaiters;
};

} // namespace mooring::storage
