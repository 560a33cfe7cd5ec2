// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"

#include "base/displaytext.h"
#include "connections/reporttext.h"
#include "http/urlpolicy.h"

#include <QCoreApplication>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using Verdict = mcp::ProbeReport::Verdict;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::cli", text);
}

Result<void> refuseTwin(const Context &context, const QUrl &url)
{
    const auto twins = context.list.withUrl(url);
    if (twins.isEmpty() || !context.arguments.newName.isEmpty()) {
        return {};
    }
    return base::failed(
        base::makeError(ErrorKind::InvalidInput, tr("This server is in the list already, as \"%1\". For a "
                                                    "second account there, give it another name with --name.")
                                                     .arg(base::displayText(twins.first()->record().name))));
}

QList<connections::TypedHeader> typedHeaders(const Arguments &arguments, const base::Secret &key)
{
    return arguments.headerName.isEmpty() ? QList<connections::TypedHeader>()
                                          : QList<connections::TypedHeader>{{arguments.headerName, key}};
}

ExitCode exitCodeOf(const mcp::ProbeReport &report)
{
    switch (report.verdict) {
    case Verdict::Open:
    case Verdict::NeedsSignIn:
    case Verdict::NeedsKey:
        return ExitCode::Ok;
    case Verdict::KeyRefused:
        return ExitCode::SignInNeeded;
    case Verdict::NotMcp:
        return ExitCode::NotFound;
    case Verdict::Refused:
        return ExitCode::Refused;
    case Verdict::SignInUnusable:
    case Verdict::Blocked:
        return report.error ? cli::exitCodeOf(*report.error) : ExitCode::Failed;
    case Verdict::Unreachable:
        break;
    }
    return report.error ? cli::exitCodeOf(*report.error) : ExitCode::Network;
}

QString nextStep(const connections::Connection &connection)
{
    const QString name = base::displayText(connection.record().name);
    switch (connection.state().phase) {
    case connections::Phase::NotAuthorized:
        return tr("Next: mooringctl authorize \"%1\"").arg(name);
    case connections::Phase::Open:
    case connections::Phase::ApiKey:
        return tr("Next: mooringctl tools \"%1\"").arg(name);
    default:
        return {};
    }
}

} // namespace

Task<Result<base::Secret>> readHeaderKey(Context context, std::stop_token stop)
{
    if (context.arguments.headerName.isEmpty()) {
        co_return base::Secret();
    }
    const QString question =
        tr("Key for the header %1:").arg(base::displayText(context.arguments.headerName));
    Result<base::Secret> key = co_await context.terminal.readSecret(question, stop);
    if (!key) {
        co_return base::failed(key.error());
    }
    const Result<void> valid = connections::checkHeaderKey(context.arguments.headerName, *key);
    co_return valid ? key : Result<base::Secret>(base::failed(valid.error()));
}

Task<Result<ExitCode>> runProbe(Context context, std::stop_token stop)
{
    const Result<QUrl> url = http::UrlPolicy::parseTyped(context.arguments.url);
    if (!url) {
        co_return base::failed(url.error());
    }
    Result<base::Secret> key = co_await readHeaderKey(context, stop);
    if (!key) {
        co_return base::failed(key.error());
    }
    Terminal &terminal = context.terminal;
    const bool isReport = context.arguments.report;
    const auto show = [&terminal, isReport](const http::Step &step) {
        if (!isReport) {
            terminal.out(stepText(step, terminal.outputStyle()));
        }
    };
    mcp::ProbeReport report =
        co_await context.list.probe(*url, typedHeaders(context.arguments, *key), {}, show, stop);
    if (stop.stop_requested()) {
        co_return base::failed(base::cancelledError());
    }
    QJsonObject document = {{u"report"_s, report.toJson()}};
    if (report.error) {
        document.insert(u"error"_s, toJson(*report.error));
    }
    const QString text = connections::reportText(*url, report);
    if (isReport) {
        document.insert(u"text"_s, text);
    }
    terminal.jsonOut(document);
    terminal.out(isReport ? text.trimmed() : u'\n' + verdictText(report, terminal.outputStyle()));
    co_return exitCodeOf(report);
}

Task<Result<ExitCode>> runAdd(Context context, std::stop_token stop)
{
    const Result<QUrl> url = http::UrlPolicy::parseTyped(context.arguments.url);
    if (!url) {
        co_return base::failed(url.error());
    }
    if (const Result<void> unique = refuseTwin(context, *url); !unique) {
        co_return base::failed(unique.error());
    }
    Result<base::Secret> key = co_await readHeaderKey(context, stop);
    if (!key) {
        co_return base::failed(key.error());
    }
    context.terminal.say(tr("Looking at %1…").arg(base::displayAuthority(*url)));
    const QList<connections::TypedHeader> headers = typedHeaders(context.arguments, *key);
    mcp::ProbeReport report = co_await context.list.probe(*url, headers, {}, {}, stop);
    if (stop.stop_requested()) {
        co_return base::failed(base::cancelledError());
    }
    if (report.verdict == Verdict::Refused && report.error) {
        co_return base::failed(*report.error);
    }
    connections::NewConnection request;
    request.url = *url;
    request.name = context.arguments.newName;
    request.headers = headers;
    request.report = std::move(report);
    Result<std::shared_ptr<connections::Connection>> added =
        co_await context.list.add(std::move(request), stop);
    if (!added) {
        co_return base::failed(added.error());
    }
    const ConnectionView view = viewOf(**added, context.now());
    context.terminal.jsonOut({{u"connection"_s, toJson(view)}});
    context.terminal.out(tr("Added."));
    context.terminal.out(statusText(view, context.terminal.outputStyle(), context.now()));
    if (const QString next = nextStep(**added); !next.isEmpty()) {
        context.terminal.out(next);
    }
    co_return ExitCode::Ok;
}

} // namespace mooring::cli
