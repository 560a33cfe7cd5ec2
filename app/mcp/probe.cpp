// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/probe.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/retries.h"
#include "http/urlpolicy.h"
#include "mcp/blockage.h"
#include "mcp/handshake.h"
#include "mcp/handshakeerrors.h"
#include "mcp/probesignin.h"

#include <QElapsedTimer>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using base::Words;
using http::Step;
using std::chrono::milliseconds;
using Fit = InitializeResult::Fit;
using Verdict = ProbeReport::Verdict;

namespace {

/// A handshake that spends no token, asks patiently, tells of each step, and ends with a verdict in place of
/// a conversation. How it differs from that of a link: see Handshake.
class Probe final : public HandshakeTransport {
public:
    Probe(http::Client &client, const base::Deadlines &deadlines, const QUrl &url, Authorizer *key,
          oauth::SignInSettings settings, http::StepSink sink)
        : m_client(client)
        , m_deadlines(deadlines)
        , m_url(url)
        , m_key(key)
        , m_reporter(std::move(sink), client.clock()())
        , m_signIn(client, deadlines, std::move(settings), keyIn(), m_reporter)
    {
    }

    Task<void> run(std::stop_token stop);
    ProbeReporter &reporter() { return m_reporter; }

    QUrl url() const override { return m_url; }
    http::Client &client() override { return m_client; }
    Task<Result<Answer>> send(NegotiatedProtocol protocol, Call call, Refusals refusals,
                              std::stop_token stop) override;
    Task<Result<ServerStream::Opening>> openStream(NegotiatedProtocol protocol, milliseconds patience,
                                                   std::stop_token stop) override;
    /// The key is only bad if it is refused with a method that everybody knows.
    bool mayRefuseOnlyTheMethod(const Answer &answer) const override
    {
        return keyIn() != Authorizer::Key::None && answer.head.status == 401;
    }
    void onTurn(Turn turn, const Answer &answer, const QString &asked, const QString &offered) override;

private:
    Authorizer::Key keyIn() const { return m_key ? m_key->key() : Authorizer::Key::None; }
    Task<Result<http::Request>> withKey(http::Request request, std::stop_token stop);
    Task<Result<Answer>> sendOnStream(NegotiatedProtocol protocol, Call call, qint64 id,
                                      std::stop_token stop);
    Task<Result<Answer>> exchangePatiently(http::Request request, Expectation expected, std::stop_token stop);
    Task<void> leave(NegotiatedProtocol protocol, std::stop_token stop);
    void giveUp(const Handshake::Outcome &outcome);
    /// Ends the probe; what comes of it is the error of the handshake.
    std::unexpected<base::Error> failed(const QByteArray &verb, const base::Error &error,
                                        milliseconds took = {});

