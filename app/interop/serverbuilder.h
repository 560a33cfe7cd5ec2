// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/blanks.h"
#include "interop/pastedserver.h"

#include <optional>

namespace mooring::interop {

/// Puts a server together from raw texts, by the rules that hold however it was written.
class ServerBuilder final {
public:
    explicit ServerBuilder(const Surroundings &around)
        : m_around(around)
    {
    }

    void setName(const QString &name) { m_server.name = name.trimmed(); }
    void setAddress(const QString &address);
    /// Technical headers are left out. One that is there already is replaced. A value that is empty is a
    /// blank. `isSecret` where the instructions say so.
    void addHeader(const QString &name, const QString &value, std::optional<bool> isSecret = {},
                   const QString &description = {});
    /// "Name: value", "Name=value"; anything else is left out.
    void addHeaderLine(const QString &line);
    /// "Bearer …" in the header Authorization; `token` may have it in front already.
    void addBearer(const QString &token);

    /// Those that another builder has read under rules of its own.
    void takeHeadersOf(const ServerBuilder &other);

    bool hasAddress() const { return !m_server.url.isEmpty(); }
    bool hasHeaders() const { return !m_server.headers.isEmpty(); }
    /// What else is known about it.
    PastedServer &server() { return m_server; }

private:
    void put(const PastedHeader &header);
    void tellApart(PastedText *value, const QString &place) const;

    const Surroundings &m_around;
    PastedServer m_server;
};

} // namespace mooring::interop
