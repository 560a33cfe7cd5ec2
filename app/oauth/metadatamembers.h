// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>
#include <QStringList>

namespace mooring::oauth {

// Metadata is written by hand, and its readers forgive what can mean one thing only. What comes out of here
// is judged by http::UrlPolicy and by the rules of the RFCs all the same.

/// Blanks and line ends around an address are not meant, and those inside it are written as RFC 3986 has
/// them. Other control characters stay, for the policy to refuse.
QString tidyAddress(const QString &text);

/// The address that a member holds; empty if it holds no text.
QString addressIn(const QJsonValue &member);

/// The texts of a list, without blanks around them; one text alone is a list of its words (RFC 6749 section
/// 3.3). Entries of other types are left out.
QStringList textsIn(const QJsonValue &member);

/// Nobody has set this member: it isn't there, or null, or an empty text.
bool isUnset(const QJsonValue &member);

} // namespace mooring::oauth
