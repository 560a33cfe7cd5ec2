// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychains.h"

#include <QMap>

namespace mooring::support {

/// What a FakeKeychain holds and how it is; it outlives the keychain, as a program does.
struct KeychainProgramState {
    storage::KeychainReport report;
    bool isRunning = true;
    QMap<QString, QString> items;
    QMap<QString, QString> labels;
    /// Removals that are said to be done and aren't, writes that keep what was there.
    bool isForgetful = false;
    /// It answers for whichever program is there, as the Secret Service does.
    bool isAnyProgram = false;
    int looks = 0;
    int questions = 0;
};

/// One keychain in memory.
class FakeKeychain final : public storage::Keychain {
public:
    FakeKeychain(KeychainProgramState &state, storage::KeychainQuestions &questions);

    /// All of them, in this order. The states outlive the store.
    static storage::Keychains::Maker all(const QList<KeychainProgramState *> &states);

    base::Task<storage::KeychainReport> look(QString key) override;
    base::Task<bool> isRunning() override;
    base::Task<storage::JobResult> read(QString key, std::stop_token stop) override;
    base::Task<storage::JobResult> write(QString key, QString text, QString label,
                                         std::stop_token stop) override;
    base::Task<storage::JobResult> remove(QString key, std::stop_token stop) override;
    base::Task<base::Result<void>> unlock(std::stop_token stop) override;
    base::Task<void> relabel(QString key, QString label) override;
    storage::KeychainProgram program() const override { return m_state.report.program; }
    bool mayHold(const QString &place) const override;

private:
    /// Not Done where nothing can be done now.
    storage::JobResult now();

    KeychainProgramState &m_state;
    storage::KeychainQuestions &m_questions;
};

} // namespace mooring::support
