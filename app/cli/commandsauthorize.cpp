// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"

#include "base/displaytext.h"
#include "cli/signininput.h"
#include "cli/systemopener.h"

#include <QCoreApplication>

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using connections::ClientCredentials;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::cli", text);
}

/// Only for a person at a terminal: what to do at the service, then the two answers.
Task<Result<ClientCredentials>> askAtTerminal(Terminal &terminal, oauth::ClientNeeded needed,
                                              std::stop_token stop)
{
    terminal.say(tr("%1 does not register apps by itself. Create an app there with this redirect address:")
                     .arg(base::displayAuthority(QUrl(needed.issuer))));
    terminal.say(u"  "_s + needed.redirectUri);
    terminal.say(tr("Then type here what you got. Client ID:"));
    Result<std::optional<QByteArray>> id = co_await terminal.readLine(stop);
    if (!id) {
        co_return base::failed(id.error());
    }
    ClientCredentials typed;
    typed.clientId = QString::fromUtf8(id->value_or(QByteArray())).trimmed();
    if (typed.clientId.isEmpty()) {
        co_return base::failed(base::makeError(ErrorKind::InvalidInput, tr("There is no client ID.")));
    }
    Result<base::Secret> secret =
        co_await terminal.readSecret(tr("Client secret (press Enter if there is none):"), stop);
    if (secret) {
        typed.clientSecret = *secret;
    } else if (secret.error().kind != ErrorKind::InvalidInput) {
        co_return base::failed(secret.error());
    }
    co_return typed;
}

Task<Result<ClientCredentials>> clientFromPerson(Terminal &terminal, oauth::ClientNeeded needed,
                                                 std::stop_token stop)
{
    if (terminal.inputIsTerminal() && !terminal.isJson()) {
        Result<ClientCredentials> typed = co_await askAtTerminal(terminal, std::move(needed), stop);
        co_return typed;
    }
    const QString host = base::displayAuthority(QUrl(needed.issuer));
    co_return base::failed(base::makeError(
        ErrorKind::SignInNeeded,
        tr("%1 does not register apps by itself. Create an app there with the redirect address %2, and pass "
           "its client ID with --client-id.")
            .arg(host, needed.redirectUri),
        u"no registration endpoint"_s, host));
}

/// Takes the address that a browser on another computer ended up at, until one is right.
Task<void> readPastedAddresses(std::shared_ptr<connections::Connection> connection, Terminal &terminal,
                               std::stop_token stop)
{
    while (!stop.stop_requested()) {
        Result<std::optional<QByteArray>> line = co_await terminal.readLine(stop);
        if (!line || !*line) {
            co_return;
        }
        const QString address = QString::fromUtf8(**line).trimmed();
        if (address.isEmpty()) {
            continue;
        }
        const Result<void> pasted = connection->pasteAddress(address);
        if (pasted) {
            co_return;
        }
        terminal.say(errorText(pasted.error(), terminal.errorStyle()));
    }
}

/// Once the browser is asked to open, a person may paste what it shows instead.
void followBrowser(const Context &context, base::TaskScope *tasks)
{
    const std::weak_ptr<connections::Connection> weak = context.connection;
    const auto isFollowing = std::make_shared<bool>(false);
    Terminal &terminal = context.terminal;
    QObject::connect(context.connection.get(), &connections::Connection::changed, &terminal, [=, &terminal] {
        const auto connection = weak.lock();
        if (!connection || *isFollowing || tasks->token().stop_requested()
            || connection->state().phase != connections::Phase::WaitingForBrowser) {
            return;
        }
        *isFollowing = true;
        terminal.say(tr("Waiting for the browser. Ctrl-C cancels."));
        if (Terminal::canReadMeanwhile()) {
            terminal.say(tr("If that browser runs on another computer, copy the address it ends up at and "
                            "paste it here."));
            tasks->run(readPastedAddresses(connection, terminal, tasks->token()));
        }
    });
}

} // namespace

oauth::OpenUrl pageOpener(Terminal &terminal, bool opensBrowser)
{
    return [&terminal, opensBrowser](const QUrl &url) {
        const bool opened = opensBrowser && openInBrowser(url);
        terminal.say(opened ? tr("Your browser opens. If it does not, open this link:")
                            : tr("Open this link in a browser:"));
        terminal.say(u"\n  "_s + base::displayText(url.toString(QUrl::FullyEncoded), 8192) + u'\n');
        return opened;
    };
}

Task<Result<ExitCode>> runAuthorize(Context context, std::stop_token stop)
{
    Terminal &terminal = context.terminal;
    Result<connections::AuthorizeOptions> read =
        co_await readSignInOptions(terminal, context.arguments, context.connection->wantedScopes(), stop);
    if (!read) {
        co_return base::failed(read.error());
    }
    connections::AuthorizeOptions options = *read;
    options.askForClient = [&terminal](oauth::ClientNeeded needed, std::stop_token stopped) {
        return clientFromPerson(terminal, std::move(needed), std::move(stopped));
    };
    base::TaskScope pasting;
    followBrowser(context, &pasting);
    const std::shared_ptr<connections::Connection> connection = context.connection;
    terminal.say(tr("Asking %1 where to sign in…").arg(base::displayAuthority(connection->record().url)));
    Result<void> done = co_await connection->authorize(std::move(options), stop);
    QObject::disconnect(connection.get(), &connections::Connection::changed, &terminal, nullptr);
    pasting.cancel();
    co_await pasting.drained();
    if (!done) {
        co_return base::failed(done.error());
    }
    const ConnectionView view = viewOf(*connection, context.now());
    terminal.jsonOut({{u"connection"_s, toJson(view)}});
    terminal.out(statusText(view, terminal.outputStyle(), context.now()));
    co_return ExitCode::Ok;
}

} // namespace mooring::cli
