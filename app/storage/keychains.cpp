// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/keychains.h"

#include <algorithm>

namespace mooring::storage {

using namespace Qt::StringLiterals;
using base::Task;

namespace {

bool isUsable(const KeychainReport &report)
{
    return report.state == KeychainState::Unlocked || report.state == KeychainState::Asks;
}

/// It is in the place of the keychain that is the home, and isn't it.
bool isStranger(const QString &place, const KeychainReport &report)
{
    const bool isKnown = isUsable(report) || report.program != KeychainProgram::Unknown;
    return !place.isEmpty() && !isAbsent(report) && isKnown && !isSameProgram(place, report);
}

/// The more telling of two that are absent: a program that is there but switched off can be switched on.
void tell(Keychains::Choice *told, Keychain *keychain, const KeychainReport &report)
{
    if (!told->keychain || report.state == KeychainState::SwitchedOff) {
        *told = {keychain, report};
    }
}

} // namespace

Keychains::Keychains(const Maker &maker)
    : m_keychains(maker(m_questions))
{
    Q_ASSERT(!m_keychains.empty());
}

void Keychains::setPlace(const QString &key, const QString &place)
{
    if (place.isEmpty()) {
        m_places.remove(key);
    } else {
        m_places.insert(key, place);
    }
}

QString Keychains::placeOf(const QString &key) const
{
    // A part of an item (`key/3.0`) is where its head is.
    const QString known = m_places.value(key);
    return known.isEmpty() ? m_places.value(key.left(key.lastIndexOf(u'/'))) : known;
}

bool Keychains::isKnown(const Keychain &keychain) const
{
    return std::ranges::any_of(m_places,
                               [&keychain](const QString &place) { return keychain.mayHold(place); });
}

bool Keychains::isHome(const Keychain &keychain, const QString &place) const
{
    return !place.isEmpty() && keychain.mayHold(place);
}

std::vector<Keychain *> Keychains::inOrderFor(const QString &key) const
{
    const QString place = placeOf(key);
    std::vector<Keychain *> homes;
    std::vector<Keychain *> others;
    homes.reserve(m_keychains.size());
    others.reserve(m_keychains.size());
    for (const std::unique_ptr<Keychain> &keychain : m_keychains) {
        (isHome(*keychain, place) ? homes : others).push_back(keychain.get());
    }
    homes.insert(homes.end(), others.begin(), others.end());
    return homes;
}

Task<Keychains::Choice> Keychains::choose(QString key)
{
    const QString place = placeOf(key);
    Choice absent;
    const std::vector<Keychain *> order = inOrderFor(key);
    for (Keychain *keychain : order) {
        if (!place.isEmpty() && !isHome(*keychain, place)) {
            break; // Nothing is written beside its home.
        }
        m_current = keychain;
        KeychainReport report = co_await keychain->look(key);
        if (isStranger(place, report)) {
            report = {KeychainState::Missing, u"another program has its place"_s, {}, programOf(place)};
        }
        if (!isAbsent(report)) {
            co_return Choice{keychain, report};
        }
        tell(&absent, keychain, report);
    }
    if (!absent.keychain) {
        const QString detail = u"this computer has no such keychain"_s;
        absent = {order.front(), {KeychainState::Missing, detail, {}, programOf(place)}};
    }
    co_return std::as_const(absent);
}

Task<Keychains::Choice> Keychains::chooseNew()
{
    const QString noKey;
    return choose(noKey);
}

Task<Keychains::Finding> Keychains::removeElsewhere(QString key, std::stop_token stop)
{
    const QString place = placeOf(key);
    for (const std::unique_ptr<Keychain> &keychain : m_keychains) {
        const bool isThere = co_await keychain->isRunning();
        if (!isThere) {
            continue;
        }
        KeychainReport report = co_await keychain->look(key);
        if (report.state != KeychainState::Unlocked || isSamePlace(place, report)) {
            continue;
        }
        Keychain *other = keychain.get();
        Finding here{{other, report}, {}};
        const bool isGone = co_await removeFrom(other, key, &here, stop);
        if (!isGone) {
            co_return here;
        }
    }
    co_return Finding{{}, {JobOutcome::NotFound, {}, {}}};
}

/// Looks at the next keychain that may have the key.
Task<Keychains::Step> Keychains::step(Keychain *keychain, QString key, Search *search)
{
    const bool isNamed = isHome(*keychain, search->place);
    const bool mayBeHome = isNamed || (search->place.isEmpty() && !search->nowhere.where.keychain);
    bool isThere = mayBeHome;
    if (!isThere) {
        isThere = co_await keychain->isRunning(); // a look would start it
    }
    if (!isThere) {
        co_return Step();
    }
    m_current = keychain;
    KeychainReport report = co_await keychain->look(key);
    if (isAbsent(report)) {
        if (mayBeHome) {
            tell(&search->absentHome, keychain, report);
        }
        co_return Step();
    }
    const KeychainProgram home = programOf(search->place);
    if (isNamed && home != KeychainProgram::Unknown && isStranger(search->place, report)) {
        tell(&search->absentHome, keychain, {KeychainState::Missing, {}, {}, home});
        if (!isUsable(report)) {
            co_return Step();
        }
    }
    // Nobody is asked anything for a keychain that is hardly the one.
    const bool canBeTried = mayBeHome ? isUsable(report) : report.state == KeychainState::Unlocked;
    co_return Step{{keychain, report}, mayBeHome, canBeTried};
}

void Keychains::Search::notIn(const Finding &here)
{
    isCertain = isCertain || isSamePlace(place, here.where.report);
    nowhere = nowhere.where.keychain ? nowhere : here;
}

Keychains::Finding Keychains::Search::end() const
{
    const bool homeIsGone = absentHome.keychain && (!isCertain || !nowhere.where.keychain);
    return homeIsGone ? Finding{absentHome, {}} : nowhere;
}

Task<Keychains::Finding> Keychains::read(QString key, std::stop_token stop)
{
    Search search(placeOf(key));
    const std::vector<Keychain *> order = inOrderFor(key);
    for (Keychain *keychain : order) {
        Step next = co_await step(keychain, key, &search);
        if (!next.canBeTried && next.mayBeHome) {
            co_return Finding{next.choice, {}};
        }
        if (!next.canBeTried) {
            continue;
        }
        Finding here{next.choice, {}};
        here.result = co_await keychain->read(key, stop);
        if (here.result.outcome == JobOutcome::NotFound) {
            search.notIn(here);
            continue;
        }
        if (here.result.outcome == JobOutcome::Done) {
            setPlace(key, storage::placeOf(here.where.report));
        }
        if (here.result.outcome == JobOutcome::Done || next.mayBeHome) {
            co_return here;
        }
    }
    Finding end = search.end();
    co_return end;
}

/// Whether it is certain that the key isn't there; what stands against it is in `finding` otherwise.
Task<bool> Keychains::removeFrom(Keychain *keychain, QString key, Finding *finding, std::stop_token stop)
{
    finding->result = co_await keychain->remove(key, stop);
    if (finding->result.outcome == JobOutcome::Done) {
        // A locked keyring says that it deleted, and deletes nothing.
        finding->result = co_await keychain->read(key, stop);
        if (finding->result.outcome == JobOutcome::Done) {
            co_return false;
        }
    }
    if (finding->result.outcome != JobOutcome::NotFound) {
        co_return false;
    }
    finding->where.report = co_await keychain->look(key);
    co_return isUsable(finding->where.report);
}

Task<Keychains::Finding> Keychains::remove(QString key, std::stop_token stop)
{
    Search search(placeOf(key));
    const std::vector<Keychain *> order = inOrderFor(key);
    for (Keychain *keychain : order) {
        Step next = co_await step(keychain, key, &search);
        if (!next.canBeTried && next.mayBeHome) {
            co_return Finding{next.choice, {}};
        }
        if (!next.canBeTried) {
            continue;
        }
        Finding here{next.choice, {}};
        const bool isGone = co_await removeFrom(keychain, key, &here, stop);
        if (isGone) {
            search.notIn(here);
        } else if (next.mayBeHome || here.result.outcome == JobOutcome::Done) {
            co_return here;
        }
    }
    Finding end = search.end();
    if (end.result.outcome == JobOutcome::NotFound) {
        setPlace(key, {});
    }
    co_return end;
}

} // namespace mooring::storage
