// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/session.h"

#include "base/displaytext.h"
#include "base/logging.h"
#include "base/words.h"
#include "mcp/link.h"
#include "mcp/serverrequests.h"

#include <QDeadlineTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QScopeGuard>
#include <QSet>

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

/// So often a server may come back with another question.
constexpr int maximumRounds = 10;
constexpr qsizetype maximumTools = 10'000;
constexpr qint64 maximumListBody = 16 * 1024 * 1024;
/// A tool may give pictures and files.
constexpr qint64 maximumResultBody = 64 * 1024 * 1024;

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
    return makeError(ErrorKind::Protocol, Words::tr("The list of tools of %1 has no end.").arg(host), detail,
                     host);
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

base::Error unusable(const QString &host, const QString &detail)
{
    return makeError(ErrorKind::Protocol, Words::tr("%1 sent an answer that Mooring can't use.").arg(host),
                     detail, host);
}

bool isGiven(const QJsonValue &value)
{
    return !value.isUndefined() && !value.isNull();
}

/// The result of a response. Errors: Protocol, for a JSON-RPC error and for a kind of result that nobody
/// knows.
Result<QJsonObject> resultOf(const Link::Response &response, const QString &host)
{
    if (response.message.kind() == Message::Kind::Error) {
        const RpcError &rpc = response.message.error();
        base::Error error =
            makeError(ErrorKind::Protocol,
                      Words::tr("%1 answered with an error: %2").arg(host, base::displayText(rpc.message)),
                      u"JSON-RPC error %1"_s.arg(rpc.code), host);
        error.httpStatus = response.httpStatus;
        error.rpcCode = rpc.code;
        return base::failed(error);
    }
    // MCP 2026-07-28, "Result types": absent means complete, and what nobody knows is no answer.
    const QJsonObject result = response.message.result();
    const QString type = result.value("resultType"_L1).toString(u"complete"_s);
    if (response.era == Era::Stateless && type != "complete"_L1 && type != "input_required"_L1) {
        return base::failed(unusable(host, u"resultType "_s + base::displayText(type, 40)));
    }
    return result;
}

LinkOptions linkOptions(const SessionOptions &options, const std::shared_ptr<ServerRequests> &requests)
{
    LinkOptions forLink;
    forLink.era = options.era;
    forLink.offered = options.offered;
    forLink.onRequest = requests->handlerFor(nullptr);
    return forLink;
}

} // namespace

Session::Session(http::Client &client, base::Deadlines deadlines, QUrl url, Authorizer &authorizer,
                 base::TaskScope &tasks, SessionOptions options)
    : m_deadlines(deadlines)
    , m_ask(options.ask)
    , m_requests(std::make_shared<ServerRequests>(url))
    , m_link(Link::make(client, deadlines, url, authorizer, tasks, linkOptions(options, m_requests)))
{
}

QString Session::listNote() const
{
    return m_listNote;
}

QUrl Session::url() const
{
    return m_link->url();
}

Task<Result<ServerInfo>> Session::connect(std::stop_token stop)
{
    return m_link->open({}, std::move(stop));
}

Task<void> Session::close()
{
    return m_link->close();
}

Task<Result<Session::Reply>> Session::request(Call call, std::stop_token stop)
{
    const auto self = shared_from_this();
    Result<Link::Response> response = co_await m_link->request(call, stop);
    if (!response) {
        co_return base::failed(response.error());
    }
    Result<QJsonObject> result = resultOf(*response, base::displayAuthority(url()));
    if (!result) {
        co_return base::failed(result.error());
    }
    co_return Reply{*result, response->era};
}

/// request(), and the questions that the server answers it with (MCP 2026-07-28, "Multi Round-Trip
/// Requests").
Task<Result<QJsonObject>> Session::requestAnswering(Call call, ElicitationHandlerPointer handler,
                                                    std::stop_token stop)
{
    const auto self = shared_from_this();
    const QJsonObject original = QJsonDocument::fromJson(call.params).object();
    for (int round = 0; round < maximumRounds; ++round) {
        Result<Reply> reply = co_await request(call, stop);
        if (!reply) {
            co_return base::failed(reply.error());
        }
        const QJsonObject result = reply->result;
        if (reply->era != Era::Stateless || result.value("resultType"_L1) != "input_required"_L1) {
            co_return result;
        }
        const QJsonValue questions = result.value("inputRequests"_L1);
        const QJsonValue state = result.value("requestState"_L1);
        if (!isGiven(questions) && !isGiven(state)) {
            const QString host = base::displayAuthority(url());
            co_return base::failed(unusable(host, u"resultType input_required without a question"_s));
        }
        // Both are for this very request and no other: each round begins with what the caller wanted.
        QJsonObject params = original;
        if (isGiven(questions)) {
            Result<QJsonObject> inputs = co_await m_requests->inputsFor(questions.toObject(), handler, stop);
            if (!inputs) {
                co_return inputs;
            }
            params.insert(u"inputResponses"_s, *inputs);
        }
        if (isGiven(state)) {
            params.insert(u"requestState"_s, state);
        }
        call.params = jsonOf(params);
    }
    const QString host = base::displayAuthority(url());
    co_return base::failed(makeError(ErrorKind::Protocol,
                                     Words::tr("%1 keeps asking and gives no answer.").arg(host),
                                     u"input_required %1 times"_s.arg(maximumRounds), host));
}

