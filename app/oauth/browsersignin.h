// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deadlines.h"
#include "base/task.h"
#include "http/client.h"
#include "oauth/clientregistration.h"
#include "oauth/dpop.h"
#include "oauth/loopbacklistener.h"
#include "oauth/tokenset.h"

#include <QObject>
#include <QUrl>

#include <functional>
#include <memory>

namespace mooring::oauth {

/// Opens a page for the person. False if no browser could be started. Only ever called with a URL
/// that http::UrlPolicy has allowed for the browser.
using OpenUrl = std::function<bool(const QUrl &)>;

struct SignInRequest {
    AuthorizationServer server;
    ClientRegistration client;
    /// RFC 8707: sent byte for byte in the authorization and the token request.
    QString resource;
    QStringList scopes;
    /// OpenID Connect Core section 3.1.2.1: "consent", "select_account". Empty: "consent" where
    /// offline_access is asked for and the service lists it, else none.
    QString prompt = {};
    QString loginHint = {};
    /// Sent as they are, unless Mooring says the same itself. A `prompt` among them, even an empty one,
    /// takes the place of the "consent" above.
    QList<std::pair<QString, QString>> parameters = {};
    /// Binds the tokens to a key (RFC 9449): dpop_jkt at the authorization, a proof at the exchange.
    std::shared_ptr<DpopProver> dpop = {};
};

/// One sign-in in the browser, from the authorization URL to the tokens: authorization code flow
/// with PKCE S256 (RFC 7636), pushed to the service before where it takes that (RFC 9126), through Qt's
/// QOAuth2AuthorizationCodeFlow, whose silences become one Result here. One object, one use: make a new one
/// to try again.
class BrowserSignIn final : public QObject {
    Q_OBJECT
public:
    BrowserSignIn(std::unique_ptr<LoopbackListener> listener, SignInRequest request, OpenUrl openUrl,
                  base::Deadlines deadlines, http::Client &client);
    ~BrowserSignIn() override;

    /// Opens the browser and waits for the tokens. The object must outlive the task. Stopping ends
    /// the wait for the browser; once the code has been sent it is not stopped any more, and the
    /// caller gets tokens that it must revoke if it doesn't want them.
    /// Errors: Cancelled, Timeout (the browser never came back), Denied, RefusedByPolicy (`iss`),
    /// and those of tokenError().
    base::Task<base::Result<TokenSet>> run(std::stop_token stop);

    /// Valid from waiting() on. For "Copy link": it holds state and challenge, but no secret.
    QUrl authorizationUrl() const;
    /// False if nothing is waited for (any more), or no browser could be started. A request that was pushed
    /// to the service is pushed anew first, and waiting() emitted with the new address.
    bool openAgain();
    /// See LoopbackListener::acceptPasted().
    base::Result<void> pasteAddress(const QString &address);
    /// Where the browser is sent back to.
    QString redirectUri() const;

Q_SIGNALS:
    /// The browser has been asked to open (once more, where the address is a new one); `opened` is false if
    /// that failed, so that the person must be given the link.
    void waiting(bool opened);
    /// The answer is there; the code is being traded for tokens.
    void exchanging();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace mooring::oauth
