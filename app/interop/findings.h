// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/paste.h"

#include <optional>

namespace mooring::interop {

/// Gathers what the readers of a paste come upon, and makes one answer of it.
class Findings final {
public:
    /// Unless it is there already, or can't be a server's: then that is the problem.
    void add(const PastedServer &server);
    /// An entry that starts a program, by how it is started: "npx @x/files".
    void addProgram(const QString &program);
    /// An entry that uses Mooring already.
    void addOwn() { m_hasOwn = true; }
    /// What a part of the paste can't be used for. The first one counts.
    void addProblem(const base::Error &problem);

    bool hasServers() const { return !m_servers.isEmpty(); }
    bool hasProblem() const { return m_problem.has_value(); }
    bool isEmpty() const { return m_servers.isEmpty() && m_programs.isEmpty() && !m_hasOwn && !m_problem; }
    bool isFull() const { return m_servers.size() >= maximumServers; }
    /// One more, of which it isn't worth to know more, because this is full.
    void addBeyond() { ++m_beyond; }

    /// What to tell the person. `otherwise` is the error if there was nothing at all.
    base::Result<Paste> result(const base::Error &otherwise) const;

private:
    base::Error whyNothing(const base::Error &otherwise) const;
    QString programsText() const;

    QList<PastedServer> m_servers;
    QStringList m_programs;
    std::optional<base::Error> m_problem;
    bool m_hasOwn = false;
    qsizetype m_beyond = 0;
};

} // namespace mooring::interop
