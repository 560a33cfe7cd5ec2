// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/findings.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "interop/addressrules.h"

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

namespace {

/// As many as a sentence can name.
constexpr qsizetype maximumPrograms = 5;

} // namespace

void Findings::add(const PastedServer &server)
{
    if (isFull()) {
        addBeyond();
        return;
    }
    if (const base::Result<void> good = checkAddress(server.url.text()); !good) {
        addProblem(good.error());
        return;
    }
    for (const PastedHeader &header : server.headers) {
        if (const base::Result<void> good = checkHeader(header); !good) {
            addProblem(good.error());
            return;
        }
    }
    const auto isSame = [&server](const PastedServer &other) {
        return other.url == server.url && other.headers == server.headers;
    };
    const auto twin = std::find_if(m_servers.begin(), m_servers.end(), isSame);
    if (twin != m_servers.end()
        && (twin->name.isEmpty() || server.name.isEmpty() || twin->name == server.name)) {
        twin->name = twin->name.isEmpty() ? server.name : twin->name;
    } else {
        m_servers.append(server);
    }
}

void Findings::addProgram(const QString &program)
{
    if (m_programs.size() <= maximumPrograms) {
        m_programs.append(base::displayText(program, 60));
    }
}

void Findings::addProblem(const base::Error &problem)
{
    if (!m_problem) {
        m_problem = problem;
    }
}

QString Findings::programsText() const
{
    QString names = m_programs.first(std::min(m_programs.size(), maximumPrograms)).join(u", "_s);
    if (m_programs.size() > maximumPrograms) {
        names += u", \u2026"_s;
    }
    return m_programs.size() == 1
               ? Words::tr("This starts a program, %1. Mooring connects to servers with an address.")
                     .arg(names)
               : Words::tr("These are programs: %1. Mooring connects to servers with an address.").arg(names);
}

base::Error Findings::whyNothing(const base::Error &otherwise) const
{
    if (m_problem) {
        return *m_problem;
    }
    if (!m_programs.isEmpty()) {
        return base::makeError(ErrorKind::InvalidInput, programsText());
    }
    return m_hasOwn ? base::makeError(
                          ErrorKind::InvalidInput,
                          Words::tr("This entry uses Mooring already. Paste the server's own address."))
                    : otherwise;
}

base::Result<Paste> Findings::result(const base::Error &otherwise) const
{
    if (m_servers.isEmpty()) {
        return base::failed(whyNothing(otherwise));
    }
    Paste paste;
    paste.servers = m_servers;
    if (m_beyond > 0) {
        paste.notes << Words::tr("Only the first %1 of %2 servers are shown.")
                           .arg(maximumServers)
                           .arg(maximumServers + m_beyond);
    }
    if (m_problem) {
        paste.notes << Words::tr("A part of this is left out:") + u' ' + m_problem->sentence;
    }
    if (!m_programs.isEmpty()) {
        paste.notes << Words::tr("Left out, because it starts a program: %1.")
                           .arg(m_programs.first(std::min(m_programs.size(), maximumPrograms)).join(u", "_s));
    }
    if (m_hasOwn) {
        paste.notes << Words::tr("Left out: what uses Mooring already.");
    }
    return paste;
}

} // namespace mooring::interop