    http::Client &m_client;
    base::Deadlines m_deadlines;
    /// Where the server is now; redirects move it.
    QUrl m_url;
    /// Null for none.
    Authorizer *m_key;
    ProbeReporter m_reporter;
    ProbeSignIn m_signIn;
    base::TaskScope m_tasks;
    /// Since the stream of HTTP+SSE was asked for.
    QElapsedTimer m_sinceOpening;
    bool m_hasEnded = false;
    qint64 m_nextId = 1;
};

std::unexpected<base::Error> Probe::failed(const QByteArray &verb, const base::Error &error,
                                           milliseconds took)
{
    m_reporter.fail(verb, m_url, error, took);
    m_hasEnded = true;
    return base::failed(error);
}

Task<Result<http::Request>> Probe::withKey(http::Request request, std::stop_token stop)
{
    if (!m_key) {
        co_return request;
    }
    Result<http::Request> authorized = co_await m_key->authorize(request, stop);
    co_return authorized;
}

/// Nothing that a probe sends does any harm twice.
Task<Result<Answer>> Probe::exchangePatiently(http::Request request, Expectation expected,
                                              std::stop_token stop)
{
    http::Retries retries(http::Retries::Of::AnyRequest, m_deadlines);
    while (true) {
        Result<Answer> answer = co_await exchange(m_client, request, expected, stop);
        const auto pause = answer ? retries.after(answer->head) : retries.after(answer.error());
        if (!pause) {
            co_return answer;
        }
        if (const bool waited = co_await base::sleepFor(*pause, stop); !waited) {
            co_return base::failed(base::cancelledError());
        }
    }
}

Task<Result<Answer>> Probe::send(NegotiatedProtocol protocol, Call call, Refusals, std::stop_token stop)
{
    const qint64 id = m_nextId++;
    if (protocol.era == Era::HttpSse) {
        Result<Answer> answer = co_await sendOnStream(protocol, call, id, stop);
        co_return answer;
    }
    Result<http::Request> request = co_await withKey(protocol.post(call, m_url, id), stop);
    if (!request) {
        co_return failed({}, request.error());
    }
    QElapsedTimer timer;
    timer.start();
    Expectation expected;
    expected.id = id;
    Result<Answer> answer = co_await exchangePatiently(protocol.routed(*request), expected, stop);
    if (!answer) {
        co_return failed(request->verb, answer.error(), milliseconds(timer.elapsed()));
    }
    protocol.learn(answer->head);
    m_url = answer->head.url;
    // Of a refusal more has to be known first.
    const auto blockage = answer->isRefusal() ? std::nullopt : blockageOf(*answer);
    if (blockage) {
        m_reporter.note(*answer, Step::Outcome::Failed, blockage->sentence, blockage->detail);
        m_reporter.end(Verdict::Blocked, *blockage);
        m_hasEnded = true;
        co_return base::failed(*blockage);
    }
    co_return answer;
}

Task<Result<Answer>> Probe::sendOnStream(NegotiatedProtocol protocol, Call call, qint64 id,
                                         std::stop_token stop)
{
    Result<http::Request> request = co_await withKey(protocol.post(call, m_url, id), stop);
    if (!request) {
        co_return base::failed(request.error());
    }
    const http::Request post = protocol.routed(*request);
    Result<Answer> answer = co_await protocol.stream->exchange(m_client, post, id, protocol.cookies, stop);
    co_return answer;
}

Task<Result<ServerStream::Opening>> Probe::openStream(NegotiatedProtocol protocol, milliseconds patience,
                                                      std::stop_token stop)
{
    m_sinceOpening.start();
    const http::Request plain = protocol.listen({}, m_url, Handshake::limits(m_deadlines));
    Result<http::Request> request = co_await withKey(plain, stop);
    if (!request) {
        co_return base::failed(request.error());
    }
    const MessageHandler nobody;
    const ReadyToRead always;
    Result<ServerStream::Opening> opening = co_await ServerStream::open(
        m_client, protocol.routed(*request), patience, nobody, always, m_tasks, stop);
    if (opening) {
        protocol.learn(opening->head);
    } else if (!stop.stop_requested()) {
        // Whatever is wrong with it, initialize has told what there is.
        opening = ServerStream::Opening();
    }
    co_return opening;
}

void Probe::onTurn(Turn turn, const Answer &answer, const QString &asked, const QString &offered)
{
    switch (turn) {
    case Turn::SameVersion:
        m_reporter.note(answer, Step::Outcome::NotThere, Words::tr("The server wants to be asked once more"));
        break;
    case Turn::Initialize:
        m_reporter.note(answer, Step::Outcome::NotThere,
                        Words::tr("Not a server of the newest kind; asking in the older way"));
        break;
    case Turn::OlderVersion:
        m_reporter.note(
            answer, Step::Outcome::NotThere,
            Words::tr("The server refuses version %1; asking with version %2").arg(asked, offered));
        break;
    case Turn::HttpSse:
        m_reporter.note(answer, Step::Outcome::NotThere,
                        Words::tr("Not a server of that kind either; asking in the oldest way"));
        break;
    case Turn::Endpoint:
        m_reporter.note(answer, Step::Outcome::Done,
                        Words::tr("The server speaks the oldest way (HTTP with SSE)"), {}, "GET"_ba);
        break;
    }
}

/// Ends it on an answer that leads no further.
void Probe::giveUp(const Handshake::Outcome &outcome)
{
    const bool isOutage = outcome.result.fit == Fit::Outage;
    const base::Error error = isOutage ? http::statusError(outcome.answer.head, m_client.clock()())
                              : outcome.hasSpokenOfVersions
                                  ? unknownVersionsError(outcome.answer, outcome.versions)
                                  : notMcpError(outcome.answer);
    m_reporter.note(outcome.answer, Step::Outcome::Failed, error.sentence, error.detail);
    m_reporter.report().isPage = outcome.answer.isPage;
    m_reporter.end(isOutage                      ? Verdict::Unreachable
                   : outcome.hasSpokenOfVersions ? Verdict::UnknownVersions
                                                 : Verdict::NotMcp,
                   error);
}

/// Ends the session that the probe has begun, if the server made one. Takes two seconds at most.
Task<void> Probe::leave(NegotiatedProtocol protocol, std::stop_token stop)
{
    if (protocol.era != Era::Sessions || protocol.sessionId.isEmpty()) {
        co_return;
    }
    Result<http::Request> request = co_await withKey(protocol.endSession(m_url), stop);
    if (request) {
        Result<http::Response> ignored = co_await m_client.send(protocol.routed(*request), stop);
    }
}

Task<void> Probe::run(std::stop_token stop)
{
    Handshake::Options options;
    options.deadlines = m_deadlines;
    Handshake handshake(*this, options);
    const Result<Handshake::Outcome> outcome = co_await handshake.run(stop);
    // The stream of HTTP+SSE.
    m_tasks.cancel();
    co_await m_tasks.drained();
    if (!outcome) {
        if (!m_hasEnded) {
            m_reporter.fail("GET"_ba, m_url, outcome.error(), milliseconds(m_sinceOpening.elapsed()));
        }
    } else if (outcome->isRefused) {
        co_await m_signIn.onRefusal(m_url, outcome->answer, stop);
    } else if (outcome->isAgreed()) {
        co_await leave(outcome->protocol, stop);
        co_await m_signIn.onWelcome(m_url, outcome->result.server, outcome->answer, stop);
    } else if (outcome->hasNoStream) {
        const base::Error error = notMcpError(outcome->toInitialize);
        m_reporter.note(outcome->answer, Step::Outcome::Failed, error.sentence, error.detail, "GET"_ba);
        m_reporter.end(Verdict::NotMcp, error);
    } else {
        giveUp(*outcome);
    }
}

} // namespace

Task<ProbeReport> probe(http::Client &client, base::Deadlines deadlines, QUrl url, Authorizer *key,
                        oauth::SignInSettings settings, http::StepSink sink, std::stop_token stop)
{
    // The address may come from a file that somebody edited.
    const Result<QUrl> allowed =
        http::UrlPolicy::parseTyped(url.toString(QUrl::FullyEncoded), settings.plainHttp());
    Probe probe(client, deadlines, url, key, std::move(settings), std::move(sink));
    if (allowed) {
        co_await probe.run(stop);
    } else {
        probe.reporter().fail({}, url, allowed.error());
    }
    co_return std::as_const(probe.reporter()).report();
}

} // namespace mooring::mcp
