// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "http/addresssecrets.h"
#include "storage/memorysecretstore.h"

#include <QHash>
#include <QTimer>

namespace mooring::connections {

/// The inside of a ConnectionList, shared by connectionlist.cpp and connectionlistwork.cpp.
class ConnectionList::Private {
public:
    Private(http::Client &client, storage::SecretStore &secretStore, const storage::Profile &profile,
            base::Clock handedClock, base::Deadlines handedDeadlines, oauth::OpenUrl handedOpenUrl)
        : http(client)
        , secrets(secretStore)
        , records(profile, handedDeadlines)
        , grants(secretStore, profile.keychainPrefix())
        , windowGrants(windowSecrets, profile.keychainPrefix())
        , registrations(records, grants, client, handedDeadlines)
        , revocations(records, secretStore, registrations, client, handedDeadlines, tasks)
        , clock(std::move(handedClock))
        , deadlines(handedDeadlines)
        , openUrl(std::move(handedOpenUrl))
    {
    }

    Services services()
    {
        return {http,        records, grants,    windowGrants, registrations,
                revocations, clock,   deadlines, openUrl,      tasks};
    }

    http::Client &http;
    storage::SecretStore &secrets;
    storage::MemorySecretStore windowSecrets;
    RecordsFile records;
    GrantStore grants;
    GrantStore windowGrants;
    Registrations registrations;
    Revocations revocations;
    base::Clock clock;
    base::Deadlines deadlines;
    oauth::OpenUrl openUrl;
    std::unique_ptr<storage::FolderWatch> watch;
    QList<std::shared_ptr<Connection>> connections;
    QHash<QString, std::shared_ptr<Connection>> byId;
    QHash<QString, QDateTime> checkedAt;
    QList<std::shared_ptr<Connection>> toCheck;
    int checking = 0;
    QTimer finishing;
    bool finishesAgain = false;
    // Last, so that it goes first: its tasks use all of the above.
    base::TaskScope tasks;

    void adopt(ConnectionList *list, const Records &fresh);
    void startChecks();
    static base::Task<void> checkOne(Private *d, std::shared_ptr<Connection> connection);
    /// Those that leave, or whose credential was on its way into the keychain.
    QList<std::shared_ptr<Connection>> unfinished() const;
    void finishLater();
    static base::Task<void> finish(std::shared_ptr<Connection> connection);
    static base::Task<void> finishQuietly(Private *d);
    static base::Task<base::Result<void>> keepKeys(Private *d, std::shared_ptr<Connection> connection,
                                                   NewConnection request, http::SplitAddress address,
                                                   std::stop_token stop);
    /// What connections that are gone, or that need it no more, have left in the keychain.
    static base::Task<void> sweepFurther(Private *d);
    static base::Task<base::Result<void>> dropRecord(Private *d, QString id, std::stop_token stop);
};

} // namespace mooring::connections
