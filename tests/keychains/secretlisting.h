// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace mooring::keychains {

constexpr auto secretsName = QLatin1StringView("org.freedesktop.secrets");

/// The keys of Mooring's items in the Secret Service of this session, locked ones too.
QStringList keysInSecretService();
/// Also if there is none.
bool isDefaultCollectionLocked();
/// What secret-tool lists of Mooring's items, without the secrets.
QString listedBySecretTool();
/// The labels of all items of the default collection, one a line, as the Secret Service tells them.
QString labelsInDefaultCollection();

} // namespace mooring::keychains
