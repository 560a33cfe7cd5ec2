// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/moments.h"
#include "base/rare.h"
#include "connections/connection.h"
#include "connections/credentials.h"
#include "connections/revocations.h"
#include "connections/stepup.h"
#include "http/addresssecrets.h"

namespace mooring::connections {

using base::momentText;

/// Why a token is wanted other than "the one at hand has run out".
struct RefreshReason {
    bool force = false;
    /// The very token that a server has refused.
    base::Secret refused = {};
};

using SelfPointer = std::shared_ptr<Connection>;

/// A grant, and all that is needed to give it back.
struct GivenBack {
    /// Of the entry that is made if the service can't be told now.
    QString revocationId;
    /// oauth::AuthorizationServer::toRecord().
    QJsonObject server;
    /// Empty for a client that isn't stored: then it is now or never.
    QString registrationId;
    oauth::ClientRegistration client;
    Grant grant;
};

/// The inside of a Connection, shared by the files that implement its parts: refresh.cpp,
/// signin.cpp, departure.cpp, credentials.cpp. Static tasks hold the connection by `self`.
class Connection::Private {
public:
    Private(ConnectionRecord recordOnFile, Services handedIn)
        : record(std::move(recordOnFile))
        , services(handedIn)
    {
    }

    QDateTime now() const { return services.clock(); }
    /// Without what is secret of it; an older version has left such a thing in the record.
    QUrl serverUrl() const { return http::withoutSecretQuery(record.url).url; }
    /// RefusedByPolicy if the person has not allowed it, or not any more.
    base::Result<void> checkAddress() const;
    GrantStore &store() const { return live.windowOnly ? services.windowGrants : services.grants; }
    /// Who has led to what the service's documents name; see SignInSettings::namerOf().
    QUrl namer() const { return record.settings.namerOf({}, record.url); }
    /// Reads the records file if another process has written it; the list hands out what is new.
    void reread();
    /// Tells the store where the keychain's items of this connection are, and what they are called there.
    void tellStore() const;
    void setTrouble(const base::Error &error);
    void clearTrouble();
    void forgetCredentials();

    /// Adds a line to the diary.
    static void note(const SelfPointer &self, const QString &text);
    /// For this process and for others.
    void keepReport(const mcp::ProbeReport &report);
    /// What was found out about the sign-in counts no more, here and for others.
    void forgetDiscovery();
    void keepTrouble(const std::optional<base::Error> &error);
    static base::Task<base::Result<void>> recordReport(SelfPointer self, mcp::ProbeReport report,
                                                       std::stop_token stop);
    /// Changes the record: in the file, or only here for a sign-in of this window. NotFound if
    /// another process has removed the connection.
    static base::Task<base::Result<void>> updateRecord(SelfPointer self, RecordChange change,
                                                       std::stop_token stop);
    /// The same for what stands beside the connections in the file, too.
    static base::Task<base::Result<void>> updateRecords(SelfPointer self, RecordsChange change,
                                                        std::stop_token stop);
    /// Rights that the person is to be asked for; empty for none.
    static base::Task<void> setScopesWanted(SelfPointer self, QStringList scopes);
    static std::shared_ptr<mcp::Session> sessionOf(const SelfPointer &self);
    static base::Task<void> afterUse(SelfPointer self, std::shared_ptr<mcp::Session> used,
                                     std::optional<base::Error> error);

    // refresh.cpp
    static base::Task<base::Result<Grant>> freshGrant(SelfPointer self, RefreshReason reason,
                                                      std::stop_token stop);
    static base::Task<void> runRefresh(SelfPointer self, RefreshReason reason,
                                       std::shared_ptr<base::SharedResult<Grant>> shared);

    // signin.cpp
    static base::Task<void> runSignIn(SelfPointer self, AuthorizeOptions options,
                                      std::shared_ptr<base::SharedResult<bool>> shared, std::stop_token stop);

    // arrival.cpp
    // furthersecrets.cpp
    /// What is on record as the part of the keychain beside the grant or the key. Errors: Keychain,
    /// SignInNeeded.
    static base::Task<base::Result<FurtherSecrets>> furtherSecrets(SelfPointer self, std::stop_token stop);
    /// Replaces it, and what the record says of it. The caller holds the connection's lock.
    static base::Task<base::Result<void>> storeFurther(SelfPointer self, FurtherSecrets secrets,
                                                       QList<SentHeader> headers, QStringList secretQuery,
                                                       std::stop_token stop);
    static base::Task<base::Result<void>> dropFurther(SelfPointer self, FurtherArrival last,
                                                      std::stop_token stop);
    static base::Task<base::Result<void>> removeFurther(SelfPointer self, std::stop_token stop);
    static base::Task<base::Result<void>> settleFurther(SelfPointer self);
    /// Drops the values of secret headers that the record doesn't list, or all of them. Under the lock, too.
    static base::Task<base::Result<void>> tidyFurther(SelfPointer self, bool all);

