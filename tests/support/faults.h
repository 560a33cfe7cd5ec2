// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/fakeserver.h"

#include <functional>
#include <vector>

namespace mooring::support {

/// The place whose answers are spoiled.
struct FaultSpot {
    FakeServer *server = nullptr;
    QByteArray path;
    /// The member that its JSON can't do without.
    QString required;
    /// Where nothing may ever arrive: "http://127.0.0.1:PORT".
    QString canary;
};

/// One way in which an answer can be bad: a row of the fault matrix, or one of several that a row stands for.
struct AnswerFault {
    int row = 0;
    QByteArray name;
    /// Makes the bad answer out of the good one.
    std::function<FakeResponse(FakeResponse good, const FaultSpot &spot)> spoil;
    /// Nothing but a deadline ends it.
    bool isSlow = false;
};

/// Those that nothing but a deadline, or the person, ends.
std::vector<AnswerFault> hangingFaults();
/// All of them.
const std::vector<AnswerFault> &answerFaults();
/// The one of that row and name. A name that isn't there is a mistake in the test program.
const AnswerFault &answerFault(int row, const QByteArray &name);

/// While it lives, the answers at a place are spoiled; then they are as good as before.
class SpoiledAnswers final {
public:
    SpoiledAnswers(FaultSpot spot, AnswerFault fault);
    ~SpoiledAnswers();
    Q_DISABLE_COPY_MOVE(SpoiledAnswers)

private:
    FaultSpot m_spot;
    FakeServer::Handler m_good;
};

/// A port of this computer that nobody can connect to: refused, or (with a queue that is full) never
/// answered, so that only a deadline ends the attempt.
class DeadPort final {
public:
    enum class Way { Refuses, NeverAnswers };

    explicit DeadPort(Way way);
    ~DeadPort();
    Q_DISABLE_COPY_MOVE(DeadPort)

    QString origin() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }

private:
    std::vector<int> m_sockets;
    quint16 m_port = 0;
};

} // namespace mooring::support
