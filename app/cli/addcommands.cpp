// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/addcommands.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "cli/adding.h"
#include "cli/outputjson.h"
#include "cli/outputtext.h"
#include "cli/pastedinput.h"
#include "http/addresssecrets.h"
#include "http/urlpolicy.h"
#include "text/reporttext.h"

#include <QJsonArray>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using interop::PastedServer;

namespace {

QString titleOf(const PastedServer &server)
{
    const Result<QUrl> url = http::UrlPolicy::parseTyped(server.url.before());
    const QString shown =
        url ? base::displayAuthority(*url) : base::displayText(http::withoutSecrets(server.url.before()), 80);
    return server.name.isEmpty() ? shown : u"%1  %2"_s.arg(base::displayText(server.name, 40), shown);
}

Result<QList<PastedServer>> chosen(const QList<PastedServer> &servers, const QString &answer)
{
    if (answer.isEmpty()) {
        return servers;
    }
    QList<PastedServer> some;
    const QStringList words = QString(answer).replace(u',', u' ').split(u' ', Qt::SkipEmptyParts);
    for (const QString &word : words) {
        const qsizetype number = word.toInt();
        if (number < 1 || number > servers.size()) {
            return base::failed(base::makeError(
                ErrorKind::InvalidInput,
                Words::tr("There is no number %1 in this list.").arg(base::displayText(word, 20))));
        }
        some.append(servers.at(number - 1));
    }
    return some;
}

/// Only a person can choose; otherwise all are meant.
Task<Result<QList<PastedServer>>> chooseServers(Terminal &terminal, QList<PastedServer> servers,
                                                std::stop_token stop)
{
    if (servers.size() < 2 || !terminal.canAsk()) {
        co_return servers;
    }
    terminal.say(Words::tr("These servers are in it:"));
    for (qsizetype i = 0; i < servers.size(); ++i) {
        terminal.say(u"  %1  %2"_s.arg(i + 1).arg(titleOf(servers.at(i))));
    }
    terminal.say(Words::tr("Which of them? Type their numbers, or press Enter for all:"));
    Result<std::optional<QByteArray>> line = co_await terminal.readLine(stop);
    if (!line) {
        co_return base::failed(line.error());
    }
    co_return chosen(servers, QString::fromUtf8(line->value_or(QByteArray())).trimmed());
}

/// Name and headers are of one server.
Result<void> checkForOne(const Arguments &arguments, qsizetype count)
{
    const bool isForOne = !arguments.newName.isEmpty() || !arguments.headers.isEmpty();
    if (count < 2 || !isForOne) {
        return {};
    }
    return base::failed(
        base::makeError(ErrorKind::InvalidInput,
                        Words::tr("These are %1 servers, and --name and --header are for one.").arg(count)));
}

/// One after the other. That one can't be added is no reason to leave out the next.
Task<Result<ExitCode>> addEach(Context context, QList<PastedServer> servers, std::stop_token stop)
{
    QJsonArray documents;
    ExitCode worst = ExitCode::Ok;
    for (const PastedServer &server : std::as_const(servers)) {
        context.terminal.out(u'\n' + titleOf(server));
        Adding adding(context, server, {}, {});
        Result<Added> added = co_await adding.run(stop);
        if (stop.stop_requested()) {
            co_return base::failed(base::cancelledError());
        }
        if (!added) {
            const base::Error error = added.error();
            context.terminal.say(errorText(error, context.terminal.errorStyle()));
            added = Added{exitCodeOf(error), {{u"error"_s, toJson(error)}}};
        }
        worst = worst == ExitCode::Ok ? added->code : worst;
        documents.append(added->document);
    }
    context.terminal.jsonOut({{u"servers"_s, documents}});
    co_return worst;
}

} // namespace

Task<Result<ExitCode>> runProbe(Context context, std::stop_token stop)
{
    const Result<QUrl> url = http::UrlPolicy::parseTyped(context.arguments.url, http::PlainHttp::ThisNetwork);
    if (!url) {
        co_return base::failed(url.error());
    }
    Result<QList<GivenHeader>> headers =
        co_await readHeaders(context.terminal, context.arguments.headers, stop);
    if (!headers) {
        co_return base::failed(headers.error());
    }
    Terminal &terminal = context.terminal;
    const bool isReport = context.arguments.report;
    const auto show = [&terminal, isReport](const http::Step &step) {
        if (!isReport) {
            terminal.out(stepText(step, terminal.outputStyle()));
        }
    };
    mcp::ProbeReport report = co_await context.list.probe(*url, typedHeaders(*headers), {}, show, stop);
    if (stop.stop_requested()) {
        co_return base::failed(base::cancelledError());
    }
    QJsonObject document = {{u"report"_s, report.toJson()}};
    if (report.error) {
        document.insert(u"error"_s, toJson(*report.error));
    }
    const QString text = text::reportText(*url, report);
    if (isReport) {
        document.insert(u"text"_s, text);
    }
    terminal.jsonOut(document);
    terminal.out(isReport ? text.trimmed() : u'\n' + verdictText(report, terminal.outputStyle()));
    co_return exitCodeOf(report);
}

Task<Result<ExitCode>> runAdd(Context context, std::stop_token stop)
{
    Terminal &terminal = context.terminal;
    if (context.arguments.pasted.isEmpty() && terminal.canAsk()) {
        terminal.say(
            Words::tr("Paste an address, or what the server's instructions say; then press Ctrl-D:"));
    }
    Result<interop::Paste> paste = co_await readPastedInput(terminal, context.arguments.pasted, stop);
    if (!paste) {
        co_return base::failed(paste.error());
    }
    for (const QString &note : std::as_const(paste->notes)) {
        terminal.say(base::displayText(note, 500));
    }
    Result<QList<PastedServer>> servers = co_await chooseServers(terminal, paste->servers, stop);
    if (!servers) {
        co_return base::failed(servers.error());
    }
    if (const Result<void> checked = checkForOne(context.arguments, servers->size()); !checked) {
        co_return base::failed(checked.error());
    }
    if (servers->size() != 1) {
        co_return co_await addEach(std::move(context), *servers, stop);
    }
    Result<QList<GivenHeader>> headers = co_await readHeaders(terminal, context.arguments.headers, stop);
    if (!headers) {
        co_return base::failed(headers.error());
    }
    Adding adding(context, servers->first(), context.arguments.newName, *headers);
    Result<Added> added = co_await adding.run(stop);
    if (!added) {
        co_return base::failed(added.error());
    }
    terminal.jsonOut(added->document);
    co_return added->code;
}

} // namespace mooring::cli