    // headerkey.cpp
    static base::Task<base::Result<void>> storeHeaders(SelfPointer self, QList<TypedHeader> headers,
                                                       bool besideSignIn, std::stop_token stop);
    /// With the values that are stored for those that came without one; the caller holds the lock.
    static base::Task<base::Result<QList<TypedHeader>>> withKeptValues(SelfPointer self,
                                                                       QList<TypedHeader> headers,
                                                                       FurtherSecrets further,
                                                                       std::stop_token stop);
    static base::Task<base::Result<void>> storeKey(SelfPointer self, TypedHeader key, std::stop_token stop);

    /// Looks in the keychain for what the record says is arriving. The caller holds the connection's lock.
    static base::Task<base::Result<void>> settleArrival(SelfPointer self);
    /// The same with the lock; does nothing where nothing was interrupted.
    static base::Task<base::Result<void>> finishArrival(SelfPointer self, std::stop_token stop);

    // departure.cpp
    /// Tells the service; what it can't be told now is sealed, so that the grant itself may go. An error
    /// means that it was neither told nor sealed.
    static base::Task<base::Result<Disconnected>> giveBack(SelfPointer self, GivenBack given);
    /// The same with the registration and the service that are on record.
    static base::Task<base::Result<Disconnected>> revokeGrant(SelfPointer self, Grant grant);
    /// The same for a grant that a newer one has replaced; trouble is only noted. Then the registration
    /// goes that was used for it alone, if there is such a one.
    static base::Task<void> revokeReplaced(SelfPointer self, GivenBack given, QString unusedRegistration);
    static RecordChange departed(qint64 generation);
    static base::Error leavingError();
    static base::Task<base::Result<Disconnected>> depart(SelfPointer self);
    static base::Task<void> runDeparture(SelfPointer self,
                                         std::shared_ptr<base::SharedResult<Disconnected>> shared);

    /// Has the keychain take what is only in memory, sooner or later.
    static base::Task<void> saveLater(SelfPointer self);
    /// The grant that counts, where the keychain was read for one; nothing if there is none.
    std::optional<Grant> latest(const std::optional<Grant> &stored) const;
    /// What was found is older than the record, and in another keychain than the one that the record names:
    /// then the newest is there, and nothing may be done with this one. Nullopt otherwise.
    std::optional<base::Error> newestElsewhere(const Grant &found) const;
    /// Nothing is where the record says that something is.
    base::Error notInKeychain(const QString &otherwise) const;

    /// The proofs for a grant whose tokens are bound to a key; null for others.
    std::shared_ptr<oauth::DpopProver> proverOf(const Grant &grant);

    ConnectionRecord record;
    Services services;
    LiveFacts live;
    mutable base::Rare<Diary> diary;
    std::optional<QList<mcp::Tool>> tools;
    QString toolsNote;
    std::optional<mcp::ServerInfo> serverInfo;
    /// Has a discovery only if it was made by this process.
    base::Rare<mcp::ProbeReport> report;

    /// What the server last said about who may do something; empty after a sign-in.
    QList<oauth::Challenge> challenges;
    StepUp stepUp;

    std::optional<Grant> cached;
    std::shared_ptr<oauth::DpopProver> prover;
    std::optional<HeaderKey> cachedKey;
    std::optional<FurtherSecrets> cachedFurther;
    /// Tokens that could not be written to the keychain; see refresh.cpp.
    std::optional<Grant> unsaved;
    bool isSavingLater = false;
    /// A token that this server has accepted.
    base::Secret accepted;
    int failures = 0;
    std::optional<QDateTime> retryAt;

    /// Held by each exchange and renewal from before it is posted until what it brings is stored.
    std::shared_ptr<bool> underWay = std::make_shared<bool>(true);
    std::shared_ptr<base::SharedResult<Grant>> refreshing;
    std::shared_ptr<base::SharedResult<bool>> signingIn;
    std::stop_source signInStop;
    std::stop_source unlockStop;
    oauth::BrowserSignIn *browser = nullptr;
    std::shared_ptr<base::SharedResult<Disconnected>> departing;
    std::unique_ptr<Credentials> credentials;
    /// The same without the sign-in or the key.
    std::unique_ptr<Credentials> besideCredentials;
    std::shared_ptr<mcp::Session> session;
};

/// For sentences: the host of the sign-in service of a record.
QString issuerHost(const ConnectionRecord &record);

} // namespace mooring::connections
