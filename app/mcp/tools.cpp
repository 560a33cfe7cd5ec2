// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/displaytext.h"
#include "mcp/conversation.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QJsonArray>
#include <QSet>

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;

namespace {

constexpr qsizetype maximumTools = 10'000;
constexpr qint64 maximumListBody = 16 * 1024 * 1024;
/// A tool may give pictures and files.
constexpr qint64 maximumResultBody = 64 * 1024 * 1024;

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::mcp", text);
}

std::optional<Tool> readTool(const QJsonObject &json)
{
    Tool tool;
    tool.name = json.value("name"_L1).toString();
    if (tool.name.isEmpty()) {
        return std::nullopt;
    }
    tool.title = json.value("title"_L1).toString();
    if (tool.title.isEmpty()) {
        tool.title = json.value("annotations"_L1)["title"_L1].toString();
    }
    tool.description = json.value("description"_L1).toString();
    tool.inputSchema = json.value("inputSchema"_L1).toObject();
    return tool;
}

void appendTools(QList<Tool> *tools, const QJsonObject &page)
{
    const QJsonArray entries = page.value("tools"_L1).toArray();
    for (const QJsonValue entry : entries) {
        if (std::optional<Tool> tool = readTool(entry.toObject())) {
            tools->append(*std::move(tool));
        }
    }
}

base::Error endlessList(const QUrl &url, const QString &detail)
{
    const QString host = base::displayAuthority(url);
    return makeError(ErrorKind::Protocol, tr("The list of tools of %1 has no end.").arg(host), detail, host);
}

} // namespace

Task<Result<QList<Tool>>> Session::Private::listTools(std::stop_token stop)
{
    const auto self = shared_from_this();
    const QDeadlineTimer whole(m_deadlines.mcpRequest);
    QList<Tool> tools;
    QSet<QString> seen;
    Call call;
    call.method = u"tools/list"_s;
    call.limits.body = maximumListBody;
    while (true) {
        // At least a little: zero would mean none at all.
        call.limits.deadline = std::chrono::milliseconds(std::max<qint64>(1, whole.remainingTime()));
        call.limits.idle = m_deadlines.idle;
        Result<QJsonObject> page = co_await request(call, stop);
        if (!page) {
            co_return base::failed(page.error());
        }
        appendTools(&tools, *page);
        const QString cursor = page->value("nextCursor"_L1).toString();
        if (cursor.isEmpty() && tools.size() <= maximumTools) {
            co_return tools;
        }
        if (tools.size() > maximumTools) {
            co_return base::failed(endlessList(url, u"more than 10,000 tools"_s));
        }
        if (seen.contains(cursor)) {
            co_return base::failed(endlessList(url, u"the same cursor twice"_s));
        }
        seen.insert(cursor);
        call.params = QJsonObject{{u"cursor"_s, cursor}};
    }
}

Task<Result<ToolResult>> Session::Private::callTool(QString name, QJsonObject arguments, std::stop_token stop)
{
    const auto self = shared_from_this();
    Call call;
    call.method = u"tools/call"_s;
    call.name = name;
    call.params = QJsonObject{{u"name"_s, name}, {u"arguments"_s, arguments}};
    call.limits.deadline = m_deadlines.mcpRequest;
    // A tool may think for as long as the deadline allows without a word.
    call.limits.idle = std::chrono::milliseconds(0);
    call.limits.body = maximumResultBody;
    Result<QJsonObject> result = co_await request(call, stop);
    if (result) {
        ToolResult answer;
        answer.isError = result->value("isError"_L1).toBool();
        answer.result = *result;
        co_return answer;
    }
    const base::Error error = result.error();
    if (error.detail != u"JSON-RPC error %1"_s.arg(rpcInvalidParams)) {
        co_return base::failed(error);
    }
    // The code for wrong arguments is also the one for an unknown tool; the list tells them apart.
    Result<QList<Tool>> tools = co_await listTools(stop);
    const auto isIt = [&name](const Tool &tool) { return tool.name == name; };
    if (!tools || std::any_of(tools->begin(), tools->end(), isIt)) {
        co_return base::failed(error);
    }
    co_return base::failed(makeError(ErrorKind::NotFound,
                                     tr("%1 has no tool called %2.").arg(error.host, base::displayText(name)),
                                     error.detail, error.host));
}

} // namespace mooring::mcp
