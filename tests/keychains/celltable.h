// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QRegularExpression>
#include <QStringList>

namespace mooring::keychains {

/// What has to come out of a cell of tests/keychains.txt, by the code that stands in it.
struct Outcome {
    QString code;
    QList<int> exits;
    /// Each must be found in what is told; %P stands for the name of the program.
    QStringList words = {};

    bool isPlayed() const { return code != QLatin1StringView("none"); }
    /// What it is made of: empty if exit code and words are right, else what is wrong with them.
    QString check(int exitCode, const QString &told, const QString &program) const;
};

/// The cells of one keychain.
class CellTable final {
public:
    explicit CellTable(const QString &keychain);

    static QStringList cases();
    static QStringList jobs();
    /// Ends the test program if the table doesn't have the cell.
    Outcome outcome(const QString &caseName, const QString &job) const;

private:
    QString m_keychain;
    QHash<QString, QString> m_codes;
};

} // namespace mooring::keychains
