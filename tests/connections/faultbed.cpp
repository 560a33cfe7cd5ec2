// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "faultbed.h"

#include "base/displaytext.h"

#include <algorithm>

namespace mooring::test {

using namespace Qt::StringLiterals;
using support::await;
using support::FaultSpot;

namespace {

FaultSpot spotOf(support::Testbed *bed, Column column)
{
    support::FakeServer *service = &bed->auth.http();
    support::FakeServer *server = &bed->mcp.http();
    switch (column) {
    case Column::Prb:
        return {server, bed->mcp.path(), u"result"_s, {}};
    case Column::Prm:
        return {server, bed->mcp.metadataUrl().path().toLatin1(), u"resource"_s, {}};
    case Column::Asm:
        return {service, "/.well-known/oauth-authorization-server", u"token_endpoint"_s, {}};
    case Column::Reg:
        return {service, bed->auth.pathOf("register"), u"client_id"_s, {}};
    case Column::Tok:
    case Column::Ref:
        return {service, bed->auth.pathOf("token"), u"access_token"_s, {}};
    case Column::Rev:
        return {service, bed->auth.pathOf("revoke"), u"x"_s, {}};
    }
    return {};
}

const support::Elsewhere *elsewhereOf(const Case &theCase)
{
    const auto &all = support::elsewheres();
    const auto found = std::ranges::find_if(all, [&](const support::Elsewhere &one) {
        return one.row == theCase.row && one.name == theCase.fault;
    });
    return found == all.end() ? nullptr : &*found;
}

} // namespace

FaultBed::FaultBed(const Case &theCase, Patience patience)
    : m_case(theCase)
    , m_spot(spotOf(&bed, theCase.column))
    , m_elsewhere(elsewhereOf(theCase))
{
    m_spot.canary = canary.origin();
    // What is lost on its way has been answered all the same: with some grace it is not lost for good.
    bed.auth.rotationGrace = std::chrono::hours(24);
    m_id = bed.signedIn()->id();
    m_probedId = m_id;
    if (patience == Patience::Short) {
        shortenDeadline();
    }
    // Past the time for which the last look at the server counts.
    bed.clock.advance(std::chrono::minutes(20));
    m_before = bed.recordOnDisk(m_id);
    connections::GrantStore store(bed.secrets, storage::Profile().keychainPrefix());
    const auto grant = await(store.readGrant(m_id, {}));
    if (grant && *grant) {
        m_tokens = {(*grant)->tokens.refreshToken.reveal(), (*grant)->tokens.accessToken.reveal()};
    }
}

FaultBed::~FaultBed()
{
    lift();
}

void FaultBed::shortenDeadline()
{
    const bool isSlow =
        m_elsewhere ? m_elsewhere->isSlow : support::answerFault(m_case.row, m_case.fault).isSlow;
    if (!isSlow) {
        return;
    }
    static constexpr std::chrono::milliseconds base::Deadlines::*members[] = {
        &base::Deadlines::probe,        &base::Deadlines::discoveryStep, &base::Deadlines::discoveryStep,
        &base::Deadlines::registration, &base::Deadlines::codeExchange,  &base::Deadlines::refresh,
        &base::Deadlines::revocation};
    bed.deadlines.*members[static_cast<std::size_t>(m_case.column)] = std::chrono::milliseconds(400);
    bed.restart();
}

bool FaultBed::place()
{
    m_sentBefore = m_spot.server->count(m_spot.path);
    if (!m_elsewhere) {
        m_spoiled =
            std::make_unique<support::SpoiledAnswers>(m_spot, support::answerFault(m_case.row, m_case.fault));
        // A refusal that is not about tokens, at a server that says nothing about them anywhere else.
        bed.mcp.servesMetadataAtPath = m_case.column != Column::Prb || m_case.code != "K";
        return true;
    }
    m_place = m_elsewhere->make();
    if (m_case.column != Column::Prb) {
        moveStep(m_place.origin);
        return true;
    }
    connections::NewConnection request;
    request.url = QUrl(m_place.origin + u"/mcp"_s);
    const auto added = await(bed.list->add(std::move(request), {}));
    m_probedId = added ? (*added)->id() : m_id;
    return added.has_value();
}

void FaultBed::moveStep(const QString &origin)
{
    switch (m_case.column) {
    case Column::Prb:
        break;
    case Column::Prm:
        bed.mcp.challengeOverride = "Bearer resource_metadata=\"" + origin.toLatin1() + "/prm\"";
        bed.mcp.servesMetadataAtPath = false;
        break;
    case Column::Asm:
        bed.mcp.authorizationServers = {origin};
        break;
    case Column::Reg:
        bed.auth.metadataOverrides.insert(u"registration_endpoint"_s, QString(origin + u"/register"_s));
        break;
    case Column::Tok:
        bed.auth.metadataOverrides.insert(u"token_endpoint"_s, QString(origin + u"/token"_s));
        break;
    case Column::Ref:
    case Column::Rev:
        moveGrant(QUrl(origin));
        m_isMoved = true;
        break;
    }
}

/// As if the sign-in had named that place from the start: record and keychain agree.
void FaultBed::moveGrant(const QUrl &origin)
{
    const bool isRefresh = m_case.column == Column::Ref;
    QUrl endpoint = origin;
    endpoint.setPath(QString::fromLatin1(m_spot.path));
    const QString name = isRefresh ? u"token_endpoint"_s : u"revocation_endpoint"_s;
    connections::RecordsFile file{storage::Profile(), bed.deadlines};
    const auto change = [&](connections::Records &records) {
        records.connection(m_id)->authorizationServer.insert(name, endpoint.toString(QUrl::FullyEncoded));
    };
    QVERIFY(await(file.update(change, {})));
    if (isRefresh) {
        connections::GrantStore store(bed.secrets, storage::Profile().keychainPrefix());
        auto grant = await(store.readGrant(m_id, {}));
        QVERIFY(grant && *grant);
        (*grant)->tokenEndpoint = endpoint;
        QVERIFY(await(store.writeGrant(m_id, **grant, {})));
    }
    bed.restart();
    m_before = bed.recordOnDisk(m_id);
}

/// The same for what is sealed: entry and item agree, and are for the place that works.
void FaultBed::moveSealed(const QUrl &origin)
{
    QUrl endpoint = origin;
    endpoint.setPath(QString::fromLatin1(m_spot.path));
    QString id;
    connections::RecordsFile file{storage::Profile(), bed.deadlines};
    const auto change = [&](connections::Records &records) {
        for (connections::RevocationRecord &entry : records.revocations) {
            entry.endpoint = endpoint;
            id = entry.id;
        }
    };
    QVERIFY(await(file.update(change, {})));
    connections::PendingTokenStore store(bed.secrets, storage::Profile().keychainPrefix());
    const auto sealed = await(store.read(id, {}));
    if (sealed && *sealed) {
        connections::PendingTokens moved = **sealed;
        moved.endpoint = endpoint;
        QVERIFY(await(store.write(id, 1, moved)));
    }
    bed.restart();
}

void FaultBed::lift()
{
    m_spoiled.reset();
    bed.mcp.servesMetadataAtPath = true;
    bed.mcp.challengeOverride.clear();
    bed.mcp.authorizationServers = {bed.auth.issuer()};
    bed.auth.metadataOverrides = {};
    m_place = {};
    if (!std::exchange(m_isMoved, false)) {
        return;
    }
    if (bed.recordOnDisk(m_id).hasSecret) {
        moveGrant(QUrl(bed.auth.issuer()));
    } else {
        moveSealed(QUrl(bed.auth.issuer()));
    }
}

void FaultBed::cutOff()
{
    m_place = {};
    m_spot.server->stop();
    m_spot.server->start();
}

void FaultBed::serveNextCandidate()
{
    bed.mcp.servesMetadataAtRoot = m_case.column == Column::Prm;
    bed.auth.servesOpenId = m_case.column == Column::Asm;
}

int FaultBed::sent() const
{
    return m_spot.server->count(m_spot.path) - m_sentBefore;
}

QString FaultBed::host() const
{
    const bool isTyped = m_case.column == Column::Ref || m_case.column == Column::Prb;
    const bool isAtPlace = m_elsewhere && (m_case.row != 23 || isTyped);
    if (m_case.row == 23 && m_case.column == Column::Asm) {
        // Whoever names an address answers for it.
        return base::displayAuthority(bed.mcp.url());
    }
    return base::displayAuthority(QUrl(isAtPlace ? m_place.origin : m_spot.server->origin()));
}

} // namespace mooring::test
