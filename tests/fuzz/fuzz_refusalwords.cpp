// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What servers say in words when they refuse: versions, and tokens that have ended.
#include "fuzz/fuzzing.h"
#include "mcp/hiddenrefusal.h"
#include "mcp/initializeresult.h"
#include "mcp/protocolversion.h"

using namespace mooring;
using namespace Qt::StringLiterals;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    mcp::Answer answer;
    answer.head.status = 400;
    answer.head.url = QUrl(u"https://mcp.example.com/mcp"_s);
    answer.words = fuzz::bytesOf(data, size).toByteArray();
    const QString text = mcp::refusalText(answer);
    const QStringList versions = mcp::versionsIn(text);
    require(versions.size() <= 30, "nobody speaks more versions");
    for (const QString &version : versions) {
        require(version.size() == 10 && text.contains(version), "a version is a date of the text");
    }
    const QString offered = u"2025-11-25"_s;
    const mcp::InitializeResult reading = mcp::readInitialize(answer, offered);
    require(!reading.versions.contains(offered), "what was asked for is not what is named");
    require(reading.fit != mcp::InitializeResult::Fit::Agreed, "a refusal is no agreement");
    mcp::VersionSteps steps(offered);
    int offers = 1;
    while (steps.stepDown(versions)) {
        require(++offers <= 4, "each version is offered once");
    }
    require(mcp::speaksOfToken(answer, true) == mcp::speaksOfToken(answer, false), "no page, no difference");
    return 0;
}
