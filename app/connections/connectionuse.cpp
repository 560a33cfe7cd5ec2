// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of Connection that uses the server: its tools, and what is learnt about it by the way.
#include "base/words.h"
#include "connections/connection_p.h"
#include "connections/lookresult.h"
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

std::shared_ptr<mcp::Session> Connection::Private::sessionOf(const SelfPointer &self)
{
    Private *d = self->d.get();
    if (!d->session) {
        d->session = std::make_shared<mcp::Session>(
            d->services.http, d->services.deadlines, d->serverUrl(), *d->credentials, d->services.tasks,
            mcp::SessionOptions{d->record.era, {}, d->record.offeredVersion});
    }
    return d->session;
}

void Connection::Private::keepTrouble(const std::optional<base::Error> &error)
{
    const std::optional<base::Error> outage = error && error->isTransient() ? error : std::nullopt;
    const QString path = services.records.diaryPath(record.id);
    if (!diary) {
        diary = Diary::load(path);
    }
    // Good uses follow each other, and so do outages: only a change is worth a write.
    if (diary->trouble.has_value() != outage.has_value()
        || (outage && diary->trouble->error.sentence != outage->sentence)) {
        diary = Diary::update(path, [&](Diary &kept) {
            kept.trouble = outage ? std::optional(RecordedError{*outage, now()}) : std::nullopt;
        });
    }
}

Task<void> Connection::Private::afterUse(SelfPointer self, std::shared_ptr<mcp::Session> used,
                                         std::optional<base::Error> error)
{
    Private *d = self->d.get();
    if (error) {
        // That nothing uses it while it is being disconnected says nothing of why that takes so long.
        if (!d->record.leaving) {
            d->setTrouble(*error);
            d->keepTrouble(error);
        }
        Q_EMIT self->changed();
        co_return;
    }
    if (d->live.trouble && d->live.trouble->isTransient()) {
        d->clearTrouble();
    }
    d->keepTrouble(std::nullopt);
    const mcp::Era era = d->serverInfo ? d->serverInfo->era : mcp::Era::Unknown;
    const QUrl url = used->url();
    const bool hasMoved = url != d->serverUrl() && http::origin(url) == http::origin(d->record.url);
    // A look had met something else, or nobody.
    const bool isOpenAfterAll = isBeforeSignIn(d->record) && d->record.verdict != "open"_L1
                                && d->record.verdict != "needs-sign-in"_L1;
    const bool isKnown = era != mcp::Era::Unknown;
    const QString offered = isKnown ? d->serverInfo->offered : d->record.offeredVersion;
    const bool isNews = (isKnown && era != d->record.era) || offered != d->record.offeredVersion;
    if (isNews || hasMoved || isOpenAfterAll) {
        const RecordChange change = [era, isKnown, offered, url, hasMoved,
                                     isOpenAfterAll](ConnectionRecord &record) {
            record.era = isKnown ? era : record.era;
            record.offeredVersion = offered;
            record.url = hasMoved ? movedTo(url, record.url) : record.url;
            if (isOpenAfterAll) {
                record.verdict = mcp::verdictName(mcp::ProbeReport::Verdict::Open);
                record.lastError.reset();
            }
        };
        co_await updateRecord(self, change, d->services.tasks.token());
    }
    Q_EMIT self->changed();
}

Task<Result<QList<mcp::Tool>>> Connection::listTools(std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    const std::shared_ptr<mcp::Session> session = Private::sessionOf(self);
    Result<mcp::ServerInfo> info = co_await session->connect(stop);
    Result<QList<mcp::Tool>> tools = base::failed(info ? base::cancelledError() : info.error());
    if (info) {
        d->serverInfo = *info;
        tools = co_await session->listTools(stop);
    }
    if (tools && d->toolsNote != session->listNote()) {
        d->toolsNote = session->listNote();
        if (!d->toolsNote.isEmpty()) {
            Private::note(self, d->toolsNote);
        }
    }
    if (tools) {
        const bool isNews = !d->tools || d->tools->size() != tools->size();
        d->tools = *tools;
        if (isNews) {
            Private::note(self, Words::tr("Tools listed: %1").arg(tools->size()));
        }
    }
    const std::optional<base::Error> error = tools ? std::nullopt : std::optional(tools.error());
    co_await Private::afterUse(self, session, error);
    co_return tools;
}

Task<Result<mcp::ToolResult>> Connection::callTool(QString name, QJsonObject arguments, mcp::AskPerson ask,
                                                   std::stop_token stop)
{
    const SelfPointer self = shared_from_this();
    const std::shared_ptr<mcp::Session> session = Private::sessionOf(self);
    Result<mcp::ServerInfo> info = co_await session->connect(stop);
    Result<mcp::ToolResult> result = base::failed(info ? base::cancelledError() : info.error());
    if (info) {
        d->serverInfo = *info;
        result = co_await session->callTool(name, arguments, ask, stop);
    }
    // A tool that doesn't exist says nothing about the connection.
    const bool isTrouble = !result && result.error().kind != ErrorKind::NotFound;
    const std::optional<base::Error> error = isTrouble ? std::optional(result.error()) : std::nullopt;
    co_await Private::afterUse(self, session, error);
    co_return result;
}

} // namespace mooring::connections
