// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/task.h"
#include "http/client.h"
#include "mcp/authorizer.h"
#include "mcp/call.h"
#include "mcp/protocol.h"
#include "mcp/toolheadertable.h"

#include <QSet>

#include <memory>

namespace mooring::mcp {

struct ElicitationHandler;
class Link;
class ServerRequests;

struct SessionOptions {
    /// What is known from last time; Unknown finds out.
    Era era = Era::Unknown;
    /// Asks the person in calls that bring nobody of their own. May be empty.
    AskPerson ask = {};
    /// ServerInfo::offered of last time.
    QString offered = {};
};

/// The typed user of a Link: tools, and the person whom their server may ask something. Held by shared_ptr;
/// each running call holds it too. A request that is refused with 401 is repeated once if the Authorizer says
/// so, and one whose headers the server didn't take after a look at its tools; a tools/list that got lost is
/// asked for once more, and so is what a server refuses before it has begun with it: because it doesn't know
/// the session any more, or because the token has ended (hiddenrefusal.h). Nothing else is ever sent twice.
class Session final : public std::enable_shared_from_this<Session> {
public:
    /// `tasks` runs what no caller waits for (answers to the server's own questions, cancellations), and
    /// outlives the session like the other services.
    Session(http::Client &client, base::Deadlines deadlines, QUrl url, Authorizer &authorizer,
            base::TaskScope &tasks, SessionOptions options = {});
    Q_DISABLE_COPY_MOVE(Session)

    /// Agrees on a version. Errors: Protocol with "no MCP server at this address", and all those of
    /// HTTP and of the Authorizer.
    base::Task<base::Result<ServerInfo>> connect(std::stop_token stop);
    /// All pages of tools/list. Connects first if that has not been done. Tools that are described against
    /// the rules are left out.
    base::Task<base::Result<QList<Tool>>> listTools(std::stop_token stop);
    /// What the last listTools() has to tell the person: that its end may be missing. Empty if nothing.
    QString listNote() const;
    /// `ask` answers what the server wants to know meanwhile; without it, the server is told that nobody can
    /// be asked. Errors: NotFound for a tool the server doesn't know. A tool that fails is a ToolResult with
    /// isError set, not an Error. Error::mayHaveArrived tells whether the tool may have run all the same.
    base::Task<base::Result<ToolResult>> callTool(QString name, QJsonObject arguments, AskPerson ask,
                                                  std::stop_token stop);
    /// Ends a session at the server (DELETE), best effort; nothing to do for stateless servers.
    base::Task<void> close();

    /// Where the server said it lives now (307 or 308 on the same origin); the URL given otherwise.
    QUrl url() const;

private:
    /// A result, and how the server was spoken to when it was given.
    struct Reply {
        QJsonObject result;
        Era era = Era::Unknown;
    };
    base::Task<base::Result<Reply>> request(Call call, std::stop_token stop);
    base::Task<base::Result<QJsonObject>>
    requestAnswering(Call call, std::shared_ptr<ElicitationHandler> handler, std::stop_token stop);
    base::Task<base::Result<QJsonObject>> requestTool(Call call, std::shared_ptr<ElicitationHandler> handler,
                                                      QString name, QJsonObject arguments,
                                                      std::stop_token stop);
    base::Task<base::Error> explained(base::Error error, QString name, std::stop_token stop);
    std::optional<QJsonValue> nextPage(const Reply &page, QSet<QJsonValue> *seen);
    void useHeadersOf(QList<Tool> *tools, Era era);
    void endCall(const std::shared_ptr<ElicitationHandler> &handler);

    base::Deadlines m_deadlines;
    AskPerson m_ask;
    std::shared_ptr<ServerRequests> m_requests;
    std::shared_ptr<Link> m_link;
    ToolHeaderTable m_toolHeaders;
    QString m_listNote;
};

} // namespace mooring::mcp
