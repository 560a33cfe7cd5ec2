// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/tokens/heldgrant.h"

namespace mooring::connections {

std::optional<Grant> HeldGrant::latest(const std::optional<Grant> &stored) const
{
    const bool isAhead = m_unsaved && (!stored || m_unsaved->generation > stored->generation);
    return isAhead ? m_unsaved : stored;
}

void HeldGrant::forget()
{
    m_current.reset();
    m_prover.reset();
    m_accepted = base::Secret();
}

std::shared_ptr<oauth::DpopProver> HeldGrant::proverOf(const Grant &grant)
{
    if (grant.dpopKey.isEmpty()) {
        return nullptr;
    }
    if (!m_prover || m_prover->key().toPem() != grant.dpopKey) {
        const base::Result<oauth::SigningKey> key = oauth::SigningKey::fromPem(grant.dpopKey);
        m_prover = key ? std::make_shared<oauth::DpopProver>(*key, m_clock) : nullptr;
    }
    return m_prover;
}

} // namespace mooring::connections
