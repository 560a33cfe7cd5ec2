// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace mooring::base {

/// A token, code, verifier or key. It can be sent and stored, but not printed: there is no QDebug
/// operator and no conversion to a string, so a secret gets into a log only by writing reveal().
class Secret final {
public:
    Secret() = default;
    explicit Secret(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
    }

    bool isEmpty() const { return m_bytes.isEmpty(); }
    const QByteArray &reveal() const { return m_bytes; }
    friend bool operator==(const Secret &, const Secret &) = default;

private:
    QByteArray m_bytes;
};

/// `size` bytes of the system's generator as base64url without padding (RFC 7636 appendix A).
QByteArray randomText(int size = 32);

/// Equality whose duration doesn't depend on where two values differ.
bool equalInConstantTime(QByteArrayView a, QByteArrayView b);

} // namespace mooring::base