Task<Result<QList<Tool>>> Session::listTools(std::stop_token stop)
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
        Result<Reply> page = co_await request(call, stop);
        if (!page && gotLost(page.error()) && std::exchange(mayRepeat, false)) {
            continue;
        }
        if (!page) {
            co_return base::failed(page.error());
        }
        appendTools(&tools, page->result);
        if (tools.size() > maximumTools) {
            co_return base::failed(endlessList(url(), u"more than 10,000 tools"_s));
        }
        const std::optional<QJsonValue> cursor = nextPage(*page, &seen);
        if (!cursor) {
            dropRepeated(&tools, !m_listNote.isEmpty());
            useHeadersOf(&tools, page->era);
            co_return tools;
        }
        call.params = jsonOf({{u"cursor"_s, *cursor}});
    }
}

/// The cursor of the next page, as it came: it is the server's own affair what it is. Nothing at the end.
std::optional<QJsonValue> Session::nextPage(const Reply &page, QSet<QJsonValue> *seen)
{
    const QJsonValue cursor = page.result.value("nextCursor"_L1);
    // MCP 2026-07-28, "Pagination": an empty cursor is one. Before that, servers meant the end by it.
    const bool isEnd = cursor.isUndefined() || cursor.isNull()
                       || (cursor.toString(u"-"_s).isEmpty() && page.era != Era::Stateless);
    if (isEnd) {
        return std::nullopt;
    }
    const QString host = base::displayAuthority(url());
    if (!cursor.isString() && !cursor.isDouble()) {
        m_listNote =
            Words::tr("The list may be incomplete: %1 names the next page in a way that Mooring can't use.")
                .arg(host);
        return std::nullopt;
    }
    if (seen->contains(cursor)) {
        m_listNote = Words::tr("The list may be incomplete: %1 repeats the same page.").arg(host);
        return std::nullopt;
    }
    seen->insert(cursor);
    return cursor;
}

/// Remembers which arguments go into headers, and drops the tools where that can't be told (MCP 2026-07-28,
/// Streamable HTTP, "Custom Headers from Tool Parameters").
void Session::useHeadersOf(QList<Tool> *tools, Era era)
{
    m_toolHeaders.clear();
    if (era != Era::Stateless) {
        return;
    }
    tools->removeIf([this](const Tool &tool) {
        const Result<void> learnt = m_toolHeaders.learn(tool.name, tool.inputSchema);
        if (!learnt) {
            qCWarning(base::lcMcp).noquote()
                << base::displayAuthority(url()) << "offers the tool" << base::displayText(tool.name)
                << "with" << learnt.error().detail;
        }
        return !learnt;
    });
}

/// With the headers that its schema asks for; if the server misses some, the schema is read anew.
Task<Result<QJsonObject>> Session::requestTool(Call call, ElicitationHandlerPointer handler, QString name,
                                               QJsonObject arguments, std::stop_token stop)
{
    const auto self = shared_from_this();
    call.headers = m_toolHeaders.headersFor(name, arguments);
    Result<QJsonObject> result = co_await requestAnswering(call, handler, stop);
    if (result || result.error().rpcCode != rpcHeaderMismatch) {
        co_return result;
    }
    Result<QList<Tool>> tools = co_await listTools(stop);
    const http::Headers fresh = m_toolHeaders.headersFor(name, arguments);
    if (!tools || fresh.fields() == call.headers.fields()) {
        co_return result;
    }
    call.headers = fresh;
    result = co_await requestAnswering(call, handler, stop);
    co_return result;
}

Task<Result<ToolResult>> Session::callTool(QString name, QJsonObject arguments, AskPerson ask,
                                           std::stop_token stop)
{
    const auto self = shared_from_this();
    if (m_toolHeaders.isFaulty(name)) {
        const QString host = base::displayAuthority(url());
        co_return base::failed(
            makeError(ErrorKind::Protocol,
                      Words::tr("%1 describes the tool %2 in a way that Mooring can't use.")
                          .arg(host, base::displayText(name)),
                      u"an x-mcp-header against the rules"_s, host));
    }
    Call call;
    call.method = u"tools/call"_s;
    call.params = jsonOf({{u"name"_s, name}, {u"arguments"_s, arguments}});
    call.limits.deadline = m_deadlines.mcpRequest;
    // A tool may think for as long as the deadline allows without a word.
    call.limits.idle = std::chrono::milliseconds(0);
    call.limits.body = maximumResultBody;
    ElicitationHandlerPointer handler;
    if (const AskPerson person = ask ? ask : m_ask) {
        handler = m_requests->begin(person);
        call.capabilities = ServerRequests::capabilities();
        call.onRequest = m_requests->handlerFor(handler);
        // The answer waits for a person, who may have to look something up first.
        call.limits.deadline += m_deadlines.browser;
    }
    const auto ended = qScopeGuard([self, handler] { self->endCall(handler); });
    Result<QJsonObject> result = co_await requestTool(call, handler, name, arguments, stop);
    if (!result) {
        base::Error error = co_await explained(result.error(), name, stop);
        co_return base::failed(error);
    }
    ToolResult answer;
    answer.isError = result->value("isError"_L1).toBool();
    answer.result = *result;
    co_return answer;
}

void Session::endCall(const ElicitationHandlerPointer &handler)
{
    if (handler) {
        m_requests->end(handler);
    }
    if (m_requests->isIdle()) {
        m_link->stopListening();
    }
}

/// The code for wrong arguments is also the one for an unknown tool; the list tells them apart.
Task<base::Error> Session::explained(base::Error error, QString name, std::stop_token stop)
{
    const auto self = shared_from_this();
    if (error.rpcCode != rpcInvalidParams) {
        co_return error;
    }
    Result<QList<Tool>> tools = co_await listTools(stop);
    const auto isIt = [&name](const Tool &tool) { return tool.name == name; };
    if (tools && std::none_of(tools->begin(), tools->end(), isIt)) {
        error = makeError(ErrorKind::NotFound,
                          Words::tr("%1 has no tool called %2.").arg(error.host, base::displayText(name)),
                          error.detail, error.host);
    }
    co_return error;
}

} // namespace mooring::mcp
