// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "campaign.h"

#include <algorithm>
#include <cstdio>

namespace mooring::test {

using namespace Qt::StringLiterals;

Workers startWorkers(SharedConnection *shared, int count)
{
    Workers workers;
    for (int i = 0; i < count; ++i) {
        workers.push_back(shared->worker());
    }
    return workers;
}

void sendAll(const Workers &workers, const QByteArray &command)
{
    for (const auto &worker : workers) {
        worker->send(command);
    }
}

bool allDone(const Workers &workers)
{
    return std::ranges::all_of(workers, [](const auto &one) { return one->isDone(); });
}

bool allEnded(const Workers &workers)
{
    return std::ranges::all_of(workers, [](const auto &one) { return one->hasEnded(); });
}

QList<QByteArray> tokensOf(const Workers &workers)
{
    QList<QByteArray> all;
    for (const auto &worker : workers) {
        all += worker->tokens();
    }
    return all;
}

QStringList errorsOf(const Workers &workers)
{
    QStringList all;
    for (const auto &worker : workers) {
        all += worker->errors();
    }
    return all;
}

Figures::Figures(QByteArray campaign, const SharedConnection &shared)
    : m_campaign(std::move(campaign))
    , m_shared(shared)
    , m_requestsBefore(shared.auth.refreshes())
    , m_invalidGrantsBefore(shared.invalidGrants())
{
    m_time.start();
}

Figures::~Figures()
{
    std::printf("figure: %s: rounds %d, answers %lld, token requests %d, invalid_grant %d, sign-outs %d, "
                "browser %d, %lld ms\n",
                m_campaign.constData(), rounds, static_cast<long long>(answers),
                m_shared.auth.refreshes() - m_requestsBefore,
                m_shared.invalidGrants() - m_invalidGrantsBefore, signOuts, browsers,
                static_cast<long long>(m_time.elapsed()));
    std::fflush(stdout);
}

void Figures::count(const Workers &workers)
{
    answers += tokensOf(workers).size();
    for (const auto &worker : workers) {
        browsers += worker->browsers();
    }
    signOuts += static_cast<int>(errorsOf(workers).filter(u"sign-in-needed"_s).size());
}

} // namespace mooring::test
