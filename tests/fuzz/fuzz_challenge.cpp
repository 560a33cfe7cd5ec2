// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "oauth/challenge.h"

using namespace mooring;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QList<QByteArray> fields = fuzz::bytesOf(data, size).toByteArray().split('\n');
    const QList<oauth::Challenge> challenges = oauth::parseChallenges(fields);
    for (const oauth::Challenge &challenge : challenges) {
        require(!challenge.scheme.isEmpty(), "a challenge has a scheme");
        require(challenge.scheme == challenge.scheme.toLower(), "schemes are in lower case");
        for (const QByteArray &name : challenge.parameters.keys()) {
            require(!name.isEmpty() && name == name.toLower(), "names are in lower case");
        }
    }
    const oauth::ChallengeInfo info = oauth::summarize(challenges);
    require(info.schemes.size() <= challenges.size(), "no more schemes than challenges");
    return 0;
}
