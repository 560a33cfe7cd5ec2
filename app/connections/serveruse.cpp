// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/serveruse.h"

#include "base/words.h"
#include "connections/records/lookresult.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

/// A key that an older version has left in the address moves along.
QUrl movedTo(QUrl url, const QUrl &before)
{
    const QString secret = QString::fromUtf8(http::withoutSecretQuery(before).secretQuery.reveal());
    if (!secret.isEmpty()) {
        url.setQuery(url.hasQuery() ? url.query(QUrl::FullyEncoded) + u'&' + secret : secret);
    }
    return url;
}

} // namespace

ServerUse::ServerUse(EntryPointer entry, Services services, std::shared_ptr<CredentialSources> sources)
    : m_entry(std::move(entry))
    , m_services(std::move(services))
    , m_authorizer(std::move(sources), ConnectionAuthorizer::Extent::All)
{
    QObject::connect(m_entry.get(), &ConnectionEntry::credentialsGone, &m_context, [this] { forget(); });
    QObject::connect(m_entry.get(), &ConnectionEntry::replaced, &m_context,
                     [this](const ConnectionRecord &before) {
                         const ConnectionRecord &record = m_entry->record();
                         if (before.requestSecretsGeneration != record.requestSecretsGeneration
                             || before.headers != record.headers) {
                             forget();
                         }
                     });
}

void ServerUse::forget()
{
    m_session.reset();
    m_tools.reset();
}

std::shared_ptr<mcp::Session> ServerUse::session()
{
    if (!m_session) {
        const ConnectionRecord &record = m_entry->record();
        m_session = std::make_shared<mcp::Session>(
            m_services.http, m_services.deadlines, m_entry->serverUrl(), m_authorizer, m_services.tasks,
            mcp::SessionOptions{record.era, {}, record.offeredVersion});
    }
    return m_session;
}

Task<void> ServerUse::close()
{
    if (const std::shared_ptr<mcp::Session> session = std::exchange(m_session, nullptr)) {
        co_await session->close();
    }
}

void ServerUse::noteOutage(const std::optional<base::Error> &error)
{
    const std::optional<base::Error> outage = error && error->isTransient() ? error : std::nullopt;
    const std::optional<RecordedError> &known = m_entry->log().trouble;
    // Good uses follow each other, and so do outages: only a change is worth a write.
    if (known.has_value() != outage.has_value() || (outage && known->error.sentence != outage->sentence)) {
        m_entry->updateLog([&](ActivityLog &log) {
            log.trouble = outage ? std::optional(RecordedError{*outage, m_entry->now()}) : std::nullopt;
        });
    }
}

void ServerUse::noteTools(const QList<mcp::Tool> &tools, const QString &listNote)
{
    if (m_toolsNote != listNote) {
        m_toolsNote = listNote;
        if (!m_toolsNote.isEmpty()) {
            m_entry->note(m_toolsNote);
        }
    }
    const bool isNews = !m_tools || m_tools->size() != tools.size();
    m_tools = tools;
    if (isNews) {
        m_entry->note(Words::tr("Tools listed: %1").arg(tools.size()));
    }
}

Task<void> ServerUse::afterUse(std::shared_ptr<mcp::Session> used, std::optional<base::Error> error)
{
    if (error) {
        // While the connection is being disconnected a failed request is expected: it isn't the trouble.
        if (!m_entry->record().leaving) {
            m_entry->setTrouble(*error);
            noteOutage(error);
        }
        m_entry->tellChanged();
        co_return;
    }
    const std::optional<base::Error> &trouble = m_entry->live().trouble;
    if (trouble && trouble->isTransient()) {
        m_entry->clearTrouble();
    }
    noteOutage(std::nullopt);
    co_await recordLearnt(std::move(used));
    m_entry->tellChanged();
}

Task<void> ServerUse::recordLearnt(std::shared_ptr<mcp::Session> used)
{
    const ConnectionRecord now = m_entry->record();
    const mcp::Era era = m_serverInfo ? m_serverInfo->era : mcp::Era::Unknown;
    const bool isKnown = era != mcp::Era::Unknown;
    const QUrl url = used->url();
    const bool hasMoved = url != m_entry->serverUrl() && http::origin(url) == http::origin(now.url);
    // A look had met something else, or nobody.
    const bool isOpenAfterAll =
        isBeforeSignIn(now) && now.verdict != mcp::Verdict::Open && now.verdict != mcp::Verdict::NeedsSignIn;
    const QString offered = isKnown ? m_serverInfo->offered : now.offeredVersion;
    const bool isNews = (isKnown && era != now.era) || offered != now.offeredVersion;
    if (!isNews && !hasMoved && !isOpenAfterAll) {
        co_return;
    }
    const RecordChange change = [era, isKnown, offered, url, hasMoved,
                                 isOpenAfterAll](ConnectionRecord &record) {
        record.era = isKnown ? era : record.era;
        record.offeredVersion = offered;
        record.url = hasMoved ? movedTo(url, record.url) : record.url;
        if (isOpenAfterAll) {
            record.verdict = mcp::ProbeReport::Verdict::Open;
            record.lastError.reset();
        }
    };
    co_await m_entry->update(change, m_services.tasks.token());
}

Task<Result<QList<mcp::Tool>>> ServerUse::listTools(std::stop_token stop)
{
    const std::shared_ptr<ServerUse> self = shared_from_this();
    const std::shared_ptr<mcp::Session> used = session();
    Result<mcp::ServerInfo> info = co_await used->connect(stop);
    Result<QList<mcp::Tool>> tools = base::failed(info ? base::cancelledError() : info.error());
    if (info) {
        m_serverInfo = *info;
        tools = co_await used->listTools(stop);
    }
    if (tools) {
        noteTools(*tools, used->listNote());
    }
    const std::optional<base::Error> error = tools ? std::nullopt : std::optional(tools.error());
    co_await afterUse(used, error);
    co_return tools;
}

Task<Result<mcp::ToolResult>> ServerUse::callTool(QString name, QJsonObject arguments, mcp::AskPerson ask,
                                                  std::stop_token stop)
{
    const std::shared_ptr<ServerUse> self = shared_from_this();
    const std::shared_ptr<mcp::Session> used = session();
    Result<mcp::ServerInfo> info = co_await used->connect(stop);
    Result<mcp::ToolResult> result = base::failed(info ? base::cancelledError() : info.error());
    if (info) {
        m_serverInfo = *info;
        result = co_await used->callTool(name, arguments, ask, stop);
    }
    // A tool that doesn't exist says nothing about the connection.
    const bool isTrouble = !result && result.error().kind != ErrorKind::NotFound;
    const std::optional<base::Error> error = isTrouble ? std::optional(result.error()) : std::nullopt;
    co_await afterUse(used, error);
    co_return result;
}

} // namespace mooring::connections
