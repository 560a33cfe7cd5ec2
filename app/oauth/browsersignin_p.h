// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "http/accessmanager.h"
#include "oauth/authorizationaddress.h"
#include "oauth/browsersignin.h"
#include "oauth/tokenpost.h"

#include <QOAuth2AuthorizationCodeFlow>

namespace mooring::oauth {

/// The flow, and what is told to it. What stands in its two requests is in browsersigninparameters.cpp.
class BrowserSignIn::Private final {
public:
    using Parameters = QMultiMap<QString, QVariant>;

    Private(std::unique_ptr<LoopbackListener> itsListener, SignInRequest itsRequest, http::Client &itsClient);

    void setUp();
    void modify(QAbstractOAuth::Stage stage, Parameters *parameters);
    void completeAuthorizationRequest(Parameters *parameters) const;
    /// Adds what the person or the endpoint itself wants said, unless Mooring says the same.
    void addForeignParameters(Parameters *parameters) const;
    void completeTokenRequest(Parameters *parameters);
    /// The flow's token request once more, for the cases of SecondTries.
    TokenPost codePost() const;
    base::Task<base::Result<void>> prepareAddress(std::stop_token stop);
    /// For a page that is opened once more: what was pushed for the first time may have been used up.
    base::Task<void> openAnew(BrowserSignIn *signIn);
    /// Finds out where the code will go, while the sign-in can still be stopped.
    base::Task<base::Result<void>> resolveTokenEndpoint(std::stop_token stop);
    /// From the posted code to the tokens.
    base::Task<base::Result<TokenSet>> trade(std::stop_token stop);
    /// How long to wait before the code is posted a second time; nothing if it must not be, because
    /// it may have been used up.
    std::optional<std::chrono::milliseconds> pauseAfter(const base::Result<http::Response> &response) const;
    /// Ends the wait. The listener closes with it, so that an answer that comes too late is not traded.
    void giveUp(const base::Error &error);
    base::Error timeout() const;
    base::Error notPosted() const;
    QString host() const;

    // Destroyed from below: the flow first, then the manager with its replies, then their handler
    // (reference/qt.md 1.2; in another order Qt 6.4 calls a dead handler).
    std::unique_ptr<LoopbackListener> listener;
    SignInRequest request;
    http::AccessManager manager;
    QOAuth2AuthorizationCodeFlow flow;

    OpenUrl openUrl;
    base::Deadlines deadlines;
    /// For what the flow can't do: its token request a second time.
    http::Client &client;
    QUrl authorizationUrl;
    AuthorizationAddress address;
    bool isOpeningAnew = false;
    /// Of openAnew(); ends with the wait.
    base::TaskScope tasks;
    QByteArray state = base::randomText();
    QByteArray verifier = base::randomText();
    QByteArray code;
    /// When the code was posted; not valid before.
    QDateTime postedAt;
    base::OneShot<base::Result<QByteArray>> answer;
    base::OneShot<base::Result<http::Response>> tokenAnswer;
};

} // namespace mooring::oauth
