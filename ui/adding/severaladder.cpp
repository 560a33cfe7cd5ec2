// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/severaladder.h"

#include "base/words.h"
#include "text/reporttext.h"

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using text::Tone;
using Verdict = mcp::ProbeReport::Verdict;

namespace {

QString resultText(const mcp::ProbeReport &report, const QStringList &missing)
{
    QString text = report.error && report.verdict != Verdict::NeedsSignIn
                       ? Words::tr("Added. %1").arg(report.error->sentence)
                       : Words::tr("Added. %1").arg(text::verdictSentence(report));
    if (!missing.isEmpty()) {
        text += u' ' + Words::tr("Not filled in yet: %1.").arg(missing.join(u", "_s));
    }
    return text;
}

Tone toneOf(const mcp::ProbeReport &report)
{
    return report.verdict == Verdict::Open || report.verdict == Verdict::NeedsSignIn ? Tone::Good
                                                                                     : Tone::Attention;
}

} // namespace

SeveralAdder::SeveralAdder(AddServices services, QObject *parent)
    : QObject(parent)
    , m_services(std::move(services))
{
}

SeveralAdder::~SeveralAdder()
{
    m_stop.request_stop();
}

void SeveralAdder::start(const QList<Job> &jobs)
{
    m_services.tasks.run(run(this, m_services, jobs, m_stop.get_token()));
}

base::Task<void> SeveralAdder::run(QPointer<SeveralAdder> adder, AddServices services, QList<Job> jobs,
                                   std::stop_token stop)
{
    for (Job &job : jobs) {
        if (!adder || stop.stop_requested()) {
            co_return;
        }
        if (!job.problem.isEmpty()) {
            Q_EMIT adder->ended(job.row, {}, job.problem, Tone::Bad);
            continue;
        }
        Q_EMIT adder->begun(job.row);
        mcp::ProbeReport report = co_await services.probe(
            job.request.url, job.request.headers, job.request.settings, [](const auto &) { }, stop);
        if (stop.stop_requested()) {
            co_return;
        }
        job.request.report = report;
        const base::Result<QString> id = co_await services.add(job.request);
        if (!adder) {
            co_return;
        }
        if (id) {
            Q_EMIT adder->ended(job.row, *id, resultText(report, job.missing), toneOf(report));
        } else {
            Q_EMIT adder->ended(job.row, {}, id.error().sentence, Tone::Bad);
        }
    }
    if (adder) {
        Q_EMIT adder->finished();
    }
}

} // namespace mooring::ui
