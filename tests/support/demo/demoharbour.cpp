// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demoharbour.h"

namespace mooring::demo {

using namespace Qt::StringLiterals;

namespace {

constexpr char keyHeader[] = "X-Api-Key";
constexpr char keyValue[] = "demo-key";

std::vector<Tool> protectedTools()
{
    std::vector<Tool> tools = berthTools();
    tools.push_back(tideTimesTool());
    tools.push_back(echoTool());
    return tools;
}

QString stateFile(const QString &folder, const QString &name)
{
    return folder.isEmpty() ? QString() : folder + u'/' + name;
}

void protect(McpServer *server, AuthServer *signIn)
{
    signIn->setResource(server->url());
    server->protect(signIn->issuer(), {u"tides:read"_s, u"berths:read"_s, u"berths:write"_s},
                    [signIn](const QByteArray &token) { return signIn->admits(token); });
}

} // namespace

Harbour::Harbour(const QString &stateFolder, int accessTokenSeconds)
    : m_open(u"Northport Tides"_s, {tideTimesTool(), harbourWeatherTool(), echoTool(), addTool()})
    , m_protected(u"Northport Berths"_s, protectedTools())
    , m_noRegistration(u"Northport Club"_s, {harbourWeatherTool(), tideTimesTool(), echoTool()})
    , m_apiKey(u"Northport Traffic"_s, {arrivalsTool(), harbourWeatherTool(), echoTool()})
    , m_protectedSignIn(AuthServer::Registration::Dynamic, stateFile(stateFolder, u"berths.json"_s),
                        accessTokenSeconds)
    , m_noRegistrationSignIn(AuthServer::Registration::ByHand, stateFile(stateFolder, u"club.json"_s),
                             accessTokenSeconds)
{
}

bool Harbour::listen(quint16 portBase)
{
    quint16 port = portBase;
    for (Server *server : {&m_open.http(), &m_protected.http(), &m_noRegistration.http(), &m_apiKey.http(),
                           &m_protectedSignIn.http(), &m_noRegistrationSignIn.http()}) {
        if (!server->listen(port++)) {
            return false;
        }
    }
    protect(&m_protected, &m_protectedSignIn);
    protect(&m_noRegistration, &m_noRegistrationSignIn);
    m_apiKey.requireKey(keyHeader, keyValue);
    return true;
}

QStringList Harbour::hints() const
{
    return {
        u"Open %1 - no sign-in needed"_s.arg(m_open.url()),
        u"Protected %1 - authorize in the browser; access tokens last two minutes and are renewed"_s.arg(
            m_protected.url()),
        u"NoRegistration %1 - register the app by hand first, at %2/register-app"_s.arg(
            m_noRegistration.url(), m_noRegistrationSignIn.issuer()),
        u"ApiKey %1 - wants the header %2 with the key %3"_s.arg(
            m_apiKey.url(), QString::fromLatin1(keyHeader), QString::fromLatin1(keyValue)),
    };
}

} // namespace mooring::demo
