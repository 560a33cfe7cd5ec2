// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/form.h"
#include "http/headers.h"
#include "oauth/clientregistration.h"

namespace mooring::oauth {

/// How id and secret are joined for HTTP Basic.
enum class BasicPair {
    Encoded, ///< both percent-encoded first, as RFC 6749 section 2.3.1 has it
    Plain, ///< as RFC 7617 has it, for services that know no other way
};

/// Adds the client's identity to a form post: client_id (and client_secret) in the form, HTTP Basic, or
/// a signed assertion (RFC 7523 section 2.2) whose audience is the issuer that the client is
/// registered at and which is good for a few minutes from `now`. Nothing for a client without an id.
void authenticate(const ClientRegistration &client, const QDateTime &now, http::FormFields *form,
                  http::Headers *headers, BasicPair pair = BasicPair::Encoded);

/// Whether the two ways to write HTTP Basic differ for this client.
bool hasTwoBasicPairs(const ClientRegistration &client);

} // namespace mooring::oauth
