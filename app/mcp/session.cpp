// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/session.h"

#include "mcp/conversation.h"

namespace mooring::mcp {

using base::Result;
using base::Task;

Session::Session(http::Client &client, base::Deadlines deadlines, QUrl url, Authorizer &authorizer,
                 base::TaskScope &tasks, SessionOptions options)
    : d(std::make_shared<Private>(client, deadlines, url, authorizer, tasks, std::move(options)))
{
}

Session::~Session() = default;

Task<Result<ServerInfo>> Session::connect(std::stop_token stop)
{
    return d->connect(false, std::move(stop));
}

Task<Result<QList<Tool>>> Session::listTools(std::stop_token stop)
{
    return d->listTools(std::move(stop));
}

QString Session::listNote() const
{
    return d->listNote();
}

Task<Result<ToolResult>> Session::callTool(QString name, QJsonObject arguments, AskPerson ask,
                                           std::stop_token stop)
{
    return d->callTool(std::move(name), std::move(arguments), std::move(ask), std::move(stop));
}

Task<void> Session::close()
{
    return d->close();
}

QUrl Session::url() const
{
    return d->url;
}

} // namespace mooring::mcp
