// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "fuzz/fuzzing.h"
#include "http/sessioncookies.h"

#include <algorithm>

using namespace mooring;
using namespace Qt::StringLiterals;
using fuzz::require;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QUrl server(u"https://mcp.example.com/v1/mcp"_s);
    http::SessionCookies jar(server, [] { return QDateTime(QDate(2026, 11, 30), QTime(12, 0), Qt::UTC); });
    http::ResponseHead head;
    head.status = 200;
    head.url = server;
    head.headers.add("Set-Cookie", fuzz::bytesOf(data, size).toByteArray());
    jar.learn(head);
    http::Request request;
    request.url = server;
    jar.addTo(&request);
    const QByteArray cookie = request.headers.value("Cookie");
    require(cookie.size() <= 8192, "the header has a limit");
    require(std::ranges::all_of(cookie, [](char c) { return c >= ' ' && c <= '~'; }),
            "what is sent back is one line of plain text");
    for (const QString &other : {u"https://example.com/v1/mcp"_s, u"http://mcp.example.com/v1/mcp"_s,
                                 u"https://mcp.example.com:8443/v1/mcp"_s}) {
        http::Request elsewhere;
        elsewhere.url = QUrl(other);
        jar.addTo(&elsewhere);
        require(!elsewhere.headers.contains("Cookie"), "a cookie goes to its own origin only");
    }
    return 0;
}
