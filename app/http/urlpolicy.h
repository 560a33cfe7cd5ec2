// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"

#include <QHostAddress>
#include <QUrl>

namespace mooring::http {

/// How far away an address is. A server may name addresses of its own class or further away, never
/// nearer ones: a server on the internet must not make us talk to the home router.
enum class AddressClass {
    Public,
    Private, ///< this network: private, link-local, unique-local, carrier-grade ranges, plain names
    Loopback, ///< this computer
};

/// How far http:// may go, which anybody on the way can read and change.
enum class PlainHttp {
    ThisComputer,
    ThisNetwork, ///< to an address of class Private: what a person may allow for a server of their own
};

/// The remedy (base::Error::remedy) of an address that is only refused because of that.
inline constexpr char16_t allowsPlainHttp[] = u"allows-plain-http";

/// What a URL is going to be used for.
enum class UrlUse {
    Server, ///< an MCP server the person typed
    Metadata, ///< a document to fetch
    Endpoint, ///< a place where codes and tokens are sent
    Browser, ///< a page for the person to open
};

/// The one place that decides about a URL before it is fetched, opened, stored or shown as a link.
///
/// Allowed: https anywhere, http on this computer only; a host; no user name, no fragment, no
/// backslash, space or control character, at most 8 KiB even if encoded; not nearer than the server that
/// named it; and where Mooring itself fetches it, no port of another protocol, but on the server's own
/// origin. A server that the person reaches by http in this network may name what lies at its own origin, but
/// nothing that has to do with signing in: a code or a password never goes there.
class UrlPolicy final {
public:
    /// `server` is the class of the address that the person typed.
    explicit UrlPolicy(AddressClass server)
        : m_server(server)
    {
    }
    /// `serverUrl` is that address itself.
    explicit UrlPolicy(const QUrl &serverUrl)
        : m_server(classOf(serverUrl))
        , m_typed(serverUrl)
    {
    }

    /// What a person typed or pasted. Spaces around it are forgiven, a missing scheme becomes https.
    /// Errors: InvalidInput for what is no address, RefusedByPolicy for http that goes too far, with the
    /// remedy allowsPlainHttp if the person can allow it. Whether a name leads to this network is judged
    /// again when it is connected to (Resolution).
    static base::Result<QUrl> parseTyped(const QString &text, PlainHttp plainHttp = PlainHttp::ThisComputer);

    /// What a server named. Errors: RefusedByPolicy, with the text (made fit to be shown) in detail.
    base::Result<QUrl> check(const QString &text, UrlUse use) const;

    /// The address that the person typed, if this is the policy of one; for Request::namedBy.
    const QUrl &typed() const { return m_typed; }

    /// By what it looks like; where its name leads is the affair of Resolution.
    static AddressClass classOf(const QUrl &url);
    static AddressClass classOf(const QHostAddress &address);
    /// Without encryption, and not to this computer.
    static bool isPlainHttp(const QUrl &url);

private:
    AddressClass m_server;
    QUrl m_typed;
};

/// scheme://host:port in lower case with the port always there; equal strings are equal origins
/// (RFC 6454 section 4).
QString origin(const QUrl &url);

} // namespace mooring::http
