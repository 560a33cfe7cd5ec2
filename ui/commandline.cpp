// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commandline.h"

#include "base/words.h"

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Words;

CommandLine::CommandLine()
{
    m_parser.setApplicationDescription(Words::tr("Keeps your remote MCP servers connected."));
    // Qt has options like "-reverse", in which letters of their own would be found otherwise.
    m_parser.setSingleDashWordOptionMode(QCommandLineParser::ParseAsLongOptions);
    m_parser.addHelpOption();
    m_parser.addVersionOption();
    m_parser.addOption(
        {u"profile"_s, Words::tr("Work on another set of connections."), u"name"_s, u"default"_s});
}

void CommandLine::read(int argc, char *argv[])
{
    QStringList words;
    for (int i = 0; i < argc; ++i) {
        words.append(QString::fromLocal8Bit(argv[i]));
    }
    m_parser.parse(words);
}

bool CommandLine::onlyTells() const
{
    return m_parser.isSet(u"help"_s) || m_parser.isSet(u"help-all"_s) || m_parser.isSet(u"version"_s);
}

base::Result<storage::Profile> CommandLine::profile() const
{
    return storage::Profile::fromName(m_parser.value(u"profile"_s));
}

} // namespace mooring::ui
