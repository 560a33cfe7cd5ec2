// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/disconnection.h"
#include "connections/signin/authorizeoptions.h"
#include "mcp/session.h"

#include <QObject>

#include <memory>

namespace mooring::connections {

/// One server the person has added, and the sign-in at it. Held by shared_ptr, made by
/// ConnectionList; every running member task holds it too. Main thread only.
class Connection final
    : public QObject
    , public std::enable_shared_from_this<Connection> {
    Q_OBJECT
public:
    static std::shared_ptr<Connection> make(ConnectionRecord record, Services services);
    ~Connection() override;

    const QString &id() const;
    const ConnectionRecord &record() const;
    ConnectionState state() const;
    /// state(), with the trouble that another process has met last. Reads the activity log.
    ConnectionState lastKnownState() const;
    /// Why the server could not be reached the last time, in whichever process; none if it could.
    std::optional<RecordedError> lastTrouble() const;
    /// How Mooring is known at the sign-in service; none before the first sign-in.
    std::optional<RegistrationRecord> registration() const;
    /// A sign-in of before, whose end the service could not be told of yet.
    std::optional<RevocationRecord> pendingRevocation() const;
    /// Read from disk the first time it is asked for.
    const ActivityLog &activityLog() const;
    /// What the last listTools() of this process found.
    const std::optional<QList<mcp::Tool>> &tools() const;
    /// What the person has to know about that list: that its end may be missing. Empty if nothing.
    const QString &toolsNote() const;
    const std::optional<mcp::ServerInfo> &serverInfo() const;

    /// Looks at the server anew: no token is spent, no browser opens.
    base::Task<mcp::ProbeReport> check(http::StepSink sink, std::stop_token stop);

    /// The whole sign-in, from discovery to the stored grant. Opens the browser, so only ever call
    /// it because of a click. `stop`, or cancelSignIn(), ends it; a second call while one is
    /// running brings the browser up again and shares its end. Stopped after the code is spent, it goes on
    /// by itself to its end, and what comes of it is given back.
    base::Task<base::Result<void>> authorize(AuthorizeOptions options, std::stop_token stop);
    /// Ends a sign-in, and a wait for the keychain's prompt.
    void cancelSignIn();
    bool openBrowserAgain();
    /// Empty unless waiting for the browser.
    QUrl signInUrl() const;
    base::Result<void> pasteAddress(const QString &address);

    /// A fresh access token: the one at hand, else one refreshed just in time, exactly once for all
    /// callers of all processes. `stop` ends the caller's wait only.
    /// Errors: SignInNeeded, Keychain, and the transient ones, which lose nothing.
    base::Task<base::Result<AccessToken>> accessToken(std::stop_token stop);
    /// Refreshes although the token may still be fresh.
    base::Task<base::Result<AccessToken>> renew(std::stop_token stop);

    /// Asks the server, through this connection's credentials.
    base::Task<base::Result<QList<mcp::Tool>>> listTools(std::stop_token stop);
    /// MoreScopeNeeded if the sign-in does not allow it; wantedScopes() then tells what would.
    base::Task<base::Result<mcp::ToolResult>> callTool(QString name, QJsonObject arguments,
                                                       mcp::AskPerson ask, std::stop_token stop);

    /// Rights that the server has asked for and that this sign-in doesn't have; empty once they are given,
    /// or once dismissed. Asking for them again and again is stopped here: a server that still refuses
    /// after the person has agreed gets an error of kind Denied.
    QStringList wantedScopes() const;
    void dismissWantedScopes();

    /// How this connection signs in where that differs from what the server says. Takes effect with the
    /// next sign-in or refresh.
    base::Task<base::Result<void>> setSettings(oauth::SignInSettings settings, std::stop_token stop);
    /// A name for the account, in place of the one that the service told. Empty: that one again.
    base::Task<base::Result<void>> setAccountLabel(QString label, std::stop_token stop);

    /// Stores a header key instead of signing in; the old credential, if any, is given back. A header of that
    /// name gets this value, else it takes the place of the first key; the others stay.
    base::Task<base::Result<void>> setHeaderKey(QString headerName, base::Secret value, std::stop_token stop);
    /// What every request to the server carries, in the place of all that it carried before. Beside a
    /// sign-in, where there is one or the server wants one; else the first secret header is the key. A secret
    /// one without a value keeps the value that is stored. Errors: InvalidInput, Keychain, Storage.
    base::Task<base::Result<void>> setHeaders(QList<TypedHeader> headers, std::stop_token stop);
    /// The headers that are sent, the key first, without the values of secret ones.
    QList<TypedHeader> headers() const;

    /// The parameters of the server's address that are secrets (http::SplitAddress); with a new connection.
    base::Task<base::Result<void>> setSecretQuery(base::Secret query, QStringList names,
                                                  std::stop_token stop);
    /// Removes from the keychain what goes to the server beside a sign-in or a key: before the connection
    /// goes.
    base::Task<base::Result<void>> forgetRequestSecrets(std::stop_token stop);

    /// Gives the grant back: local use ends at once, then the service is told (refresh token, then
    /// access token), then it is deleted. A service that can't be told now is told later
    /// (PendingRevocations). An error means that it is not finished and will go on.
    base::Task<base::Result<Disconnected>> disconnectFromServer(std::stop_token stop);

    /// Finishes what a process began that ended too early: a disconnect, or the storing of a sign-in or of
    /// a key. Does nothing if there is no such thing.
    base::Task<base::Result<void>> finishInterrupted(std::stop_token stop);

    base::Task<base::Result<void>> rename(QString name, std::stop_token stop);
    /// Lets the keychain show its own prompt until it is answered, or cancelSignIn(); then looks again.
    base::Task<base::Result<void>> unlockKeychain(std::stop_token stop);

    /// Brings what the keychain has for this connection to the one that something new goes to, under the
    /// connection's lock; where it is then, empty if there is nothing. The record is told before anything is
    /// deleted, so a process that ends in between leaves two copies, and no connection without one. Errors:
    /// Keychain, Storage.
    base::Task<base::Result<QString>> moveSecrets(std::stop_token stop);
    /// Something of it has been read from the keychain by this process.
    bool hasReadSecrets() const;
    /// In which keychain its secrets are (SecretStore::placeOf()); as far as it is known without asking.
    QString keptIn() const;

    /// A renewed token is only in memory so far, because the keychain has not kept it yet.
    bool hasUnsavedSignIn() const;
    /// A service has been asked for tokens, and what it gives isn't in the keychain yet.
    bool hasTokensUnderWay() const;

    /// The list tells what the records file says now. Emits changed() if that is anything new.
    void adopt(const ConnectionRecord &record);
    /// Something about it was written elsewhere: in the activity log, or in what its services are still to be
    /// told.
    void adoptNews();
    /// A report that is already there (from the add dialog); saves a second probe.
    void adoptProbe(const mcp::ProbeReport &report);
    /// Ends sign-ins, sessions and grants that live in this process only.
    base::Task<void> shutDown();

Q_SIGNALS:
    /// state(), record(), activityLog() or tools() may have changed; whoever shows them reads them again.
    void changed();

private:
    struct Parts;
    explicit Connection(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> d;
};

} // namespace mooring::connections
