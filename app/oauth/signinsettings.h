// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/urlpolicy.h"

#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>
#include <QUrl>

#include <utility>

namespace mooring::oauth {

/// How one connection signs in, where that is not what the server and its sign-in service say by
/// themselves. Each member is a rule that the person has bent (or a choice that only a person can
/// make), visible and reversible in the connection's settings. The default values bend nothing.
struct SignInSettings {
    /// How a grant is got.
    enum class Way {
        Browser, ///< authorization code in the browser: for people
        ClientCredentials, ///< RFC 6749 section 4.4: the app signs in as itself
    };
    /// Tokens that are bound to a key (RFC 9449).
    enum class Dpop {
        WhereWanted, ///< where the server's challenge or metadata asks for it
        Always,
        Never,
    };

    Way way = Way::Browser;
    Dpop dpop = Dpop::WhereWanted;
    /// Asked for beside what the server names ("offline_access" at Entra, "openid email").
    QStringList extraScopes = {};
    /// Host of the redirect URI: "127.0.0.1", "localhost" or "[::1]". Empty: 127.0.0.1.
    QString redirectHost = {};
    /// Port of the redirect URI; 0 for any free one.
    quint16 redirectPort = 0;
    /// RFC 8707. Off for services that refuse the parameter (Entra v2).
    bool sendsResource = true;
    /// At refresh, for services that want it there (Entra): the scopes that were asked for.
    bool sendsScopeOnRefresh = false;
    /// Sign in although the metadata has no code_challenge_methods_supported. S256 is sent all the same.
    bool toleratesMissingPkce = false;
    /// Use protected-resource metadata of the same origin although its resource is another path.
    bool toleratesForeignResource = false;
    /// Reach this very server without encryption, which is in this network (http::PlainHttp). Never the
    /// sign-in service.
    bool allowsPlainHttp = false;
    /// The sign-in service to use, an issuer identifier; empty: the one that the server names.
    QString issuer = {};
    /// In place of the endpoints of the metadata; invalid: those of the metadata.
    QUrl authorizationEndpoint = {};
    QUrl tokenEndpoint = {};
    QUrl revocationEndpoint = {};
    /// Further parameters of the authorization request ("access_type" = "offline" at Google). What
    /// Mooring says itself can't be replaced by them.
    QList<std::pair<QString, QString>> authorizationParameters = {};
    /// Who is to sign in (OpenID Connect Core section 3.1.2.1).
    QString loginHint = {};

    /// Who has named an endpoint that was found with these settings, for http::Request: nobody but the
    /// person, the issuer that the person typed, or the server.
    QUrl namerOf(const QUrl &endpoint, const QUrl &serverUrl) const;
    http::PlainHttp plainHttp() const
    {
        return allowsPlainHttp ? http::PlainHttp::ThisNetwork : http::PlainHttp::ThisComputer;
    }

    /// For the records file: only what differs from the default. Unknown members are not kept.
    QJsonObject toJson() const;
    static SignInSettings fromJson(const QJsonObject &json);
    friend bool operator==(const SignInSettings &, const SignInSettings &) = default;
};

/// The names that base::Error::remedy uses for the settings above: the one change that lets a refused
/// sign-in through.
namespace remedies {
inline constexpr char16_t toleratesMissingPkce[] = u"tolerates-missing-pkce";
inline constexpr char16_t toleratesForeignResource[] = u"tolerates-foreign-resource";
inline constexpr char16_t omitsResource[] = u"omits-resource";
inline constexpr char16_t sendsScopeOnRefresh[] = u"sends-scope-on-refresh";
inline constexpr char16_t forgetsRegistration[] = u"forgets-registration";
inline constexpr char16_t acceptsNewIssuer[] = u"accepts-new-issuer";
inline constexpr char16_t acceptsForeignPage[] = u"accepts-foreign-page";
using http::allowsPlainHttp;
inline constexpr char16_t entersClient[] = u"enters-client";
} // namespace remedies

/// `settings` with the change that a remedy names; unchanged for remedies that are no settings.
SignInSettings withRemedy(SignInSettings settings, QStringView remedy);

} // namespace mooring::oauth
