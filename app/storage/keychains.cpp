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
    return !place.isEmpty() && isUsable(report) && !isSameProgram(place, report);
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

Task<Keychains::Finding> Keychains::read(QString key, std::stop_token stop)
{
    const QString place = placeOf(key);
    Finding nowhere;
    Choice absentHome;
    bool isCertain = place.isEmpty();
    const std::vector<Keychain *> order = inOrderFor(key);
    for (Keychain *keychain : order) {
        const bool mayBeHome = isHome(*keychain, place) || (place.isEmpty() && !nowhere.where.keychain);
        bool isThere = mayBeHome;
        if (!isThere) {
            isThere = co_await keychain->isRunning(); // a look would start it
        }
        if (!isThere) {
            continue;
        }
        m_current = keychain;
        KeychainReport report = co_await keychain->look(key);
        if (isAbsent(report)) {
            if (isHome(*keychain, place) || !nowhere.where.keychain) {
                tell(&absentHome, keychain, report);
            }
            continue;
        }
        if (isHome(*keychain, place) && isStranger(place, report)
            && programOf(place) != KeychainProgram::Unknown) {
            tell(&absentHome, keychain, {KeychainState::Missing, {}, {}, programOf(place)});
        }
        if (!isUsable(report) && mayBeHome) {
            co_return Finding{{keychain, report}, {}};
        }
        // Nobody is asked anything for a keychain that is hardly the one.
        if (!mayBeHome && report.state != KeychainState::Unlocked) {
            continue;
        }
        JobResult result = co_await keychain->read(key, stop);
        if (result.outcome == JobOutcome::NotFound) {
            isCertain = isCertain || isSamePlace(place, report);
            nowhere = nowhere.where.keychain ? nowhere : Finding{{keychain, report}, result};
            continue;
        }
        if (result.outcome == JobOutcome::Done) {
            setPlace(key, storage::placeOf(report));
        }
        if (result.outcome == JobOutcome::Done || mayBeHome) {
            co_return Finding{{keychain, report}, result};
        }
    }
    const bool homeIsGone = absentHome.keychain && (!isCertain || !nowhere.where.keychain);
    co_return homeIsGone ? Finding{absentHome, {}} : std::as_const(nowhere);
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
    const QString place = placeOf(key);
    Finding last;
    Choice absentHome;
    bool isCertain = place.isEmpty();
    const std::vector<Keychain *> order = inOrderFor(key);
    for (Keychain *keychain : order) {
        const bool mayBeHome = isHome(*keychain, place) || (place.isEmpty() && !last.where.keychain);
        bool isThere = mayBeHome;
        if (!isThere) {
            isThere = co_await keychain->isRunning(); // a look would start it
        }
        if (!isThere) {
            continue;
        }
        m_current = keychain;
        KeychainReport report = co_await keychain->look(key);
        if (isAbsent(report)) {
            if (isHome(*keychain, place) || !last.where.keychain) {
                tell(&absentHome, keychain, report);
            }
            continue;
        }
        if (isHome(*keychain, place) && isStranger(place, report)
            && programOf(place) != KeychainProgram::Unknown) {
            tell(&absentHome, keychain, {KeychainState::Missing, {}, {}, programOf(place)});
        }
        if (!isUsable(report) && mayBeHome) {
            co_return Finding{{keychain, report}, {}};
        }
        if (!mayBeHome && report.state != KeychainState::Unlocked) {
            continue;
        }
        Finding here{{keychain, report}, {}};
        const bool isGone = co_await removeFrom(keychain, key, &here, stop);
        if (!isGone && (mayBeHome || here.result.outcome == JobOutcome::Done)) {
            co_return here;
        }
        isCertain = isCertain || (isGone && isSamePlace(place, report));
        last = last.where.keychain ? last : here;
    }
    const bool homeIsGone = absentHome.keychain && (!isCertain || !last.where.keychain);
    if (!homeIsGone) {
        setPlace(key, {});
    }
    co_return homeIsGone ? Finding{absentHome, {}} : std::as_const(last);
}

} // namespace mooring::storage
