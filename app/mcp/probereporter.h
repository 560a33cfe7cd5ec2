// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mcp/exchange.h"
#include "mcp/probereport.h"

namespace mooring::mcp {

/// Writes the report of a probe while it runs, and tells of each step when it ends. What servers repeat of
/// the address that they were asked at is left out where it may be a secret.
class ProbeReporter final {
public:
    ProbeReporter(http::StepSink sink, const QDateTime &at);

    void note(const http::Step &step);
    /// A step that an answer has brought.
    void note(const Answer &answer, http::Step::Outcome outcome, const QString &learnt,
              const QString &detail = {}, const QByteArray &verb = QByteArrayLiteral("POST"));
    /// Ends the probe.
    void end(ProbeReport::Verdict verdict, const base::Error &error);
    /// Ends it with what trouble on the way says about the server.
    void endWith(const base::Error &error);
    /// Ends it on a request to `url` that got no answer; an empty verb if none was sent.
    /// `took`: how long nothing came of the request.
    void fail(const QByteArray &verb, const QUrl &url, const base::Error &error,
              std::chrono::milliseconds took = {});

    const ProbeReport &report() const { return m_report; }
    /// For what a probe finds besides steps and the verdict of an error.
    ProbeReport &report() { return m_report; }

private:
    http::StepSink m_sink;
    ProbeReport m_report;
};

} // namespace mooring::mcp
