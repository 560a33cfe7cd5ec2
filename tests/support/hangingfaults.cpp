// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/faults.h"

namespace mooring::support {

namespace {

constexpr auto oneStep = std::chrono::milliseconds(20);

FakeResponse silence(const FakeResponse &, const FaultSpot &)
{
    return FakeResponse::silence();
}

FakeResponse slowDrip(FakeResponse good, const FaultSpot &)
{
    good.drip = oneStep;
    return good;
}

FakeResponse neverEndingHeaders(const FakeResponse &, const FaultSpot &)
{
    FakeResponse endless;
    endless.raw = "HTTP/1.1 200 OK\r\n" + QByteArray("X-More: and more\r\n").repeated(5000);
    endless.drip = std::chrono::milliseconds(1);
    return endless;
}

FakeResponse stopsInTheHead(const FakeResponse &, const FaultSpot &)
{
    FakeResponse half = FakeResponse::empty(200);
    half.raw = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-";
    half.pieces = {FakeResponse::Piece()};
    half.staysOpen = true;
    return half;
}

/// All but the last byte, and then nothing.
FakeResponse stopsInTheBody(FakeResponse good, const FaultSpot &)
{
    good.status = good.status == 401 ? 200 : good.status;
    good.pieces = {{.bytes = good.body.chopped(good.body.isEmpty() ? 0 : 1)}};
    good.body.clear();
    good.staysOpen = true;
    return good;
}

/// White space is allowed in front of JSON; here it never ends.
FakeResponse neverEndingBody(FakeResponse good, const FaultSpot &)
{
    good.status = good.status == 401 ? 200 : good.status;
    good.body.clear();
    good.pieces = std::vector<FakeResponse::Piece>(2000, {oneStep, " "});
    good.staysOpen = true;
    return good;
}

} // namespace

std::vector<AnswerFault> hangingFaults()
{
    return {
        {6, "silence", silence, true},
        {6, "slow drip", slowDrip, true},
        {6, "never-ending headers", neverEndingHeaders, true},
        {6, "stops in the head", stopsInTheHead, true},
        {6, "stops in the body", stopsInTheBody, true},
        {6, "never-ending body", neverEndingBody, true},
    };
}

} // namespace mooring::support
