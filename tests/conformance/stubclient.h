// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connections/connectionlist.h"
#include "http/client.h"
#include "storage/memorysecretstore.h"
#include "support/fakeperson.h"

namespace mooring::conformance {

/// What the suite tells about one scenario.
struct Scenario {
    QString name;
    QUrl url;
    /// MCP_CONFORMANCE_CONTEXT: what the client is supposed to know already.
    QJsonObject context;
};

/// One person with one server: adds it, signs in where it wants that, and uses all of its tools. Everything
/// but the person and the keychain is what the real programs are made of.
class StubClient final {
public:
    explicit StubClient(Scenario scenario);

    /// The object must outlive the task.
    base::Task<base::Result<void>> run(std::stop_token stop);
    /// The way a program ends.
    base::Task<void> shutDown();

private:
    base::Task<base::Result<void>> setUp(std::stop_token stop);
    base::Task<base::Result<void>> arrive(std::stop_token stop);
    base::Task<base::Result<void>> signIn(connections::AuthorizeOptions options, std::stop_token stop);
    base::Task<base::Result<void>> useTools(std::stop_token stop);
    connections::AuthorizeOptions optionsOfContext() const;

    Scenario m_scenario;
    support::FakePerson m_person;
    storage::MemorySecretStore m_secrets;
    http::Client m_http;
    connections::ConnectionList m_list;
    std::shared_ptr<connections::Connection> m_connection;
};

} // namespace mooring::conformance
