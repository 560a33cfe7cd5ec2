// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/keychains.h"
#include "storage/secretservice.h"

#include <functional>

namespace mooring::storage {

/// The real Secret Service behind looks that a test makes up.
class LookedAtKeychain final : public Keychain {
public:
    using Look = std::function<base::Task<KeychainReport>(const QString &key)>;

    LookedAtKeychain(Look look, KeychainQuestions &questions)
        : m_look(std::move(look))
        , m_real(std::chrono::seconds(10), questions)
    {
    }

    /// For KeychainStore: this one is all there is.
    static Keychains::Maker only(Look look)
    {
        return [look = std::move(look)](KeychainQuestions &questions) {
            std::vector<std::unique_ptr<Keychain>> keychains;
            keychains.push_back(std::make_unique<LookedAtKeychain>(look, questions));
            return keychains;
        };
    }

    base::Task<KeychainReport> look(QString key) override { return m_look(key); }
    base::Task<JobResult> read(QString key, std::stop_token stop) override { return m_real.read(key, stop); }
    base::Task<JobResult> write(QString key, QString text, QString label, std::stop_token stop) override
    {
        return m_real.write(key, text, label, stop);
    }
    base::Task<JobResult> remove(QString key, std::stop_token stop) override
    {
        return m_real.remove(key, stop);
    }
    base::Task<base::Result<void>> unlock(std::stop_token stop) override { return m_real.unlock(stop); }
    base::Task<void> relabel(QString key, QString label) override { return m_real.relabel(key, label); }
    KeychainProgram program() const override { return m_real.program(); }

private:
    Look m_look;
    SecretService m_real;
};

} // namespace mooring::storage
