// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/strictjson.h"
#include "fuzz/fuzzing.h"
#include "mcp/elicitation.h"
#include "mcp/jsonrpc.h"
#include "mcp/toolheaders.h"

using namespace mooring;
using namespace Qt::StringLiterals;
using fuzz::require;
using Kind = mcp::Message::Kind;

namespace {

void checkQuestion(const QJsonObject &params)
{
    const http::UrlPolicy policy(QUrl(u"https://mcp.example.com/mcp"_s));
    const base::Result<mcp::Elicitation> question = mcp::readElicitation(params, policy);
    if (!question) {
        return;
    }
    if (question->url.isValid()) {
        require(policy.check(question->url.toString(QUrl::FullyEncoded), http::UrlUse::Browser).has_value(),
                "a page to open passes the policy");
    }
    const QJsonObject declined = mcp::elicitationResult(*question, {});
    require(!declined.contains("content"_L1), "who declines says nothing");
}

void checkTool(const QJsonObject &schema, const QJsonObject &arguments)
{
    const base::Result<mcp::ToolHeaders> tool = mcp::ToolHeaders::fromSchema(schema);
    if (!tool) {
        return;
    }
    const http::Headers headers = tool->forArguments(arguments);
    for (const http::Headers::Field &field : headers.fields()) {
        require(field.first.toLower().startsWith("mcp-param-"), "a tool sets no other header");
        for (const QByteArray &text : {field.first, field.second}) {
            for (const char c : text) {
                require(c >= ' ' && c < '\x7f', "a header is plain ASCII");
            }
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size)
{
    const QByteArray text = fuzz::bytesOf(data, size).toByteArray();
    const base::Result<QJsonObject> json = base::parseJsonObject(text);
    const base::Result<mcp::Message> message = mcp::Message::read(text);
    require(json || !message, "a message is an object, and well-formed");
    if (!message) {
        require(!message.error().sentence.isEmpty(), "every refusal has a sentence");
        return 0;
    }
    require(message->id().isEmpty() == (message->kind() == Kind::Notification),
            "all but notifications have ids");
    require(message->method().isEmpty() || message->kind() == Kind::Request
                || message->kind() == Kind::Notification,
            "an answer has no method");
    // The bytes say what a parser reads in them.
    require(message->params() == (*json)["params"_L1].toObject() || message->method().isEmpty(),
            "the parameters are those of the message");
    require(message->kind() != Kind::Result || message->result() == (*json)["result"_L1].toObject(),
            "the result is that of the message");
    const base::Result<mcp::Message> mine = mcp::Message::read(message->textWithId("5"));
    require(message->id().isEmpty() || (mine && mine->kind() == message->kind() && mine->id() == "5"),
            "another id makes no other message");
    checkQuestion(message->params());
    const QJsonObject result = message->result();
    checkTool(result.value("inputSchema"_L1).toObject(), result.value("arguments"_L1).toObject());
    return 0;
}
