// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "faultmatrix.h"
#include "support/elsewhere.h"
#include "support/faults.h"
#include "support/testbed.h"

namespace mooring::test {

/// A connection that is signed in, and one fault of the matrix at one of its steps.
class FaultBed final {
public:
    /// How long a step may take that nothing else ends: a moment, or as long as in life.
    enum class Patience { Short, AsInLife };

    explicit FaultBed(const Case &theCase, Patience patience = Patience::Short);
    ~FaultBed();
    Q_DISABLE_COPY_MOVE(FaultBed)

    /// From here on the step meets the fault. False where it can't get that far: the address itself is
    /// refused when it is typed.
    bool place();
    /// From here on all is well.
    void lift();
    /// What still hangs is cut off.
    void cutOff();

    connections::Connection &connection() const { return *bed.list->byId(m_id); }
    /// What a probe looks at: the connection, or another one that is elsewhere.
    connections::Connection &probed() const { return *bed.list->byId(m_probedId); }
    /// The tokens of the sign-in, the refresh token first.
    QByteArrayList tokens() const { return m_tokens; }
    /// The access token has not ended by itself.
    bool isAccessFresh() const { return m_before.expiresAt > bed.clock.now(); }
    /// Code V: which of its parts is missing, in words; empty if none. The tokens are in the keychain, under
    /// a key of their own, and nothing takes them for a grant.
    QString problemWithSeal();
    /// The candidate behind the spoiled one works.
    void serveNextCandidate();
    /// How many requests have come to the step since the fault was placed.
    int sent() const;
    /// The requests of the step can arrive at all.
    bool isReachable() const { return !m_elsewhere; }
    /// The host that a sentence has to name: the one with the trouble.
    QString host() const;

    /// What is wrong with an error (none stands for success), measured by the outcome code; empty if nothing.
    QString problemWith(const QByteArray &code, const std::optional<base::Error> &error) const;
    /// Which of the invariants of 6.2 is broken, in words; empty if none. `keepsGrant`: neither the service
    /// nor the person has ended the sign-in. `clicks` is how often a browser may have been opened.
    QString brokenInvariant(bool keepsGrant, int clicks);

    support::Testbed bed;
    support::FakeServer canary;

private:
    void shortenDeadline();
    void moveStep(const QString &origin);
    void moveGrant(const QUrl &endpoint);
    void moveSealed(const QUrl &origin);
    QString asShownAfterRestart();

    Case m_case;
    QString m_id;
    QString m_probedId;
    connections::ConnectionRecord m_before;
    QByteArrayList m_tokens;
    support::FaultSpot m_spot;
    std::unique_ptr<support::SpoiledAnswers> m_spoiled;
    const support::Elsewhere *m_elsewhere = nullptr;
    support::Elsewhere::Place m_place;
    bool m_isMoved = false;
    int m_sentBefore = 0;
};

} // namespace mooring::test
