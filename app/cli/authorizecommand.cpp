// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/authorizecommand.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "cli/headerinput.h"
#include "cli/outputtext.h"
#include "cli/remedyflags.h"
#include "cli/signininput.h"
#include "cli/statuscommands.h"
#include "text/remedyoffer.h"
#include "text/wording.h"

namespace mooring::cli {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;
using connections::ClientCredentials;

namespace {

/// Why the person has to register an app.
QString reasonFor(const oauth::ClientNeeded &needed)
{
    return needed.refusal ? needed.refusal->sentence
                          : Words::tr("%1 does not register apps by itself.")
                                .arg(base::displayAuthority(QUrl(needed.issuer)));
}

/// Only for a person at a terminal: what to do at the service, then the two answers.
Task<Result<ClientCredentials>> askAtTerminal(Terminal &terminal, oauth::ClientNeeded needed,
                                              std::stop_token stop)
{
    terminal.say(reasonFor(needed) + u' ' + Words::tr("Create an app there with this redirect address:"));
    terminal.say(u"  "_s + needed.redirectUri);
    terminal.say(Words::tr("Then type here what you got. Client ID:"));
    Result<std::optional<QByteArray>> id = co_await terminal.readLine(stop);
    if (!id) {
        co_return base::failed(id.error());
    }
    ClientCredentials typed;
    typed.clientId = QString::fromUtf8(id->value_or(QByteArray())).trimmed();
    if (typed.clientId.isEmpty()) {
        co_return base::failed(base::makeError(ErrorKind::InvalidInput, Words::tr("There is no client ID.")));
    }
    Result<base::Secret> secret =
        co_await terminal.readSecret(Words::tr("Client secret (press Enter if there is none):"), stop);
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
    if (terminal.canAsk()) {
        Result<ClientCredentials> typed = co_await askAtTerminal(terminal, std::move(needed), stop);
        co_return typed;
    }
    base::Error error =
        needed.refusal.value_or(base::makeError(ErrorKind::SignInNeeded, {}, u"no registration endpoint"_s,
                                                base::displayAuthority(QUrl(needed.issuer))));
    error.kind = ErrorKind::SignInNeeded;
    error.sentence =
        reasonFor(needed) + u' '
        + Words::tr(
              "Create an app there with the redirect address %1, and pass its client ID with --client-id.")
              .arg(needed.redirectUri);
    error.remedy = QString::fromUtf16(oauth::remedies::entersClient);
    co_return base::failed(error);
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
        terminal.say(Words::tr("Waiting for the browser. Ctrl-C cancels."));
        if (Terminal::canReadMeanwhile()) {
            terminal.say(
                Words::tr("If that browser runs on another computer, copy the address it ends up at and "
                          "paste it here."));
            tasks->run(readPastedAddresses(connection, terminal, tasks->token()));
        }
    });
}

/// Once through the sign-in, with everything that a person at a terminal can add to it.
Task<Result<void>> signIn(Context context, connections::AuthorizeOptions options, std::stop_token stop)
{
    Terminal &terminal = context.terminal;
    const std::shared_ptr<connections::Connection> connection = context.connection;
    options.askForClient = [&terminal](oauth::ClientNeeded needed, std::stop_token stopped) {
        return clientFromPerson(terminal, std::move(needed), std::move(stopped));
    };
    base::TaskScope pasting;
    followBrowser(context, &pasting);
    terminal.say(
        Words::tr("Asking %1 where to sign in…").arg(base::displayAuthority(connection->record().url)));
    Result<void> done = co_await connection->authorize(std::move(options), stop);
    QObject::disconnect(connection.get(), &connections::Connection::changed, &terminal, nullptr);
    pasting.cancel();
    co_await pasting.drained();
    co_return done;
}

Task<Result<void>> bendRules(Context context, QStringList remedies, std::stop_token stop)
{
    const oauth::SignInSettings before = context.connection->record().settings;
    oauth::SignInSettings after = before;
    for (const QString &remedy : std::as_const(remedies)) {
        after = oauth::withRemedy(after, remedy);
    }
    if (after == before) {
        co_return Result<void>();
    }
    co_return co_await context.connection->setSettings(after, stop);
}

/// Says why it did not work and what would help; true if the person wants that. Never in vain: what has been
/// taken once is not offered again.
Task<Result<bool>> takeOffer(Context context, base::Error error, connections::AuthorizeOptions *options,
                             QStringList *taken, std::stop_token stop)
{
    using Kind = text::RemedyOffer::Kind;
    Terminal &terminal = context.terminal;
    const connections::Connection &connection = *context.connection;
    const std::optional<text::RemedyOffer> offer =
        text::offerAfter(error, connection.record(), connection.activityLog().lastProbe);
    const bool isForUs = offer && remedyFlag(offer->remedy) && !taken->contains(offer->remedy);
    if (!isForUs || !terminal.canAsk()) {
        co_return false;
    }
    terminal.say(errorText(error, terminal.errorStyle()));
    terminal.say(offer->question);
    Result<bool> agreed = co_await terminal.confirm(offer->yes + u'?', stop);
    if (!agreed || !*agreed) {
        co_return agreed;
    }
    taken->append(offer->remedy);
    if (offer->kind == Kind::ChangeSetting) {
        Result<void> bent = co_await bendRules(context, *taken, stop);
        co_return bent ? Result<bool>(true) : Result<bool>(base::failed(bent.error()));
    }
    takeRemedy(options, offer->remedy);
    co_return true;
}

/// Where a key is what gets in, a person is asked for that first. True if it is stored.
Task<Result<bool>> takeKey(Context context, std::stop_token stop)
{
    const text::ConnectionView view = text::lastKnownViewOf(*context.connection);
    if (view.record.verdict != mcp::Verdict::NeedsKey || view.record.hasSecret) {
        co_return false;
    }
    const QString sentence =
        base::displayText(text::wordingOf(view.state, view.record, context.now()).sentence, 1000);
    Result<QList<GivenHeader>> given = co_await askForKey(context.terminal, sentence, stop);
    if (!given) {
        co_return base::failed(given.error());
    }
    if (given->isEmpty()) {
        co_return false;
    }
    const connections::TypedHeader &header = given->first().header;
    Result<void> stored = co_await context.connection->setHeaderKey(header.name, header.value, stop);
    co_return stored ? Result<bool>(true) : Result<bool>(base::failed(stored.error()));
}

} // namespace

Task<Result<ExitCode>> runAuthorize(Context context, std::stop_token stop)
{
    Terminal &terminal = context.terminal;
    const std::shared_ptr<connections::Connection> connection = context.connection;
    Result<connections::AuthorizeOptions> read =
        co_await readSignInOptions(terminal, context.arguments, connection->wantedScopes(), stop);
    if (!read) {
        co_return base::failed(read.error());
    }
    Result<void> done = co_await bendRules(context, context.arguments.remedies, stop);
    if (!done) {
        co_return base::failed(done.error());
    }
    Result<bool> hasKey = co_await takeKey(context, stop);
    if (!hasKey) {
        co_return base::failed(hasKey.error());
    }
    if (*hasKey) {
        co_return showStatus(context);
    }
    connections::AuthorizeOptions options = *read;
    QStringList taken = context.arguments.remedies;
    while (true) {
        done = co_await signIn(context, options, stop);
        if (done) {
            break;
        }
        Result<bool> goesOn = co_await takeOffer(context, done.error(), &options, &taken, stop);
        if (!goesOn) {
            co_return base::failed(goesOn.error());
        }
        if (!*goesOn) {
            co_return base::failed(done.error());
        }
    }
    co_return showStatus(context);
}

} // namespace mooring::cli
