// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/toolheadertable.h"

namespace mooring::mcp {

void ToolHeaderTable::clear()
{
    m_headers.clear();
    m_faulty.clear();
}

base::Result<void> ToolHeaderTable::learn(const QString &name, const QJsonObject &inputSchema)
{
    const base::Result<ToolHeaders> headers = ToolHeaders::fromSchema(inputSchema);
    if (!headers) {
        m_faulty.insert(name);
        return base::failed(headers.error());
    }
    m_headers.insert(name, *headers);
    return {};
}

http::Headers ToolHeaderTable::headersFor(const QString &name, const QJsonObject &arguments) const
{
    return m_headers.value(name).forArguments(arguments);
}

} // namespace mooring::mcp
