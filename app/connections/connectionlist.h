// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connection.h"
#include "connections/moving.h"
#include "connections/records/names.h"
#include "connections/records/typedheaders.h"
#include "connections/revocation/pendingrevocations.h"
#include "http/addresssecrets.h"
#include "storage/folderwatch.h"

#include <QObject>

#include <memory>

namespace mooring::connections {

struct NewConnection {
    QUrl url;
    /// Empty: made from the host.
    QString name;
    /// What every request to the server is to carry.
    QList<TypedHeader> headers;
    /// What the person has allowed or chosen before there was a connection.
    oauth::SignInSettings settings;
    /// A probe that has just been made, if any.
    std::optional<mcp::ProbeReport> report;
};

/// All connections of a profile, as the records file has them; follows what other processes write.
class ConnectionList final : public QObject {
    Q_OBJECT
public:
    /// What is handed in outlives the list.
    ConnectionList(http::Client &http, storage::SecretStore &secrets, storage::Profile profile,
                   base::Clock clock, base::Deadlines deadlines, oauth::OpenUrl openUrl);
    ~ConnectionList() override;

    /// Reads the list, or takes what RecordsFile::readAhead() has read. No network, no keychain. A
    /// damaged file is an error to show; the list is then empty and usable.
    base::Result<void> load(std::shared_ptr<RecordsFile::Ahead> ahead = nullptr);

    const QList<std::shared_ptr<Connection>> &connections() const;
    /// Null if there is none.
    std::shared_ptr<Connection> byId(const QString &id) const;
    /// By name (without case), else by id, else by URL. Errors: NotFound, InvalidInput if several match.
    base::Result<std::shared_ptr<Connection>> find(const QString &nameOrUrl) const;
    QList<std::shared_ptr<Connection>> withUrl(const QUrl &url) const;

    /// Errors: InvalidInput, Storage, Keychain (for a header key; nothing is added then).
    base::Task<base::Result<std::shared_ptr<Connection>>> add(NewConnection request, std::stop_token stop);
    /// Disconnects first, if anything is stored. With an error nothing is removed, unless `force`.
    base::Task<base::Result<Disconnected>> remove(QString id, bool force, std::stop_token stop);

    /// A probe outside of any connection, for the add dialog and `mooringctl probe`.
    base::Task<mcp::ProbeReport> probe(QUrl url, QList<TypedHeader> headers, oauth::SignInSettings settings,
                                       http::StepSink sink, std::stop_token stop);

    /// Looks at every server in the background: six at a time, at most once in ten minutes each, no
    /// token, no browser. Call it when the window is first shown and when the network has come back.
    void checkAllQuietly();
    /// Finishes what an earlier run began (Connection::finishInterrupted()), and from now on disconnects that
    /// a keychain held up: they are tried again every minute, without a prompt. Touches the keychain only if
    /// there is any such thing.
    void finishInterrupted();
    /// The services that are still to be told of ended sign-ins.
    PendingRevocations &revocations() const;

    /// True once for each keychain: that new secrets go to `place` is told to a person once, by window or
    /// terminal.
    bool isNewsAboutKeychain(const QString &place);
    /// Brings all that Mooring has in keychains to the one that something new goes to: after a change of the
    /// desktop, or of the program that keeps the secrets. May ask the person. Only Cancelled is an error of
    /// the whole.
    base::Task<base::Result<Moved>> moveSecrets(std::stop_token stop);

    /// Where the document is that describes Mooring as a client to services that take such a thing (MCP
    /// client ID metadata documents). Empty: none is used.
    QString clientMetadataUrl() const;
    /// Nothing: back to the one of this build. Errors: InvalidInput, Storage.
    base::Task<base::Result<void>> setClientMetadataUrl(std::optional<QString> url, std::stop_token stop);

    storage::SecretStore &secrets() const;
    base::Clock clock() const;

    /// What would be lost if the program ended now; none if nothing.
    std::optional<base::Error> lossAtQuit() const;
    /// The names of the connections whose tokens are on their way from a service into the keychain: until
    /// they are there, the end of the process could be the end of the sign-in.
    QStringList withTokensUnderWay() const;
    /// Ends everything that may be ended and waits for what may not: refreshes, code exchanges and
    /// keychain writes. Call before the list is destroyed.
    base::Task<void> shutDown();

Q_SIGNALS:
    void added(const std::shared_ptr<mooring::connections::Connection> &connection);
    /// `connection` is out of the list already.
    void removed(const std::shared_ptr<mooring::connections::Connection> &connection);
    /// The records file turned out to be damaged while running, or has entries that can't be used (once,
    /// while it is loaded).
    void trouble(const mooring::base::Error &error);

private:
    void adopt(const Records &fresh);
    ConnectionRecord recordFor(const NewConnection &request, const QUrl &url) const;
    base::Task<base::Result<void>> keepKeys(std::shared_ptr<Connection> connection, NewConnection request,
                                            http::SplitAddress address, std::stop_token stop);
    base::Task<base::Result<void>> dropRecord(QString id, std::stop_token stop);

    struct Parts;
    std::unique_ptr<Parts> d;
};

} // namespace mooring::connections
