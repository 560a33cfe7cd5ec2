// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace mooring::ui {

// What can be told about a client that was typed in before anybody is asked: each gives one sentence, or
// nothing. They catch slips (a secret in the wrong field, half a line copied), they don't judge services.

QString problemWithClientId(const QString &id);
/// An empty one is fine.
QString problemWithClientSecret(const QString &secret, const QString &id);
/// For a PEM private key; an empty one is fine.
QString problemWithPrivateKey(const QString &pem);

} // namespace mooring::ui
