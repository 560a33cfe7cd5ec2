// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The part of ConnectionActions that gives sign-ins back.
#include "base/displaytext.h"
#include "text/revocationtext.h"
#include "ui/connectionactions.h"

namespace mooring::ui {

using base::Result;
using base::Task;
using connections::Disconnected;
using connections::RevocationEnd;
using connections::RevocationOutcome;
using connections::RevocationRecord;
using text::Tone;

void ConnectionActions::disconnectFromServer(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runDisconnect(connection));
    }
}

Task<void> ConnectionActions::runDisconnect(Held connection)
{
    const std::stop_token stop = m_tasks.token();
    const Result<Disconnected> outcome = co_await connection->disconnectFromServer(stop);
    if (outcome) {
        tell(*outcome);
    } else {
        tell(outcome.error());
    }
}

void ConnectionActions::remove(const QString &id, bool force)
{
    m_tasks.run(runRemove(id, force));
}

Task<void> ConnectionActions::runRemove(QString id, bool force)
{
    const std::stop_token stop = m_tasks.token();
    const Result<Disconnected> outcome = co_await m_list.remove(id, force, stop);
    if (outcome) {
        tell(*outcome);
    } else if (!force && outcome.error().kind != base::ErrorKind::Cancelled) {
        Q_EMIT removeFailed(id, outcome.error());
    } else {
        tell(outcome.error());
    }
}

void ConnectionActions::unlockAndRemove(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runUnlockAndRemove(connection));
    }
}

Task<void> ConnectionActions::runUnlockAndRemove(Held connection)
{
    const Result<void> unlocked = co_await connection->unlockKeychain(m_tasks.token());
    if (unlocked) {
        remove(connection->id(), false);
    } else {
        tell(unlocked.error());
    }
}

void ConnectionActions::tell(const Disconnected &outcome)
{
    if (outcome.pending) {
        tellPending(*outcome.pending, outcome.sentence, outcome.error ? outcome.error->detail : QString());
        return;
    }
    const bool isClean = outcome.outcome == RevocationOutcome::Revoked
                         || outcome.outcome == RevocationOutcome::NothingToRevoke;
    if (!outcome.sentence.isEmpty()) {
        Q_EMIT messageReady({isClean ? Tone::Good : Tone::Attention, outcome.sentence,
                             outcome.error ? outcome.error->detail : QString()});
    }
}

void ConnectionActions::tellPending(const RevocationRecord &pending, const QString &sentence,
                                    const QString &detail)
{
    Message message{Tone::Attention, sentence, detail};
    message.actionText = tr("Forget now");
    message.action = [this, id = pending.id] { forgetRevocation(id); };
    Q_EMIT messageReady(message);
}

void ConnectionActions::tell(const RevocationRecord &pending, RevocationEnd end)
{
    const bool isOver = end == RevocationEnd::Told || end == RevocationEnd::Unknown;
    const Tone tone = isOver ? Tone::Good : Tone::Attention;
    Q_EMIT messageReady({tone, connections::endText(end, base::displayAuthority(QUrl(pending.issuer)))});
}

void ConnectionActions::showOrphanedRevocations()
{
    QList<RevocationRecord> orphans = m_list.revocations().all();
    orphans.removeIf([this](const RevocationRecord &one) { return bool(m_list.byId(one.connectionId)); });
    if (orphans.isEmpty()) {
        return;
    }
    // One message for all of them: a second one would take the place of the first.
    QStringList sentences;
    for (const RevocationRecord &pending : std::as_const(orphans)) {
        sentences.append(text::namedPendingText(pending, m_list.clock()()));
    }
    Message message{Tone::Attention, sentences.join(u' ')};
    message.actionText = orphans.size() == 1 ? tr("Forget now") : tr("Forget them all");
    message.action = [this, orphans] {
        for (const RevocationRecord &pending : orphans) {
            forgetRevocation(pending.id);
        }
    };
    Q_EMIT messageReady(message);
}

void ConnectionActions::forgetRevocation(const QString &id)
{
    m_tasks.run(tellFailure(m_list.revocations().forget(id)));
}

} // namespace mooring::ui
