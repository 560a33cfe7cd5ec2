// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>
#include <utility>

namespace mooring::interop {

/// A header of the protocol or of the program that sends it (Accept, Content-Type, User-Agent, …). Mooring
/// sends its own; it is never a key.
bool isTechnicalHeader(const QString &name);

/// Whether it can be sent as the name of a header (RFC 9110 section 5.6.2).
bool isHeaderName(const QString &name);

/// Whether the word names something that nobody else may know: key, token, secret, Authorization, ….
bool isSecretName(const QString &name);

/// The same for a header, by its value too where the name doesn't tell: "Bearer …", or long and random.
bool isSecretHeader(const QString &name, const QString &value);

/// "Name: value", "Name:value" or "Name=value"; the value may be empty. Nothing if it is no header.
std::optional<std::pair<QString, QString>> splitHeader(const QString &line);

} // namespace mooring::interop
