// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "conformance/stubclient.h"

#include <QJsonArray>

namespace mooring::conformance {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using connections::AuthorizeOptions;
using oauth::SignInSettings;

namespace {

/// The document that the suite expects as client id where a service takes such a thing.
constexpr auto clientMetadataUrl = "https://conformance-test.local/client-metadata.json"_L1;
/// How often a person says yes to one more sign-in before giving up.
constexpr int patience = 3;

struct ToolUse {
    QString name;
    QJsonObject arguments;
};

/// Something for everything that a tool insists on.
QJsonObject argumentsFor(const mcp::Tool &tool)
{
    QJsonObject arguments;
    const QJsonArray required = tool.inputSchema.value("required"_L1).toArray();
    for (const QJsonValue name : required) {
        const QString type = tool.inputSchema.value("properties"_L1)[name.toString()]["type"_L1].toString();
        if (type == "number"_L1 || type == "integer"_L1) {
            arguments.insert(name.toString(), 2);
        } else if (type == "boolean"_L1) {
            arguments.insert(name.toString(), true);
        } else {
            arguments.insert(name.toString(), u"text"_s);
        }
    }
    return arguments;
}

QList<ToolUse> usesFor(const Scenario &scenario, const QList<mcp::Tool> &tools)
{
    QList<ToolUse> uses;
    const QJsonArray wanted = scenario.context.value("toolCalls"_L1).toArray();
    for (const QJsonValue use : wanted) {
        uses.append({use["name"_L1].toString(), use["arguments"_L1].toObject()});
    }
    // This server has no tools/call.
    if (!uses.isEmpty() || scenario.name == "json-schema-ref-no-deref"_L1) {
        return uses;
    }
    for (const mcp::Tool &tool : tools) {
        uses.append({tool.name, argumentsFor(tool)});
    }
    if (scenario.name == "json-schema-2020-12-preservation"_L1 && !tools.isEmpty()) {
        uses = {{u"json_schema_echo"_s, {{u"schema"_s, tools.first().inputSchema}}}};
    }
    return uses;
}

/// Says yes, and fills in only what the form doesn't fill in by itself.
Task<mcp::ElicitationAnswer> acceptAsOffered(mcp::Elicitation question, std::stop_token)
{
    mcp::ElicitationAnswer answer;
    answer.action = mcp::ElicitationAnswer::Action::Accept;
    const QJsonObject fields = question.requestedSchema.value("properties"_L1).toObject();
    for (auto field = fields.begin(); field != fields.end(); ++field) {
        const QJsonObject schema = field.value().toObject();
        if (!schema.contains("default"_L1) && schema.value("type"_L1) == "boolean"_L1) {
            answer.content.insert(field.key(), true);
        }
    }
    co_return answer;
}

/// A sign-in would help, as far as this error says.
bool isAboutSignIn(const base::Error &error)
{
    return error.kind == ErrorKind::SignInNeeded || error.kind == ErrorKind::MoreScopeNeeded;
}

} // namespace

StubClient::StubClient(Scenario scenario)
    : m_scenario(std::move(scenario))
    , m_list(m_http, m_secrets, storage::Profile(), base::systemClock(), base::Deadlines(),
             m_person.openUrl())
{
}

Task<Result<void>> StubClient::run(std::stop_token stop)
{
    Result<void> ready = co_await setUp(stop);
    if (ready) {
        ready = co_await arrive(stop);
    }
    if (!ready) {
        co_return ready;
    }
    for (int round = 0;; ++round) {
        Result<void> used = co_await useTools(stop);
        if (used || round == patience || !isAboutSignIn(used.error())) {
            co_return used;
        }
        AuthorizeOptions options = optionsOfContext();
        options.moreScopes = used.error().scopes;
        Result<void> signedIn = co_await signIn(std::move(options), stop);
        if (!signedIn) {
            co_return signedIn;
        }
    }
}

Task<Result<void>> StubClient::setUp(std::stop_token stop)
{
    Result<void> loaded = m_list.load();
    if (!loaded) {
        co_return loaded;
    }
    const std::optional<QString> metadata = QString(clientMetadataUrl);
    Result<void> described = co_await m_list.setClientMetadataUrl(metadata, stop);
    if (!described) {
        co_return described;
    }
    connections::NewConnection request;
    request.url = m_scenario.url;
    Result<std::shared_ptr<connections::Connection>> added = co_await m_list.add(request, stop);
    if (!added) {
        co_return base::failed(added.error());
    }
    m_connection = *added;
    SignInSettings settings;
    if (m_scenario.name.startsWith("auth/client-credentials"_L1)) {
        settings.way = SignInSettings::Way::ClientCredentials;
    }
    Result<void> set = co_await m_connection->setSettings(settings, stop);
    co_return set;
}

Task<Result<void>> StubClient::arrive(std::stop_token stop)
{
    const mcp::ProbeReport report = co_await m_connection->check({}, stop);
    using Verdict = mcp::ProbeReport::Verdict;
    if (report.verdict == Verdict::Open) {
        co_return Result<void>();
    }
    const bool maySignIn = report.verdict == Verdict::NeedsSignIn
                           || (report.verdict == Verdict::NeedsKey && report.discovery.has_value());
    if (!maySignIn) {
        const base::Error unknown =
            base::makeError(ErrorKind::NotFound, u"The probe ended without a reason."_s);
        co_return base::failed(report.error.value_or(unknown));
    }
    Result<void> signedIn = co_await signIn(optionsOfContext(), stop);
    co_return signedIn;
}

Task<Result<void>> StubClient::signIn(AuthorizeOptions options, std::stop_token stop)
{
    Result<void> done = co_await m_connection->authorize(options, stop);
    const bool hasMoved = !done && done.error().remedy == oauth::remedies::acceptsNewIssuer;
    if (hasMoved && m_scenario.name == "auth/authorization-server-migration"_L1) {
        options.acceptNewIssuer = true;
        done = co_await m_connection->authorize(options, stop);
    }
    co_return done;
}

AuthorizeOptions StubClient::optionsOfContext() const
{
    const QJsonObject &context = m_scenario.context;
    const auto secret = [&context](QLatin1StringView key) {
        return base::Secret(context.value(key).toString().toUtf8());
    };
    AuthorizeOptions options;
    if (context.contains("client_id"_L1)) {
        connections::ClientCredentials client;
        client.clientId = context.value("client_id"_L1).toString();
        client.clientSecret = secret("client_secret"_L1);
        client.privateKey = secret("private_key_pem"_L1);
        client.keyAlgorithm = context.value("signing_algorithm"_L1).toString().toLatin1();
        options.client = client;
    }
    if (context.contains("valid_jwt"_L1)) {
        options.assertion = connections::AssertionGrant{secret("valid_jwt"_L1)};
    }
    if (context.contains("idp_id_token"_L1)) {
        connections::AssertionGrant grant{secret("idp_id_token"_L1)};
        grant.idpTokenEndpoint = QUrl(context.value("idp_token_endpoint"_L1).toString());
        grant.idpClient.clientId = context.value("idp_client_id"_L1).toString();
        options.assertion = grant;
    }
    return options;
}

Task<Result<void>> StubClient::useTools(std::stop_token stop)
{
    Result<QList<mcp::Tool>> tools = co_await m_connection->listTools(stop);
    if (!tools) {
        co_return base::failed(tools.error());
    }
    const QList<ToolUse> uses = usesFor(m_scenario, *tools);
    for (const ToolUse &use : uses) {
        Result<mcp::ToolResult> result =
            co_await m_connection->callTool(use.name, use.arguments, acceptAsOffered, stop);
        if (!result) {
            co_return base::failed(result.error());
        }
        if (result->isError) {
            co_return base::failed(base::makeError(
                ErrorKind::Protocol, u"The tool %1 ended with an error: %2"_s.arg(use.name, result->text())));
        }
    }
    co_return Result<void>();
}

Task<void> StubClient::shutDown()
{
    co_await m_list.shutDown();
}

} // namespace mooring::conformance
