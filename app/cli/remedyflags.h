// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace mooring::cli {

/// The option that takes an offer (oauth::remedies) on the command line.
struct RemedyFlag {
    QString remedy;
    /// Without the dashes.
    QString option;
    QString description;
    /// It changes a setting of the connection, so that `add` takes it too; the others are for one sign-in.
    bool isSetting = false;
};

const QList<RemedyFlag> &remedyFlags();
/// Null for remedies without an option.
const RemedyFlag *remedyFlag(QStringView remedy);

} // namespace mooring::cli
