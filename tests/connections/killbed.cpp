// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "killbed.h"

#include "keyringitems.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QRandomGenerator>

namespace mooring::test {

using namespace Qt::StringLiterals;
using connections::Connection;
using connections::ConnectionRecord;
using support::await;

namespace {

constexpr std::chrono::seconds patience(60);
constexpr int soon = 30;

std::chrono::milliseconds atRandom(qint64 upTo)
{
    return std::chrono::milliseconds(QRandomGenerator::global()->bounded(upTo + 1));
}

} // namespace

bool KillBed::furnish()
{
    m_keyServer.keyHeader = "X-Api-Key";
    m_keyServer.keyValue = "key-for-a-test";
    if (!m_other.signInTo(1)) {
        return false;
    }
    const std::unique_ptr<OpenProfile> profile = subject.open();
    connections::NewConnection request;
    request.url = m_keyServer.url();
    request.headers = {{u"X-Api-Key"_s, base::Secret(m_keyServer.keyValue)}};
    const base::Result<Pointer> withKey = await(profile->list.add(request, {}));
    const Pointer plain = profile->add(m_plainServer.url());
    if (!withKey || !plain) {
        return false;
    }
    for (const Pointer &neighbour : profile->list.connections()) {
        m_neighbours.append(neighbour->record());
    }
    return m_neighbours.size() == 3;
}

void KillBed::prepare(const Point &point)
{
    m_context = QString::fromLatin1(point.id) + u", preparing"_s;
    subject.person.mood = support::FakePerson::Mood::Approve;
    subject.auth.rotationGrace = std::chrono::seconds(30);
    subject.auth.authMethods = {point.isConfidential ? u"client_secret_basic"_s : u"none"_s};
    const std::unique_ptr<OpenProfile> profile = subject.open();
    Pointer connection = profile->list.byId(subject.connectionId());
    const bool wantsSignIn = point.start == Start::SignedIn || point.start == Start::Expired;
    if (connection && !(wantsSignIn && connection->state().isSignedIn)) {
        expect(await(profile->list.remove(connection->id(), false, {})).has_value(), u"can't be removed"_s);
        connection.reset();
    }
    if (!connection && point.start != Start::Nothing) {
        connection = profile->add(subject.mcp.url());
        if (!expect(connection != nullptr, u"can't be added: "_s + profile->trouble)) {
            return;
        }
        if (point.start == Start::NotAuthorized) {
            await(connection->check({}, {}));
        }
        if (wantsSignIn) {
            expect(await(connection->authorize({}, {})).has_value(), u"can't be signed in"_s);
        }
    }
    subject.setConnectionId(connection ? connection->id() : QString());
    if (wantsSignIn && connection) {
        const base::Result<connections::AccessToken> token = await(connection->accessToken({}));
        m_tokenBefore = token ? token->token.reveal() : QByteArray();
    }
    m_before = connection ? connection->record() : ConnectionRecord();
    if (point.start == Start::Expired) {
        subject.advance(std::chrono::hours(2));
    }
    m_refreshesBefore = subject.auth.refreshes();
    m_exchangesBefore = subject.auth.codeExchanges();
    if (point.nobodyAnswers) {
        subject.person.mood = support::FakePerson::Mood::Never;
    }
    subject.person.opened.clear();
}

QByteArray KillBed::commandFor(const Point &point) const
{
    switch (point.job) {
    case Job::Add:
        return "add " + subject.mcp.url().toEncoded();
    case Job::AddWithKey:
        return "add " + m_keyServer.url().toEncoded() + " X-Api-Key " + m_keyServer.keyValue;
    case Job::Check:
        return "check";
    case Job::SignIn:
        return "authorize";
    case Job::Refresh:
        return "token 1";
    case Job::Disconnect:
        return "disconnect";
    case Job::Label:
        return "label new-" + QByteArray::number(m_serial);
    case Job::Hint:
        return "hint new-" + QByteArray::number(m_serial);
    }
    return {};
}

std::chrono::milliseconds KillBed::duration(const Point &point)
{
    if (point.nobodyAnswers) {
        return std::chrono::milliseconds(500);
    }
    prepare(point);
    const std::unique_ptr<Worker> worker = subject.worker();
    expect(until([&] { return worker->isReady(); }, patience), u"does not start"_s);
    QElapsedTimer time;
    time.start();
    worker->send(commandFor(point));
    expect(until([&] { return worker->isDone(); }, patience), u"undisturbed: does not end"_s);
    expect(worker->errors().isEmpty(), u"undisturbed: "_s + worker->errors().join(u'\n'));
    const std::chrono::milliseconds took(time.elapsed());
    worker->send("quit");
    expect(until([&] { return worker->hasEnded(); }, patience), u"undisturbed: does not quit"_s);
    if (point.start == Start::Nothing) {
        look(point, false); // which finds the new entry
    }
    return took;
}

bool KillBed::hasReached(const Point &point, const Worker &victim) const
{
    if (*point.checkpoint) {
        return victim.isStopped();
    }
    return point.job == Job::Refresh ? subject.auth.refreshes() > m_refreshesBefore
                                     : subject.auth.codeExchanges() > m_exchangesBefore;
}

void KillBed::kill(const Point &point, When when, std::chrono::milliseconds duration)
{
    ++m_serial;
    static constexpr const char *names[] = {"at the point", "soon after", "at random"};
    const std::chrono::milliseconds delay = when == When::AtRandom    ? atRandom(duration.count())
                                            : when == When::SoonAfter ? atRandom(soon)
                                                                      : std::chrono::milliseconds(0);
    m_context = u"%1, %2, %3 ms"_s.arg(QLatin1StringView(point.id), QLatin1StringView(names[int(when)]))
                    .arg(delay.count());
    const bool holdsAnswer = !*point.checkpoint && when != When::AtRandom;
    subject.answersAfter = holdsAnswer ? std::chrono::seconds(20) : std::chrono::seconds(0);
    const std::unique_ptr<Worker> victim =
        subject.worker(when == When::AtRandom ? QByteArray() : QByteArray(point.checkpoint));
    expect(until([&] { return victim->isReady(); }, patience), u"does not start"_s);
    victim->send(commandFor(point));
    if (when != When::AtRandom) {
        expect(until([&] { return hasReached(point, *victim); }, patience), u"does not come to the point"_s);
    }
    if (when == When::SoonAfter) {
        victim->goOn();
    }
    if (delay.count() > 0) {
        support::giveTimeFor(delay);
    }
    victim->kill();
    subject.answersAfter = std::chrono::seconds(0);
    ++m_totals.kills;
}

void KillBed::lookAtFiles()
{
    const storage::Profile profile;
    const QDir folder(profile.folder());
    // What could not be parsed would have been set aside.
    if (!expect(folder.entryList({u"*.damaged-*"_s}).isEmpty(), u"a file was damaged"_s)) {
        ++m_totals.corruptFiles;
    }
    for (const QFileInfo &info : folder.entryInfoList(QDir::Files | QDir::Hidden)) {
        // The new file that had not taken the old one's place yet is nobody else's to read either.
        expect((info.permissions() & (QFile::WriteGroup | QFile::WriteOther)) == 0,
               u"others may write "_s + info.fileName());
    }
    const QDir states(profile.stateFolder());
    for (const QString &name : states.entryList({u"*.json"_s}, QDir::Files)) {
        QFile file(states.filePath(name));
        QJsonParseError error;
        const bool isRead = file.open(QFile::ReadOnly);
        QJsonDocument::fromJson(file.readAll(), &error);
        if (!expect(isRead && error.error == QJsonParseError::NoError, u"a diary is damaged"_s)) {
            ++m_totals.corruptFiles;
        }
    }
}

void KillBed::lookAtNeighbours(const OpenProfile &profile)
{
    for (const ConnectionRecord &neighbour : m_neighbours) {
        const Pointer found = profile.list.byId(neighbour.id);
        if (!expect(found && found->record() == neighbour, u"a neighbour was lost or changed"_s)) {
            ++m_totals.lostEntries;
        }
    }
}

void KillBed::lookAtKeyring(const OpenProfile &profile)
{
    connections::RecordsFile file{storage::Profile(), base::Deadlines()};
    const base::Result<connections::Records> records = file.load();
    if (!expect(records.has_value(), u"the list does not load"_s)) {
        return;
    }
    const QString prefix = storage::Profile().keychainPrefix();
    QStringList wanted;
    QStringList allowed;
    for (const ConnectionRecord &record : records->connections) {
        if (record.hasSecret) {
            wanted.append(prefix + u"connection/"_s + record.id);
        }
        // What is written to see whether anything can be: no secret, and the next one takes it away.
        allowed.append(prefix + u"probe/"_s + record.id);
    }
    for (const connections::RegistrationRecord &record : records->registrations) {
        if (record.hasSecret) {
            allowed.append(prefix + u"registration/"_s + record.id);
        }
    }
    QStringList found = keysInKeyring();
    for (const QString &key : std::as_const(wanted)) {
        if (!expect(found.removeOne(key), u"a secret is gone: "_s + key)) {
            ++m_totals.lostTokens;
        }
    }
    for (const QString &key : std::as_const(allowed)) {
        found.removeOne(key);
    }
    if (!expect(found.isEmpty(), u"the keychain holds what nobody knows of: "_s + found.join(u", "_s))) {
        m_totals.strayItems += static_cast<int>(found.size());
    }
    expect(profile.list.connections().size() == records->connections.size(), u"list and file differ"_s);
}

void KillBed::complain(const QString &what)
{
    m_complaints.append(m_context + u": "_s + what);
}

bool KillBed::expect(bool isSo, const QString &what)
{
    if (!isSo) {
        complain(what);
    }
    return isSo;
}

} // namespace mooring::test
