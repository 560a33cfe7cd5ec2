// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/adding/severalservers.h"

#include "base/words.h"
#include "http/urlpolicy.h"
#include "ui/adding/pastedrequest.h"
#include "ui/widgets/excerpt.h"

#include <algorithm>

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;
using text::Tone;

SeveralServers::SeveralServers(AddServices services, PastedList &list, PlaceholderFields &blanks,
                               QObject *parent)
    : QObject(parent)
    , m_services(std::move(services))
    , m_list(list)
    , m_blanks(blanks)
    , m_adder(m_services)
{
    connect(&m_adder, &SeveralAdder::begun, this, [this](qsizetype row) {
        m_list.setResult(row, Words::tr("Looking at the server…"), Tone::Neutral);
    });
    connect(&m_adder, &SeveralAdder::ended, this, &SeveralServers::onEnded);
    connect(&m_adder, &SeveralAdder::finished, this, [this] {
        m_isAdding = false;
        Q_EMIT changed();
    });
}

void SeveralServers::setServers(const QList<interop::PastedServer> &servers)
{
    m_servers = servers;
    m_list.setServers(servers, [this](const interop::PastedServer &server) {
        const base::Result<QUrl> url =
            http::UrlPolicy::parseTyped(server.url.text(), http::PlainHttp::ThisNetwork);
        return url && m_services.existing(*url);
    });
    QList<interop::Blank> blanks;
    for (const interop::PastedServer &server : servers) {
        const QList<interop::Blank> its = server.blanks();
        for (const interop::Blank &blank : its) {
            const bool isThere = std::ranges::any_of(
                blanks, [&](const interop::Blank &other) { return other.name == blank.name; });
            if (!isThere) {
                blanks.append(blank);
            }
        }
    }
    m_blanks.ask(blanks);
}

void SeveralServers::clear()
{
    m_servers.clear();
    m_list.setServers({}, {});
}

void SeveralServers::add()
{
    QList<SeveralAdder::Job> jobs;
    const QList<qsizetype> chosen = m_list.chosen();
    if (chosen.isEmpty()) {
        return;
    }
    for (const qsizetype row : chosen) {
        jobs.append(jobFor(row));
    }
    m_hasBegun = true;
    m_isAdding = true;
    m_list.setLocked();
    m_adder.start(jobs);
}

SeveralAdder::Job SeveralServers::jobFor(qsizetype row) const
{
    const interop::PastedServer server = m_servers.at(row).filled(m_blanks.values());
    SeveralAdder::Job job;
    job.row = row;
    job.missing = missingIn(server);
    if (!server.url.isComplete()) {
        job.problem = Words::tr("Not added: %1 is still to be filled in.").arg(job.missing.join(u", "_s));
        return job;
    }
    const base::Result<QUrl> url =
        http::UrlPolicy::parseTyped(server.url.text(), http::PlainHttp::ThisNetwork);
    if (!url) {
        job.problem = url.error().sentence;
        return job;
    }
    job.request.url = *url;
    job.request.name = shownText(server.name, 80);
    job.request.headers = completeHeaders(server);
    job.request.settings = settingsOf(server);
    return job;
}

void SeveralServers::onEnded(qsizetype row, const QString &id, const QString &sentence, Tone tone)
{
    if (m_firstAdded.isEmpty()) {
        m_firstAdded = id;
    }
    m_list.setResult(row, sentence, tone);
    Q_EMIT changed();
}

} // namespace mooring::ui
