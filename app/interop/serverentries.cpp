// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "interop/serverentries.h"

#include "interop/addressrules.h"

#include <QSet>

#include <algorithm>

namespace mooring::interop {

using namespace Qt::StringLiterals;

namespace {

/// "mcp_servers", "mcpServers", "amp.mcpServers".
bool isListOfServers(const QString &name)
{
    static const QSet<QString> lists = {u"mcpservers"_s,
                                        u"servers"_s,
                                        u"contextservers"_s,
                                        u"mcp"_s,
                                        u"extensions"_s,
                                        u"ampmcpservers"_s,
                                        u"mcpserver"_s,
                                        u"tools"_s,
                                        u"remoteservers"_s,
                                        u"connectors"_s,
                                        u"githubcopilotmcpservers"_s,
                                        u"mcpclients"_s};
    QString bare;
    for (const QChar c : name.left(40)) {
        if (c.isLetterOrNumber()) {
            bare += c.toLower();
        }
    }
    return lists.contains(bare);
}

/// One walk over a document.
class Walk final {
public:
    Walk(const Surroundings &around, Findings *findings)
        : m_around(around)
        , m_findings(findings)
    {
    }

    void findInputs(const Value &value)
    {
        for (qsizetype i = 0; i < value.items.size(); ++i) {
            if (value.names.value(i) == "inputs"_L1) {
                takeInputs(value.items.at(i), &m_around);
            } else {
                findInputs(value.items.at(i));
            }
        }
    }

    /// Only what is below a list of servers.
    void findLists(const Value &value)
    {
        for (qsizetype i = 0; i < value.items.size(); ++i) {
            const Value &item = value.items.at(i);
            if (value.isObject() && isListOfServers(value.names.at(i)) && isServerEntry(item)) {
                readServerEntry({}, item, m_around, m_findings);
            } else if (value.isObject() && isListOfServers(value.names.at(i))) {
                takeAll(item);
            } else {
                findLists(item);
            }
        }
    }

    /// `value` and all that is in it.
    void takeAll(const Value &value)
    {
        for (qsizetype i = 0; i < value.items.size(); ++i) {
            take(value.names.value(i), value.items.at(i));
        }
    }

    void take(const QString &name, const Value &value)
    {
        const bool isAddress =
            value.isText() && (value.text.startsWith("https://"_L1) || value.text.startsWith("http://"_L1));
        if (m_findings->isFull() && (isAddress || isServerEntry(value))) {
            m_findings->addBeyond();
        } else if (isServerEntry(value)) {
            readServerEntry(name, value, m_around, m_findings);
        } else if (isAddress && speaksOfMcp(value.text)) {
            readServerEntry(name, Value{Value::Kind::Object, {}, {u"url"_s}, {value}}, m_around, m_findings);
        } else {
            takeAll(value);
        }
    }

private:
    Surroundings m_around;
    Findings *m_findings;
};

} // namespace

void readServerEntries(const Value &root, const Surroundings &around, Findings *findings)
{
    Walk walk(around, findings);
    walk.findInputs(root);
    if (isServerEntry(root)) {
        readServerEntry({}, root, around, findings);
        return;
    }
    walk.findLists(root);
    if (findings->isEmpty()) {
        walk.takeAll(root);
    }
}

} // namespace mooring::interop
