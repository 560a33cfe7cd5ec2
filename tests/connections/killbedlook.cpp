// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The half of KillBed that looks at what a killed process has left.
#include "killbed.h"

#include <QSignalSpy>

#include <algorithm>

namespace mooring::test {

using namespace Qt::StringLiterals;
using connections::ConnectionRecord;
using connections::Phase;
using support::await;

namespace {

bool isInterrupted(const std::shared_ptr<connections::Connection> &connection)
{
    return connection->record().leaving || connection->record().pendingWrite;
}

} // namespace

void KillBed::look(const Point &point, bool wasAtThePoint)
{
    const std::unique_ptr<OpenProfile> profile = subject.open();
    if (!expect(profile->trouble.isEmpty(), u"the list does not load: "_s + profile->trouble)) {
        ++m_totals.corruptFiles;
        return;
    }
    lookAtFiles();
    lookAtNeighbours(*profile);
    const Pointer connection = foundIn(*profile, point, wasAtThePoint);
    if (!connection) {
        lookAtKeyring(*profile);
        return;
    }
    profile->list.finishInterrupted();
    expect(until([&] { return !isInterrupted(connection); }, std::chrono::seconds(30)),
           u"what was interrupted is not finished"_s);
    connections::GrantStore grants(profile->keychain, storage::Profile().keychainPrefix());
    const auto stored = await(grants.readGrant(connection->id(), {}));
    expect(stored.has_value(), u"the keychain item can't be read"_s);
    switch (point.job) {
    case Job::Add:
    case Job::Check:
        lookAtCheck(connection, point, wasAtThePoint);
        break;
    case Job::AddWithKey:
        lookAtKey(connection, point, wasAtThePoint);
        break;
    case Job::SignIn:
        lookAtSignIn(connection, point, wasAtThePoint, stored && stored->has_value());
        break;
    case Job::Refresh:
        lookAtRefresh(connection, point, wasAtThePoint);
        break;
    case Job::Disconnect:
        lookAtDisconnect(connection, wasAtThePoint);
        break;
    case Job::Label:
    case Job::Hint:
        lookAtRecord(connection, point, wasAtThePoint);
        break;
    }
    lookAtKeyring(*profile);
}

KillBed::Pointer KillBed::foundIn(const OpenProfile &profile, const Point &point, bool wasAtThePoint)
{
    QList<Pointer> others;
    for (const Pointer &connection : profile.list.connections()) {
        const bool isNeighbour = std::ranges::any_of(
            m_neighbours, [&](const ConnectionRecord &record) { return record.id == connection->id(); });
        if (!isNeighbour) {
            others.append(connection);
        }
    }
    const bool mayBeMissing = point.start == Start::Nothing && !(wasAtThePoint && point.isDone);
    if (!expect(others.size() == 1 || (others.isEmpty() && mayBeMissing),
                u"%1 entries in place of one"_s.arg(others.size()))) {
        ++m_totals.lostEntries;
    }
    const Pointer connection = others.value(0);
    if (connection && point.start != Start::Nothing) {
        expect(connection->record().id == m_before.id && connection->record().name == m_before.name
                   && connection->record().url == m_before.url,
               u"the entry is another one"_s);
    }
    subject.setConnectionId(connection ? connection->id() : QString());
    return connection;
}

bool KillBed::expectUsable(const Pointer &connection)
{
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    const bool isUsable = token && subject.auth.isActive(token->token.reveal());
    if (!expect(isUsable, u"no token that works: "_s + (token ? QString() : token.error().sentence))) {
        ++m_totals.lostTokens;
    }
    return isUsable;
}

void KillBed::lookAtCheck(const Pointer &connection, const Point &point, bool wasAtThePoint)
{
    if (wasAtThePoint) {
        expect(connection->state().phase == Phase::NotChecked, u"not as before the check"_s);
    }
    expect(!point.isDone || !wasAtThePoint || connection->record().url == subject.mcp.url(), u"no entry"_s);
    await(connection->check({}, {}));
    expect(connection->state().phase == Phase::NotAuthorized, u"can't be looked at again"_s);
}

void KillBed::lookAtKey(const Pointer &connection, const Point &point, bool wasAtThePoint)
{
    const bool hasKey = connection->state().phase == Phase::ApiKey;
    expect(hasKey || connection->state().phase == Phase::NotChecked, u"neither with nor without a key"_s);
    if (wasAtThePoint) {
        expect(hasKey == point.isDone, u"the key is not where it should be"_s);
    }
    if (!hasKey) {
        const base::Secret key(m_keyServer.keyValue);
        expect(await(connection->setHeaderKey(u"X-Api-Key"_s, key, {})).has_value(), u"takes no key"_s);
    }
    if (!expect(await(connection->listTools({})).has_value(), u"the key is not used"_s)) {
        ++m_totals.lostTokens;
    }
}

void KillBed::lookAtLateBrowser()
{
    const int before = static_cast<int>(subject.person.callbackStatuses.size());
    subject.person.mood = support::FakePerson::Mood::Approve;
    QSignalSpy finished(&subject.person, &support::FakePerson::finished);
    subject.person.openUrl()(subject.person.opened.first());
    expect(until([&] { return !finished.isEmpty(); }), u"the late browser hangs"_s);
    expect(subject.person.callbackStatuses.size() == before + 1
               && subject.person.callbackStatuses.last() == 0,
           u"somebody answers the late browser"_s);
}

void KillBed::lookAtSignIn(const Pointer &connection, const Point &point, bool wasAtThePoint, bool isStored)
{
    const bool isSignedIn = connection->state().isSignedIn;
    if (!expect(isSignedIn == isStored, u"what is stored is not what is shown"_s) && isStored) {
        ++m_totals.lostTokens;
    }
    if (wasAtThePoint) {
        expect(isSignedIn == point.isDone, u"the sign-in is not as far as it should be"_s);
    }
    if (point.nobodyAnswers && !subject.person.opened.isEmpty()) {
        lookAtLateBrowser();
    }
    if (isSignedIn) {
        expectUsable(connection);
        return;
    }
    expect(connection->state().phase == Phase::NotAuthorized, u"in no state to sign in"_s);
    subject.person.mood = support::FakePerson::Mood::Approve;
    const base::Result<void> again = await(connection->authorize({}, {}));
    if (expect(again.has_value(), u"can't be signed in: "_s + (again ? QString() : again.error().sentence))) {
        expectUsable(connection);
    }
}

void KillBed::lookAtRefresh(const Pointer &connection, const Point &point, bool wasAtThePoint)
{
    expect(connection->state().isSignedIn, u"signed out"_s);
    expectUsable(connection);
    const ConnectionRecord &record = connection->record();
    expect(!record.renewingSince && !record.lastError && record.hasRefreshToken,
           u"the record is not healed"_s);
    expect(subject.auth.reuses() == 0, u"a refresh token was used twice"_s);
    const int requests = subject.auth.refreshes() - m_refreshesBefore;
    expect(wasAtThePoint ? requests == point.requests : requests >= 1 && requests <= 2,
           u"%1 token requests"_s.arg(requests));
}

void KillBed::lookAtDisconnect(const Pointer &connection, bool wasAtThePoint)
{
    if (connection->state().isSignedIn && !wasAtThePoint) {
        // Killed before the click was written down.
        expectUsable(connection);
        return;
    }
    expect(connection->state().phase == Phase::NotAuthorized, u"not disconnected"_s);
    expect(!connection->state().error, u"an error is shown"_s);
    expect(!subject.auth.isActive(m_tokenBefore), u"the token still works at the service"_s);
    const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
    expect(!token && token.error().kind == base::ErrorKind::SignInNeeded, u"a token is handed out"_s);
}

void KillBed::lookAtRecord(const Pointer &connection, const Point &point, bool wasAtThePoint)
{
    const QString fresh = u"new-%1"_s.arg(m_serial);
    const ConnectionRecord &record = connection->record();
    ConnectionRecord changed = m_before;
    if (point.job == Job::Label) {
        changed.accountLabel = fresh;
    } else {
        changed.settings.loginHint = fresh;
    }
    if (!expect(record == m_before || record == changed, u"neither the old nor the new entry"_s)) {
        ++m_totals.lostEntries;
    }
    if (wasAtThePoint) {
        expect(record == (point.isDone ? changed : m_before), u"the change is not where it should be"_s);
    }
    expectUsable(connection);
}

void KillBed::useNeighbours()
{
    m_context = u"the neighbours, in the end"_s;
    const std::unique_ptr<OpenProfile> profile = subject.open();
    const Pointer signedIn = profile->list.byId(m_neighbours.at(0).id);
    const Pointer withKey = profile->list.byId(m_neighbours.at(1).id);
    const base::Result<connections::AccessToken> token = await(signedIn->renew({}));
    const bool works = token && m_other.auth.isActive(token->token.reveal());
    if (!expect(works && await(withKey->listTools({})), u"can't be used any more"_s)) {
        ++m_totals.lostTokens;
    }
}

} // namespace mooring::test
