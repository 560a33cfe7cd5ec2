// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/displaytext.h"
#include "mcp/dialect.h"
#include "mcp/probe.h"

namespace mooring::mcp {

/// One probe under way. Its coroutines share it.
struct ProbeRun {
    http::Client &client;
    base::Deadlines deadlines;
    /// Where the server is now; redirects move it.
    QUrl url;
    /// Null for none.
    Authorizer *key = nullptr;
    oauth::SignInSettings settings;
    http::StepSink sink;
    ProbeReport report = {};
    qint64 nextId = 1;
    /// Of this probe: what it begins, it also has to end at the same machine.
    std::shared_ptr<http::SessionCookies> cookies = nullptr;
    /// What initialize offers; the server may have named it.
    QString offered = QString::fromUtf16(newestSessionVersion);
    /// What the server has said of versions so far.
    bool hasSpokenOfVersions = false;
    QStringList versions = {};

    void noteVersions(const Greeting &greeting);

    Authorizer::Key keyIn() const { return key ? key->key() : Authorizer::Key::None; }
    void note(const http::Step &step);
    /// A step that an answer has brought.
    void note(const Answer &answer, http::Step::Outcome outcome, const QString &learnt,
              const QString &detail = {}, const QByteArray &verb = QByteArrayLiteral("POST"));
    void end(ProbeReport::Verdict verdict, const base::Error &error);
    /// Ends it on a request that got no answer; an empty verb if none was sent.
    /// `took`: how long nothing came of the request.
    void fail(const QByteArray &verb, const base::Error &error, std::chrono::milliseconds took = {});
    /// Ends it on an answer that leads no further.
    void giveUp(const Greeting &greeting, const Answer &answer);
    QString host() const { return base::displayAuthority(url); }
    http::Limits limits() const;
};
using RunPointer = std::shared_ptr<ProbeRun>;

/// What trouble on the way says about the server.
ProbeReport::Verdict verdictOf(const base::Error &error);

/// With the key, if there is one. Errors: those of the Authorizer.
base::Task<base::Result<http::Request>> withKey(RunPointer run, http::Request request, std::stop_token stop);

/// One request of a probe. An error has become a step and the verdict already.
base::Task<base::Result<Answer>> ask(RunPointer run, Dialect dialect, Call call, std::stop_token stop);

/// What HTTP+SSE (MCP 2024-11-05) has brought.
struct OldServer {
    /// The answer to initialize, or a refusal; nothing if there is no such server.
    std::optional<Answer> greeted = std::nullopt;
    /// The answer to the GET, as far as there was one.
    Answer opened = {};
};
/// Opens the stream of such a server and says initialize there. Errors: RefusedByPolicy for an endpoint of
/// another origin; of trouble on the way.
base::Task<base::Result<OldServer>> askOldServer(RunPointer run, base::TaskScope *tasks,
                                                 std::stop_token stop);

/// The server wants to know who we are: looks for the sign-in, and ends the probe.
base::Task<void> onRefusal(RunPointer run, Answer answer, std::stop_token stop);
/// It lets us in: looks for a sign-in all the same, and ends the probe.
base::Task<void> onWelcome(RunPointer run, Greeting greeting, Answer answer, std::stop_token stop);

/// Ends the session that a probe has begun, if the server made one. Takes two seconds at most.
base::Task<void> leave(RunPointer run, QByteArray sessionId, QString version, std::stop_token stop);

} // namespace mooring::mcp
