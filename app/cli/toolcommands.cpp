// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/toolcommands.h"

#include "base/strictjson.h"
#include "base/words.h"
#include "cli/elicitation.h"
#include "cli/outputjson.h"
#include "cli/outputtext.h"

#include <QJsonArray>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

constexpr qsizetype maximumArguments = 1024 * 1024;

Task<Result<QJsonObject>> toolArguments(Context context, std::stop_token stop)
{
    QByteArray text = context.arguments.toolArguments.toUtf8();
    if (text == "-") {
        Result<QByteArray> input = co_await context.terminal.readAll(maximumArguments, stop);
        if (!input) {
            co_return base::failed(input.error());
        }
        text = *input;
    }
    Result<QJsonObject> parsed = base::parseJsonObject(text);
    if (!parsed) {
        co_return base::failed(
            base::makeError(ErrorKind::InvalidInput,
                            Words::tr("The arguments of the tool have to be one JSON object, such as "
                                      "{\"text\": \"hello\"}."),
                            parsed.error().detail));
    }
    co_return parsed;
}

} // namespace

Task<Result<ExitCode>> runTools(Context context, std::stop_token stop)
{
    Result<QList<mcp::Tool>> tools = co_await context.connection->listTools(stop);
    if (!tools) {
        co_return base::failed(tools.error());
    }
    QJsonArray entries;
    for (const mcp::Tool &tool : std::as_const(*tools)) {
        entries.append(toJson(tool));
    }
    const std::optional<mcp::ServerInfo> &server = context.connection->serverInfo();
    context.terminal.jsonOut(
        {{u"server"_s, server ? QJsonValue(toJson(*server)) : QJsonValue(QJsonValue::Null)},
         {u"note"_s, context.connection->toolsNote().isEmpty() ? QJsonValue(QJsonValue::Undefined)
                                                               : QJsonValue(context.connection->toolsNote())},
         {u"tools"_s, entries}});
    context.terminal.out(toolsText(*tools, context.terminal.outputStyle()));
    if (!context.connection->toolsNote().isEmpty()) {
        context.terminal.say(context.connection->toolsNote());
    }
    co_return ExitCode::Ok;
}

Task<Result<ExitCode>> runCall(Context context, std::stop_token stop)
{
    Result<QJsonObject> arguments = co_await toolArguments(context, stop);
    if (!arguments) {
        co_return base::failed(arguments.error());
    }
    Result<mcp::ToolResult> result = co_await context.connection->callTool(context.arguments.tool, *arguments,
                                                                           personAt(context.terminal), stop);
    if (!result) {
        co_return base::failed(result.error());
    }
    context.terminal.jsonOut(
        {{u"isError"_s, result->isError}, {u"text"_s, result->text()}, {u"result"_s, result->result}});
    context.terminal.out(resultText(*result));
    co_return result->isError ? ExitCode::Failed : ExitCode::Ok;
}

} // namespace mooring::cli
