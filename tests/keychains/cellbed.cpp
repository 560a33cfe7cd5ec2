// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "keychains/cellbed.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace mooring::keychains {

using namespace Qt::StringLiterals;

namespace {

const auto connectionName = u"Linear (work)"_s;

} // namespace

CellBed::CellBed(const RealKeychain &keychain, const QString &job)
    : m_job(job)
{
    const QHash<QString, QString> environment = keychain.environment();
    for (auto variable = environment.cbegin(); variable != environment.cend(); ++variable) {
        m_ctl.setEnvironment(variable.key(), variable.value());
    }
    m_auth.editTokenAnswer = [this](const support::FakeRequest &, support::FakeResponse *answer) {
        const QJsonObject said = QJsonDocument::fromJson(answer->body).object();
        for (const auto &name : {"access_token"_L1, "refresh_token"_L1}) {
            if (said.contains(name)) {
                m_given.append(said[name].toString().toUtf8());
            }
        }
        m_answers += said.contains("access_token"_L1) ? 1 : 0;
        goThroughTheMiddle();
    };
    interceptRevocations();
    m_mcp.protect(m_auth.issuer(), [this](const QByteArray &token) { return m_auth.isActive(token); });
}

void CellBed::interceptRevocations()
{
    const QByteArray path = m_auth.pathOf("revoke");
    m_auth.http().route(path,
                        [this, usual = m_auth.http().routeOf(path)](const support::FakeRequest &request) {
                            support::FakeResponse answer = usual(request);
                            goThroughTheMiddle();
                            return answer;
                        });
}

void CellBed::goThroughTheMiddle()
{
    if (const std::function<void()> middle = std::exchange(m_inTheMiddle, nullptr)) {
        middle();
    }
}

std::unique_ptr<Command> CellBed::begin(const QString &verb)
{
    return std::make_unique<Command>(&m_ctl, QStringList{verb, connectionName});
}

std::unique_ptr<Command> CellBed::add()
{
    return std::make_unique<Command>(
        &m_ctl, QStringList{u"add"_s, m_mcp.url().toString(), u"--name"_s, connectionName});
}

std::unique_ptr<Command> CellBed::beginUnlock()
{
    return std::make_unique<Command>(&m_ctl, QStringList{u"unlock"_s});
}

std::unique_ptr<Command> CellBed::beginNothing()
{
    return std::make_unique<Command>(&m_ctl, QStringList{u"--version"_s});
}

Commands CellBed::beginJob()
{
    Commands commands;
    const QStringList verbs = m_job == "use"_L1 ? QStringList{u"token"_s, u"tools"_s} : QStringList{m_job};
    for (const QString &verb : verbs) {
        commands.push_back(begin(verb));
    }
    return commands;
}

QString CellBed::id() const
{
    QFile file(m_ctl.folder() + u"/connections.json"_s);
    if (!file.open(QFile::ReadOnly)) {
        return {};
    }
    const QJsonObject list = QJsonDocument::fromJson(file.readAll()).object();
    return list["connections"_L1].toArray().first().toObject()["id"_L1].toString();
}

bool CellBed::isAlive() const
{
    return std::ranges::any_of(m_given, [this](const QByteArray &token) { return m_auth.isActive(token); });
}

} // namespace mooring::keychains
