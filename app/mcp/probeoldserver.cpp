// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/proberun.h"
#include "mcp/serverstream.h"

#include <QCoreApplication>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using http::Step;

namespace {

/// initialize, over the stream.
Task<Result<Answer>> greetOldServer(RunPointer run, std::shared_ptr<ServerStream> stream, Dialect dialect,
                                    std::stop_token stop)
{
    const qint64 id = run->nextId++;
    const Call call = initializeCall(dialect, run->limits());
    const base::SharedResult<Message> response = stream->expect(id, run->deadlines.probe);
    Result<http::Request> request = co_await withKey(run, buildRequest(dialect, call, run->url, id), stop);
    if (!request) {
        co_return base::failed(request.error());
    }
    Result<Answer> receipt = co_await exchange(run->client, routed(dialect, *request), {}, stop);
    if (!receipt || !receipt->head.isSuccess()) {
        co_return receipt;
    }
    Result<Message> message = co_await response.wait(stop);
    if (!message) {
        co_return base::failed(message.error());
    }
    receipt->message = *message;
    co_return receipt;
}

} // namespace

Task<Result<OldServer>> askOldServer(RunPointer run, base::TaskScope *tasks, std::stop_token stop)
{
    Dialect dialect;
    dialect.era = Era::HttpSse;
    dialect.cookies = run->cookies;
    http::Request plain = buildListen(dialect, {}, run->url, run->limits());
    Result<http::Request> request = co_await withKey(run, plain, stop);
    if (!request) {
        co_return base::failed(request.error());
    }
    Result<ServerStream::Opening> opening = co_await ServerStream::open(
        run->client, routed(dialect, *request), run->deadlines.probe, {}, *tasks, stop);
    if (!opening) {
        co_return stop.stop_requested() ? Result<OldServer>(base::failed(opening.error())) : OldServer();
    }
    dialect.learn(opening->head);
    Answer answer;
    answer.head = opening->head;
    answer.took = opening->took;
    if (answer.isRefusal()) {
        co_return OldServer{answer, answer};
    }
    if (!opening->stream) {
        co_return OldServer{std::nullopt, answer};
    }
    Result<QUrl> endpoint = co_await opening->stream->endpoint(run->deadlines.probe, stop);
    if (!endpoint) {
        if (stop.stop_requested() || endpoint.error().kind == ErrorKind::RefusedByPolicy) {
            co_return base::failed(endpoint.error());
        }
        co_return OldServer{std::nullopt, answer};
    }
    dialect.endpoint = *endpoint;
    run->note(answer, Step::Outcome::Done,
              QCoreApplication::translate("mooring::mcp", "The server speaks the oldest way (HTTP with SSE)"),
              {}, "GET"_ba);
    Result<Answer> greeted = co_await greetOldServer(run, opening->stream, dialect, stop);
    if (!greeted) {
        co_return base::failed(greeted.error());
    }
    co_return OldServer{*greeted, answer};
}

} // namespace mooring::mcp
