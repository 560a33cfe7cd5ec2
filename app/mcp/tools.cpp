// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/displaytext.h"
#include "base/logging.h"
#include "mcp/conversation.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QJsonArray>
#include <QScopeGuard>

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

/// Of pages that repeat each other; a server with two tools of one name has only itself to blame otherwise.
void dropRepeated(QList<Tool> *tools, bool areRepeated)
{
    QSet<QString> names;
    tools->removeIf([&names, areRepeated](const Tool &tool) {
        const bool isNew = !names.contains(tool.name);
        names.insert(tool.name);
        return areRepeated && !isNew;
    });
}

/// The request may be asked again: reading a list changes nothing.
bool gotLost(const base::Error &error)
{
    return error.kind == ErrorKind::Network && error.mayHaveArrived;
}

} // namespace

Task<Result<QList<Tool>>> Session::Private::listTools(std::stop_token stop)
{
    const auto self = shared_from_this();
    const QDeadlineTimer whole(m_deadlines.mcpRequest);
    QList<Tool> tools;
    QSet<QJsonValue> seen;
    Call call;
    call.method = u"tools/list"_s;
    call.limits.body = maximumListBody;
    call.limits.idle = m_deadlines.idle;
    bool mayRepeat = true;
    m_listNote.clear();
    while (true) {
        // At least a little: zero would mean none at all.
        call.limits.deadline = std::chrono::milliseconds(std::max<qint64>(1, whole.remainingTime()));
        Result<QJsonObject> page = co_await request(call, stop);
        if (!page && gotLost(page.error()) && std::exchange(mayRepeat, false)) {
            continue;
        }
        if (!page) {
            co_return base::failed(page.error());
        }
        appendTools(&tools, *page);
        if (tools.size() > maximumTools) {
            co_return base::failed(endlessList(url, u"more than 10,000 tools"_s));
        }
        const std::optional<QJsonValue> cursor = nextPage(*page, &seen);
        if (!cursor) {
            dropRepeated(&tools, !m_listNote.isEmpty());
            useHeadersOf(&tools);
            co_return tools;
        }
        call.params = QJsonObject{{u"cursor"_s, *cursor}};
    }
}

/// The cursor of the next page, as it came: it is the server's own affair what it is. Nothing at the end.
std::optional<QJsonValue> Session::Private::nextPage(const QJsonObject &page, QSet<QJsonValue> *seen)
{
    const QJsonValue cursor = page.value("nextCursor"_L1);
    // MCP 2026-07-28, "Pagination": an empty cursor is one. Before that, servers meant the end by it.
    const bool isEnd = cursor.isUndefined() || cursor.isNull()
                       || (cursor.toString(u"-"_s).isEmpty() && m_dialect.era != Era::Stateless);
    if (isEnd) {
        return std::nullopt;
    }
    const QString host = base::displayAuthority(url);
    if (!cursor.isString() && !cursor.isDouble()) {
        m_listNote = tr("The list may be incomplete: %1 names the next page in a way that Mooring can't use.")
                         .arg(host);
        return std::nullopt;
    }
    if (seen->contains(cursor)) {
        m_listNote = tr("The list may be incomplete: %1 repeats the same page.").arg(host);
        return std::nullopt;
    }
    seen->insert(cursor);
    return cursor;
}

/// Remembers which arguments go into headers, and drops the tools where that can't be told (MCP 2026-07-28,
/// Streamable HTTP, "Custom Headers from Tool Parameters").
void Session::Private::useHeadersOf(QList<Tool> *tools)
{
    m_toolHeaders.clear();
    m_faultyTools.clear();
    if (m_dialect.era != Era::Stateless) {
        return;
    }
    tools->removeIf([this](const Tool &tool) {
        const Result<ToolHeaders> headers = ToolHeaders::fromSchema(tool.inputSchema);
        if (headers) {
            m_toolHeaders.insert(tool.name, *headers);
            return false;
        }
        m_faultyTools.insert(tool.name);
        qCWarning(base::lcMcp).noquote() << base::displayAuthority(url) << "offers the tool"
                                         << base::displayText(tool.name) << "with" << headers.error().detail;
        return true;
    });
}

/// With the headers that its schema asks for; if the server misses some, the schema is read anew.
Task<Result<QJsonObject>> Session::Private::requestTool(Call call, QJsonObject arguments,
                                                        std::stop_token stop)
{
    call.parameters = m_toolHeaders.value(call.name).forArguments(arguments);
    Result<QJsonObject> result = co_await requestAnswering(call, stop);
    if (result || result.error().rpcCode != rpcHeaderMismatch) {
        co_return result;
    }
    Result<QList<Tool>> tools = co_await listTools(stop);
    const http::Headers fresh = m_toolHeaders.value(call.name).forArguments(arguments);
    if (!tools || fresh.fields() == call.parameters.fields()) {
        co_return result;
    }
    call.parameters = fresh;
    result = co_await requestAnswering(call, stop);
    co_return result;
}

Task<Result<ToolResult>> Session::Private::callTool(QString name, QJsonObject arguments, AskPerson ask,
                                                    std::stop_token stop)
{
    const auto self = shared_from_this();
    if (m_faultyTools.contains(name)) {
        const QString host = base::displayAuthority(url);
        co_return base::failed(makeError(ErrorKind::Protocol,
                                         tr("%1 describes the tool %2 in a way that Mooring can't use.")
                                             .arg(host, base::displayText(name)),
                                         u"an x-mcp-header against the rules"_s, host));
    }
    Call call;
    if (const AskPerson person = ask ? ask : m_options.ask) {
        call.asker = std::make_shared<Asker>(person);
        m_askers.append(call.asker);
    }
    const auto ended = qScopeGuard([self, asker = call.asker] { self->stopAsking(asker); });
    call.method = u"tools/call"_s;
    call.name = name;
    call.params = QJsonObject{{u"name"_s, name}, {u"arguments"_s, arguments}};
    call.limits.deadline = m_deadlines.mcpRequest;
    // A tool may think for as long as the deadline allows without a word.
    call.limits.idle = std::chrono::milliseconds(0);
    call.limits.body = maximumResultBody;
    Result<QJsonObject> result = co_await requestTool(call, arguments, stop);
    if (!result) {
        base::Error error = co_await explained(result.error(), name, stop);
        co_return base::failed(error);
    }
    ToolResult answer;
    answer.isError = result->value("isError"_L1).toBool();
    answer.result = *result;
    co_return answer;
}

void Session::Private::stopAsking(const AskerPointer &asker)
{
    if (asker) {
        asker->over.request_stop();
        m_askers.removeOne(asker);
    }
    if (m_askers.isEmpty()) {
        m_listener.reset();
    }
}

/// The code for wrong arguments is also the one for an unknown tool; the list tells them apart.
Task<base::Error> Session::Private::explained(base::Error error, QString name, std::stop_token stop)
{
    const auto self = shared_from_this();
    if (error.rpcCode != rpcInvalidParams) {
        co_return error;
    }
    Result<QList<Tool>> tools = co_await listTools(stop);
    const auto isIt = [&name](const Tool &tool) { return tool.name == name; };
    if (tools && std::none_of(tools->begin(), tools->end(), isIt)) {
        error = makeError(ErrorKind::NotFound,
                          tr("%1 has no tool called %2.").arg(error.host, base::displayText(name)),
                          error.detail, error.host);
    }
    co_return error;
}

} // namespace mooring::mcp
