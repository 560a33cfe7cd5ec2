// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QList>
#include <QString>

namespace mooring::interoptests {

struct HostilePaste {
    QByteArray name;
    QString text;
};

/// Just below a megabyte each, made to be as dear as can be: for every reader of a paste.
QList<HostilePaste> hostilePastes();

} // namespace mooring::interoptests
