// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "http/client.h"
#include "storage/memorysecretstore.h"
#include "support/await.h"
#include "support/fakeauthserver.h"
#include "support/fakemcpserver.h"
#include "support/fakeperson.h"
#include "support/manualclock.h"

#include <QTemporaryDir>

namespace mooring::support {

/// Everything around a ConnectionList: a profile folder of its own, secrets in memory, a clock that
/// goes by hand, a person at a browser, a protected MCP server and its sign-in service.
class Testbed {
public:
    Testbed();
    ~Testbed();

    /// Ends the list and makes a new one on the same folder and the same secrets.
    void restart();
    /// Adds the server and signs in. Fails the test if that doesn't work.
    std::shared_ptr<connections::Connection> signedIn();
    std::shared_ptr<connections::Connection> added(connections::NewConnection request);
    std::shared_ptr<connections::Connection> added(const QUrl &url);
    /// With the header and the key that the server wants.
    std::shared_ptr<connections::Connection> addedWithKey(const FakeMcpServer &server);
    connections::ConnectionRecord recordOnDisk(const QString &id) const;
    /// All bytes of all files below the profile folder.
    QByteArray everythingOnDisk() const;

    QTemporaryDir folder;
    ManualClock clock;
    base::Deadlines deadlines;
    FakeAuthServer auth;
    FakeMcpServer mcp;
    FakePerson person;
    storage::MemorySecretStore secrets;
    /// What the list keeps its secrets in, from the next restart() on.
    storage::SecretStore *store = &secrets;
    http::Client http;
    std::unique_ptr<connections::ConnectionList> list;

private:
    void open();
};

} // namespace mooring::support
