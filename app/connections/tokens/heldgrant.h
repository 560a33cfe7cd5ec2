// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "connections/grants/grant.h"
#include "oauth/dpop.h"

#include <memory>

namespace mooring::connections {

/// What this process holds in memory of a connection's grant.
class HeldGrant final {
public:
    explicit HeldGrant(base::Clock clock)
        : m_clock(std::move(clock))
    {
    }

    /// The grant at hand; it is stored. Whoever uses it compares its generation with the record's.
    const std::optional<Grant> &current() const { return m_current; }
    void setCurrent(const Grant &grant) { m_current = grant; }
    /// Tokens that the keychain could not keep so far; they are nowhere else.
    const std::optional<Grant> &unsaved() const { return m_unsaved; }
    void setUnsaved(const Grant &grant) { m_unsaved = grant; }
    void clearUnsaved() { m_unsaved.reset(); }
    /// The grant that counts, where the keychain was read for one; nothing if there is none.
    std::optional<Grant> latest(const std::optional<Grant> &stored) const;
    /// Drops what is at hand, but not what is unsaved.
    void forget();

    /// Makes the DPoP proofs for a grant whose tokens are bound to a key (RFC 9449); null for others.
    std::shared_ptr<oauth::DpopProver> proverOf(const Grant &grant);
    const std::shared_ptr<oauth::DpopProver> &prover() const { return m_prover; }
    void setProver(std::shared_ptr<oauth::DpopProver> prover) { m_prover = std::move(prover); }

    /// The server has accepted this token.
    bool wasAccepted(const base::Secret &token) const { return m_accepted == token; }
    void setAccepted(const base::Secret &token) { m_accepted = token; }

    /// Held by each code exchange and renewal from before it is posted until what it brings is stored.
    std::shared_ptr<bool> underWay() const { return m_underWay; }
    bool isUnderWay() const { return m_underWay.use_count() > 1; }

private:
    base::Clock m_clock;
    std::optional<Grant> m_current;
    std::optional<Grant> m_unsaved;
    /// Kept as long as its key stays: it knows the nonces.
    std::shared_ptr<oauth::DpopProver> m_prover;
    base::Secret m_accepted;
    std::shared_ptr<bool> m_underWay = std::make_shared<bool>(true);
};

} // namespace mooring::connections
