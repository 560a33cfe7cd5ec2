// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/secret.h"

#include <QFlags>
#include <QString>

namespace mooring::interop {

/// What was odd about the dress in which a good key was pasted.
enum class Oddity {
    Quotes = 1, ///< quotes stood around it
    NameInFront = 2, ///< "Authorization:" was part of it
    SchemeTwice = 4, ///< "Bearer Bearer …"
    SchemeMissing = 8, ///< of Authorization: neither "Bearer" nor another scheme is in front
    SchemeInKeyHeader = 16, ///< of another header than Authorization: "Bearer" is in front
};
Q_DECLARE_FLAGS(Oddities, Oddity)
Q_DECLARE_OPERATORS_FOR_FLAGS(Oddities)

struct HeaderValue {
    /// What to send. Without what nobody can mean: quotes around it, the header's name, a second "Bearer".
    base::Secret value;
    /// What to offer beside it: with "Bearer" in front, or without. A key may be meant as it is, so this is
    /// for the person to decide, best after the server has refused `value`. Empty if there is nothing to
    /// offer.
    base::Secret alternative;
    Oddities noticed;
};

/// Undresses the value of the header `name` as a person pasted it. It is not checked yet whether it can be
/// sent; see connections::checkHeaderKey().
HeaderValue readHeaderValue(const QString &name, const QString &pasted);

/// What was noticed, in a sentence that never shows the key ("The quotes around the key are left out.");
/// empty if nothing was.
QString oddityText(Oddities noticed);

} // namespace mooring::interop
