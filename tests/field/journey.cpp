// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "field/journey.h"

#include "http/urlpolicy.h"

namespace mooring::field {

using namespace Qt::StringLiterals;
using connections::Connection;
using support::await;
using Verdict = mcp::ProbeReport::Verdict;

namespace {

/// Somebody who is asked more often than this gives up.
constexpr int patience = 5;

base::Task<base::Result<connections::ClientCredentials>>
registered(std::function<connections::ClientCredentials(const QString &)> registersApp, QString redirectUri)
{
    co_return registersApp(redirectUri);
}

connections::AuthorizeOptions optionsOf(const Traveller &traveller)
{
    connections::AuthorizeOptions options;
    if (traveller.registersApp) {
        options.askForClient = [registersApp = traveller.registersApp](oauth::ClientNeeded needed,
                                                                       std::stop_token) {
            return registered(registersApp, needed.redirectUri);
        };
    }
    return options;
}

/// The settings after the offer is taken; as before if there is none, or the person says no.
oauth::SignInSettings taking(const std::optional<base::Error> &error, const oauth::SignInSettings &settings,
                             const Traveller &traveller, QStringList *taken)
{
    if (!error || traveller.declines.contains(error->remedy)) {
        return settings;
    }
    const oauth::SignInSettings bent = oauth::withRemedy(settings, error->remedy);
    if (bent != settings) {
        taken->append(error->remedy);
    }
    return bent;
}

/// What is agreed to for this one sign-in. False if the error offers no such thing.
bool agree(const base::Error &error, const Traveller &traveller, connections::AuthorizeOptions *options,
           QStringList *taken)
{
    if (traveller.declines.contains(error.remedy)) {
        return false;
    }
    const QStringView remedy = error.remedy;
    bool connections::AuthorizeOptions::*const members[] = {
        &connections::AuthorizeOptions::acceptNewIssuer, &connections::AuthorizeOptions::acceptForeignPage,
        &connections::AuthorizeOptions::forgetRegistration};
    const QStringView names[] = {oauth::remedies::acceptsNewIssuer, oauth::remedies::acceptsForeignPage,
                                 oauth::remedies::forgetsRegistration};
    for (std::size_t i = 0; i < std::size(names); ++i) {
        if (remedy == names[i] && !(options->*members[i])) {
            options->*members[i] = true;
            taken->append(error.remedy);
            return true;
        }
    }
    return false;
}

std::optional<base::Error> signIn(const Traveller &traveller, Arrival *arrival)
{
    connections::AuthorizeOptions options = optionsOf(traveller);
    Connection *connection = arrival->connection.get();
    for (int turn = 0; turn < patience; ++turn) {
        const base::Result<void> done = await(connection->authorize(options, {}));
        if (done) {
            return std::nullopt;
        }
        const oauth::SignInSettings before = connection->record().settings;
        const oauth::SignInSettings after = taking(done.error(), before, traveller, &arrival->taken);
        if (after != before) {
            if (const base::Result<void> kept = await(connection->setSettings(after, {})); !kept) {
                return kept.error();
            }
        } else if (!agree(done.error(), traveller, &options, &arrival->taken)) {
            return done.error();
        }
    }
    return base::makeError(base::ErrorKind::Protocol, u"There is no end to what is offered."_s);
}

mcp::ProbeReport look(support::Testbed *bed, const Traveller &traveller, connections::NewConnection *request,
                      Arrival *arrival)
{
    mcp::ProbeReport report;
    for (int turn = 0; turn < patience; ++turn) {
        report = await(bed->list->probe(request->url, request->headers, request->settings, {}, {}));
        arrival->verdicts.append(mcp::verdictName(report.verdict));
        const bool wantsKey = report.verdict == Verdict::NeedsKey && request->headers.isEmpty();
        const oauth::SignInSettings bent =
            taking(report.error, request->settings, traveller, &arrival->taken);
        if (wantsKey && !traveller.keys.isEmpty()) {
            request->headers = traveller.keys;
        } else if (bent == request->settings) {
            break;
        }
        request->settings = bent;
    }
    return report;
}

std::optional<base::Error> use(const Traveller &traveller, Arrival *arrival)
{
    const base::Result<QList<mcp::Tool>> tools = await(arrival->connection->listTools({}));
    if (!tools) {
        return tools.error();
    }
    for (const mcp::Tool &tool : *tools) {
        arrival->tools.append(tool.name);
    }
    const QJsonObject arguments = {{u"text"_s, u"ahoy"_s}};
    const base::Result<mcp::ToolResult> result =
        await(arrival->connection->callTool(traveller.tool, arguments, {}, {}));
    if (!result) {
        return result.error();
    }
    arrival->answer = result->text();
    return std::nullopt;
}

} // namespace

QString Arrival::told() const
{
    return u"verdicts: %1; taken: %2; kept: %3; %4 [%5] %6"_s.arg(
        verdicts.join(u", "_s), taken.join(u", "_s), connection ? u"yes"_s : u"no"_s,
        error ? error->sentence : u"got in"_s, error ? error->detail : QString(),
        error ? error->remedy : QString());
}

Arrival travel(support::Testbed *bed, const Traveller &traveller)
{
    Arrival arrival;
    const base::Result<QUrl> url =
        http::UrlPolicy::parseTyped(traveller.address, http::PlainHttp::ThisNetwork);
    if (!url) {
        arrival.error = url.error();
        return arrival;
    }
    connections::NewConnection request;
    request.url = *url;
    request.headers = traveller.headers;
    const mcp::ProbeReport report = look(bed, traveller, &request, &arrival);
    request.report = report;
    const bool hasKey = !request.headers.isEmpty();
    base::Result<std::shared_ptr<Connection>> added = await(bed->list->add(std::move(request), {}));
    if (!added) {
        arrival.error = added.error();
        return arrival;
    }
    arrival.connection = *added;
    const bool isOpen = report.verdict == Verdict::Open || (hasKey && report.verdict != Verdict::NeedsSignIn);
    if (!isOpen && report.verdict != Verdict::NeedsSignIn) {
        arrival.error =
            report.error.value_or(base::makeError(base::ErrorKind::Protocol, u"There is no way on."_s));
        return arrival;
    }
    arrival.error = isOpen ? std::nullopt : signIn(traveller, &arrival);
    if (!arrival.error) {
        arrival.error = use(traveller, &arrival);
        const bool wantsSignIn =
            arrival.error && isOpen && !hasKey && arrival.error->kind == base::ErrorKind::SignInNeeded;
        if (wantsSignIn) {
            arrival.error = signIn(traveller, &arrival);
            arrival.error = arrival.error ? arrival.error : use(traveller, &arrival);
        }
    }
    return arrival;
}

void liveOn(support::Testbed *bed, Arrival *arrival)
{
    if (!arrival->gotIn()) {
        return;
    }
    if (arrival->connection->record().hasRefreshToken) {
        bed->clock.advance(std::chrono::hours(2));
        arrival->error = use({}, arrival);
        if (arrival->error) {
            return;
        }
    }
    const base::Result<connections::Disconnected> left = await(arrival->connection->disconnectFromServer({}));
    if (!left) {
        arrival->error = left.error();
    } else if (left->error) {
        arrival->error = left->error;
    }
}

} // namespace mooring::field
