// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "connections/tokens/scoperequests.h"

#include "base/displaytext.h"
#include "base/words.h"

namespace mooring::connections {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Task;
using base::Words;

namespace {

base::Error scopeError(StepUp::Verdict verdict, const QString &host, const QStringList &scopes)
{
    const QString list = base::displayText(scopes.join(u", "_s));
    switch (verdict) {
    case StepUp::Verdict::Ask:
    case StepUp::Verdict::Dismissed:
        break;
    case StepUp::Verdict::GivenAlready:
        return makeError(ErrorKind::Denied,
                         Words::tr("%1 refuses this, although the sign-in was asked for what it wants (%2). "
                                   "Your account there may not be allowed to do this.")
                             .arg(host, list),
                         u"insufficient_scope after a sign-in with these scopes"_s, host);
    case StepUp::Verdict::TooOften:
        return makeError(
            ErrorKind::Denied,
            Words::tr("%1 keeps asking for more rights (now: %2), so Mooring has stopped asking you.")
                .arg(host, list),
            u"three step-ups within an hour"_s, host);
    }
    base::Error error =
        makeError(ErrorKind::MoreScopeNeeded,
                  Words::tr("%1 wants more rights than this sign-in has: %2.").arg(host, list),
                  u"insufficient_scope"_s, host);
    error.scopes = scopes;
    return error;
}

} // namespace

ScopeRequests::ScopeRequests(EntryPointer entry, base::TaskScope &tasks)
    : m_entry(std::move(entry))
    , m_tasks(tasks)
{
}

base::Error ScopeRequests::onMissingScope(const oauth::ChallengeInfo &info, const QString &host)
{
    const QStringList scopes = info.scope.split(u' ', Qt::SkipEmptyParts);
    if (scopes.isEmpty()) {
        return makeError(ErrorKind::Denied, Words::tr("%1 does not allow this.").arg(host),
                         base::displayText(info.error), host);
    }
    const ConnectionRecord &record = m_entry->record();
    const StepUp::Verdict verdict = m_stepUp.judge(scopes, record.scopesAsked, m_entry->now());
    if (verdict == StepUp::Verdict::Ask && record.scopesWanted != scopes) {
        m_tasks.run(setWanted(m_entry, scopes));
    }
    return scopeError(verdict, host, scopes);
}

void ScopeRequests::dismiss()
{
    m_stepUp.dismiss(m_entry->record().scopesWanted, m_entry->now());
    m_tasks.run(setWanted(m_entry, {}));
}

void ScopeRequests::agreed()
{
    m_stepUp.agreed(m_entry->now());
}

void ScopeRequests::reset()
{
    m_stepUp = {};
    m_challenges.clear();
}

Task<void> ScopeRequests::setWanted(EntryPointer entry, QStringList scopes)
{
    // Shown at once; in the file too, because it is another process that can ask the person.
    const RecordChange change = [scopes](ConnectionRecord &record) { record.scopesWanted = scopes; };
    entry->changeHere(change);
    co_await entry->tryUpdate(change);
}

} // namespace mooring::connections
