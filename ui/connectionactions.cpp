// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connectionactions.h"

namespace mooring::ui {

using base::Result;
using base::Task;
using text::Tone;

ConnectionActions::ConnectionActions(connections::ConnectionList &list, base::TaskScope &tasks,
                                     QObject *parent)
    : QObject(parent)
    , m_list(list)
    , m_tasks(tasks)
{
    connect(&list.revocations(), &connections::Revocations::ended, this,
            [this](const connections::RevocationRecord &entry, connections::RevocationEnd end) {
                tell(entry, end);
            });
}

void ConnectionActions::cancelSignIn(const QString &id)
{
    const auto question = m_questions.constFind(id);
    if (question != m_questions.cend()) {
        question->answer.resolve(base::failed(base::cancelledError()));
    }
    if (const Held connection = m_list.byId(id)) {
        connection->cancelSignIn();
    }
}

void ConnectionActions::openBrowserAgain(const QString &id)
{
    const Held connection = m_list.byId(id);
    if (connection && !connection->openBrowserAgain()) {
        Q_EMIT messageReady(
            {Tone::Attention,
             tr("No browser could be started. Copy the link and open it in a browser yourself.")});
    }
}

Result<void> ConnectionActions::pasteAddress(const QString &id, const QString &address)
{
    const Held connection = m_list.byId(id);
    return connection ? connection->pasteAddress(address) : Result<void>();
}

void ConnectionActions::check(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runCheck(connection));
    }
}

Task<void> ConnectionActions::runCheck(Held connection)
{
    const std::stop_token stop = m_tasks.token();
    co_await connection->check({}, stop);
}

void ConnectionActions::tryNow(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runTryNow(connection));
    }
}

Task<void> ConnectionActions::runTryNow(Held connection)
{
    const std::stop_token stop = m_tasks.token();
    co_await connection->check({}, stop);
    if (connection->state().isSignedIn) {
        const Result<connections::AccessToken> token = co_await connection->accessToken(stop);
        if (!token) {
            tell(token.error(), connection);
        }
    }
}

void ConnectionActions::renew(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runRenew(connection));
    }
}

Task<void> ConnectionActions::runRenew(Held connection)
{
    const std::stop_token stop = m_tasks.token();
    const Result<connections::AccessToken> token = co_await connection->renew(stop);
    if (token) {
        Q_EMIT messageReady({Tone::Good, tr("The access to %1 was renewed.").arg(connection->record().name)});
    } else {
        tell(token.error(), connection);
    }
}

void ConnectionActions::unlock(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(tellFailure(connection->unlockKeychain(m_tasks.token())));
    }
}

void ConnectionActions::loadTools(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runTools(connection));
    }
}

Task<void> ConnectionActions::runTools(Held connection)
{
    const std::stop_token stop = m_tasks.token();
    const Result<QList<mcp::Tool>> tools = co_await connection->listTools(stop);
    if (!tools) {
        Q_EMIT toolsFailed(connection->id(), tools.error());
    }
}

void ConnectionActions::rename(const QString &id, const QString &name)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(tellFailure(connection->rename(name, m_tasks.token())));
    }
}

void ConnectionActions::setKey(const QString &id, const QString &headerName, const base::Secret &value)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(tellFailure(connection->setHeaderKey(headerName, value, m_tasks.token())));
    }
}

Task<void> ConnectionActions::tellFailure(Task<Result<void>> work)
{
    const Result<void> done = co_await std::move(work);
    if (!done) {
        tell(done.error());
    }
}

void ConnectionActions::tell(const base::Error &error)
{
    if (const std::optional<Message> message = messageOf(error)) {
        Q_EMIT messageReady(*message);
    }
}

void ConnectionActions::tell(const base::Error &error, const Held &connection)
{
    std::optional<Message> message = messageOf(error);
    if (message) {
        message->about = connection->state().error ? connection->id() : QString();
        Q_EMIT messageReady(*message);
    }
}

} // namespace mooring::ui
