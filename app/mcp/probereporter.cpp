// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/probereporter.h"

#include "http/addresssecrets.h"

namespace mooring::mcp {

using base::ErrorKind;
using http::Step;
using Verdict = ProbeReport::Verdict;

namespace {

/// What may hold a secret and is never part of a report.
constexpr auto unsafeParts = QUrl::RemoveQuery | QUrl::RemoveFragment | QUrl::RemoveUserInfo;

Verdict verdictOf(const base::Error &error)
{
    switch (error.kind) {
    case ErrorKind::RefusedByPolicy:
        return Verdict::Refused;
    case ErrorKind::Protocol:
        return Verdict::NotMcp;
    default:
        // It was reached, whatever became of the answer.
        return error.httpStatus >= 200 && error.httpStatus < 300 ? Verdict::NotMcp : Verdict::Unreachable;
    }
}

} // namespace

ProbeReporter::ProbeReporter(http::StepSink sink, const QDateTime &at)
    : m_sink(std::move(sink))
{
    m_report.at = at;
}

void ProbeReporter::note(const Step &step)
{
    // Whoever tells of a step may have repeated what a server said, and servers repeat the address that they
    // were asked at.
    Step clean = step;
    clean.url = http::withoutSecrets(step.url);
    clean.learnt = http::withoutSecrets(step.learnt);
    clean.detail = http::withoutSecrets(step.detail);
    m_report.steps.append(clean);
    if (m_sink) {
        m_sink(clean);
    }
}

void ProbeReporter::note(const Answer &answer, Step::Outcome outcome, const QString &learnt,
                         const QString &detail, const QByteArray &verb)
{
    Step step;
    step.learnt = learnt;
    step.outcome = outcome;
    step.verb = verb;
    step.url = answer.head.url.adjusted(unsafeParts);
    step.status = answer.head.status;
    step.took = answer.took;
    step.detail = detail;
    note(step);
}

void ProbeReporter::end(Verdict verdict, const base::Error &error)
{
    m_report.verdict = verdict;
    m_report.error = error;
    m_report.error->sentence = http::withoutSecrets(error.sentence);
    m_report.error->detail = http::withoutSecrets(error.detail);
}

void ProbeReporter::endWith(const base::Error &error)
{
    end(verdictOf(error), error);
}

void ProbeReporter::fail(const QByteArray &verb, const QUrl &url, const base::Error &error,
                         std::chrono::milliseconds took)
{
    Step step;
    step.learnt = error.sentence;
    step.outcome = Step::Outcome::Failed;
    step.verb = verb;
    step.url = url.adjusted(unsafeParts);
    step.status = error.httpStatus;
    step.took = took;
    step.detail = error.detail;
    note(step);
    endWith(error);
}

} // namespace mooring::mcp
