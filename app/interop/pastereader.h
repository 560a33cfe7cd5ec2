// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "interop/blanks.h"
#include "interop/findings.h"
#include "interop/value.h"

#include <optional>

namespace mooring::interop {

/// Tells what a text is (JSON, TOML, YAML, command lines, a link, prose with any of these in it) and has it
/// read.
class PasteReader final {
public:
    /// `text` without invisible characters.
    void read(const QString &text);
    base::Result<Paste> result();

private:
    /// A part that is one thing as a whole. False if it is none.
    bool readWhole(const QString &text, int line);
    bool readFences(const QString &text);
    bool readCommands(const QString &text);
    bool readQuotedCommands(const QString &text);
    bool readEmbedded(const QString &text);
    bool readAddresses(const QString &text);
    void readSentence(const QString &text);
    bool readSingle(const QString &text);
    void takeValue(const base::Result<Value> &value);
    void takeAddress(const QString &address, const QStringList &headers);

    Findings m_findings;
    Surroundings m_around;
    /// Commands that only run something, which matters if there is nothing else.
    QList<QStringList> m_runs;
    /// Of something that looked like JSON, YAML or TOML and wasn't.
    std::optional<base::Error> m_doubt;
};

} // namespace mooring::interop
