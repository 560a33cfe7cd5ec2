// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connectionactions.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "oauth/signinsettings.h"
#include "oauth/tokenset.h"
#include "text/revocationtext.h"

namespace mooring::ui {

using base::Result;
using base::Task;
using base::Words;
using connections::AuthorizeOptions;
using connections::ClientCredentials;
using connections::Disconnected;
using connections::RevocationEnd;
using connections::RevocationOutcome;
using connections::RevocationRecord;
using text::Tone;

namespace {

/// The service does not know this client, or does not take what came with it.
bool refusesClient(const base::Error &error)
{
    return oauth::isClientRefusal(error.oauthCode)
           || QStringView(error.remedy) == oauth::remedies::entersClient;
}

/// The address that the person has registered at the service is good with this port only.
Task<Result<void>> keepPort(std::shared_ptr<connections::Connection> connection, QString redirectUri,
                            std::stop_token stop)
{
    oauth::SignInSettings settings = connection->record().settings;
    if (settings.redirectPort != 0) {
        co_return Result<void>();
    }
    settings.redirectPort = static_cast<quint16>(QUrl(redirectUri).port(0));
    Result<void> kept = co_await connection->setSettings(settings, stop);
    co_return kept;
}

} // namespace

ConnectionActions::ConnectionActions(connections::ConnectionList &list, base::TaskScope &tasks,
                                     QObject *parent)
    : QObject(parent)
    , m_list(list)
    , m_tasks(tasks)
{
    connect(&list.revocations(), &connections::PendingRevocations::ended, this,
            [this](const connections::RevocationRecord &entry, connections::RevocationEnd end) {
                tell(entry, end);
            });
}

void ConnectionActions::authorize(const QString &id, const AuthorizeOptions &options)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runAuthorize(connection, options));
    }
}

Task<void> ConnectionActions::runAuthorize(Held connection, AuthorizeOptions options)
{
    const QString id = connection->id();
    m_clientProblems.remove(id);
    options.askForClient = [this, id](oauth::ClientNeeded needed, std::stop_token stop) {
        return askForClient(id, std::move(needed), std::move(stop));
    };
    ++m_signingIn[id].count;
    Q_EMIT changed(id);
    Result<void> done = co_await signInOnce(connection, options);
    if (--m_signingIn[id].count <= 0) {
        m_signingIn.remove(id);
    }
    Q_EMIT changed(id);
    if (done) {
        Q_EMIT signedIn(id);
    } else {
        onSignInFailed(id, done.error(), options);
    }
}

/// One sign-in for the person: it goes on, with the reason shown, while the service refuses what was entered.
Task<Result<void>> ConnectionActions::signInOnce(Held connection, AuthorizeOptions options)
{
    const QString id = connection->id();
    const std::stop_token stop = m_tasks.token();
    Result<void> done = co_await connection->authorize(options, stop);
    while (!done && !stop.stop_requested() && !m_signingIn[id].typedRedirectUri.isEmpty()) {
        const Running run = std::exchange(m_signingIn[id], Running{m_signingIn[id].count, {}, false});
        if (run.isChanging) {
            m_clientProblems.insert(
                id, Words::tr("Compare the client ID with what the service shows, and enter it again."));
        } else if (refusesClient(done.error())) {
            m_clientProblems.insert(id, done.error().sentence);
        } else {
            break;
        }
        const Result<void> kept = co_await keepPort(connection, run.typedRedirectUri, stop);
        if (!kept) {
            tell(kept.error());
        }
        done = co_await connection->authorize(options, stop);
    }
    m_clientProblems.remove(id);
    co_return done;
}

void ConnectionActions::onSignInFailed(const QString &id, const base::Error &error,
                                       const AuthorizeOptions &options)
{
    const bool noKeychain = error.kind == base::ErrorKind::Keychain
                            && error.keychainCase != base::KeychainCase::Locked && !options.windowOnly;
    if (noKeychain) {
        Message message{Tone::Attention, error.sentence, error.detail};
        message.actionText = Words::tr("Sign in for this window only");
        AuthorizeOptions inWindow = options;
        inWindow.windowOnly = true;
        message.action = [this, id, inWindow] { authorize(id, inWindow); };
        Q_EMIT messageReady(message);
    }
}

Task<ConnectionActions::ClientAnswer> ConnectionActions::askForClient(QString id, oauth::ClientNeeded needed,
                                                                      std::stop_token stop)
{
    Question question{needed, {}};
    const base::OneShot<ClientAnswer> answer = question.answer;
    m_questions.insert(id, question);
    Q_EMIT changed(id);
    const auto onStop = [answer] { answer.resolve(base::failed(base::cancelledError())); };
    const std::stop_callback stopCallback(stop, onStop);
    ClientAnswer given = co_await answer;
    m_questions.remove(id);
    if (given) {
        m_signingIn[id].typedRedirectUri = needed.redirectUri;
    }
    Q_EMIT changed(id);
    co_return given;
}

void ConnectionActions::provideClient(const QString &id, const ClientCredentials &client)
{
    const auto found = m_questions.constFind(id);
    if (found != m_questions.cend()) {
        found->answer.resolve(ClientCredentials(client));
    }
}

void ConnectionActions::changeClient(const QString &id)
{
    const Held connection = m_list.byId(id);
    if (connection && m_signingIn.contains(id)) {
        m_signingIn[id].isChanging = true;
        connection->cancelSignIn();
    }
}

void ConnectionActions::addTo(ConnectionDetails *details) const
{
    const QString &id = details->view.record.id;
    details->isSigningIn = m_signingIn.contains(id);
    details->usesTypedClient = !m_signingIn.value(id).typedRedirectUri.isEmpty();
    details->clientProblem = m_clientProblems.value(id);
    const auto question = m_questions.constFind(id);
    if (question != m_questions.cend()) {
        details->clientNeeded = question->needed;
    }
}

void ConnectionActions::cancelSignIn(const QString &id)
{
    const auto question = m_questions.constFind(id);
    if (question != m_questions.cend()) {
        question->answer.resolve(base::failed(base::cancelledError()));
    }
    if (const Held connection = m_list.byId(id)) {
        connection->cancelSignIn();
    }
}

void ConnectionActions::openBrowserAgain(const QString &id)
{
    const Held connection = m_list.byId(id);
    if (connection && !connection->openBrowserAgain()) {
        Q_EMIT messageReady(
            {Tone::Attention,
             Words::tr("No browser could be started. Copy the link and open it in a browser yourself.")});
    }
}

Result<void> ConnectionActions::pasteAddress(const QString &id, const QString &address)
{
    const Held connection = m_list.byId(id);
    return connection ? connection->pasteAddress(address) : Result<void>();
}

void ConnectionActions::setSettings(const QString &id, const oauth::SignInSettings &settings,
                                    const std::optional<AuthorizeOptions> &next)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runSettings(connection, settings, next));
    }
}

Task<void> ConnectionActions::runSettings(Held connection, oauth::SignInSettings settings,
                                          std::optional<AuthorizeOptions> next)
{
    const QString id = connection->id();
    const bool isNews = connection->record().settings != settings;
    const Result<void> saved = co_await connection->setSettings(settings, m_tasks.token());
    if (!saved) {
        tell(saved.error());
    } else if (next) {
        authorize(id, *next);
    } else if (isNews && !connection->record().hasSecret) {
        // What was refused before may be allowed now.
        co_await connection->check({}, m_tasks.token());
    } else if (isNews && connection->state().isSignedIn) {
        Message message{Tone::Good, Words::tr("Saved. It counts from the next sign-in on.")};
        message.actionText = Words::tr("Authorize again");
        message.action = [this, id] { authorize(id); };
        Q_EMIT messageReady(message);
    }
}

void ConnectionActions::bendRule(const QString &id, const QString &remedy)
{
    if (const Held connection = m_list.byId(id)) {
        const oauth::SignInSettings bent = oauth::withRemedy(connection->record().settings, remedy);
        // Whether there is a sign-in at all is only known when the server can be reached.
        const bool signsIn = remedy != QStringView(oauth::remedies::allowsPlainHttp);
        setSettings(id, bent, signsIn ? std::optional(AuthorizeOptions()) : std::nullopt);
    }
}

void ConnectionActions::setHeaders(const QString &id, const QList<connections::TypedHeader> &headers)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(tellFailure(connection->setHeaders(headers, m_tasks.token())));
    }
}

void ConnectionActions::setAccountLabel(const QString &id, const QString &label)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(tellFailure(connection->setAccountLabel(label, m_tasks.token())));
    }
}

void ConnectionActions::dismissMore(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        connection->dismissWantedScopes();
    }
}

void ConnectionActions::setClientMetadataUrl(const std::optional<QString> &url)
{
    m_tasks.run(tellFailure(m_list.setClientMetadataUrl(url, m_tasks.token())));
}

void ConnectionActions::check(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runCheck(connection));
    }
}

Task<void> ConnectionActions::runCheck(Held connection)
{
    const std::stop_token stop = m_tasks.token();
    co_await connection->check({}, stop);
}

void ConnectionActions::tryNow(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runTryNow(connection));
    }
}

Task<void> ConnectionActions::runTryNow(Held connection)
{
    const std::stop_token stop = m_tasks.token();
    co_await connection->check({}, stop);
    if (connection->state().isSignedIn) {
        const Result<connections::AccessToken> token = co_await connection->accessToken(stop);
        if (!token) {
            tell(token.error(), connection);
        }
    }
}

void ConnectionActions::renew(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runRenew(connection));
    }
}

Task<void> ConnectionActions::runRenew(Held connection)
{
    const std::stop_token stop = m_tasks.token();
    const Result<connections::AccessToken> token = co_await connection->renew(stop);
    if (token) {
        Q_EMIT messageReady(
            {Tone::Good, Words::tr("The access to %1 was renewed.").arg(connection->record().name)});
    } else {
        tell(token.error(), connection);
    }
}

void ConnectionActions::unlock(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(tellFailure(connection->unlockKeychain(m_tasks.token())));
    }
}

void ConnectionActions::loadTools(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runTools(connection));
    }
}

Task<void> ConnectionActions::runTools(Held connection)
{
    const std::stop_token stop = m_tasks.token();
    const Result<QList<mcp::Tool>> tools = co_await connection->listTools(stop);
    if (!tools) {
        Q_EMIT toolsFailed(connection->id(), tools.error());
    }
}

void ConnectionActions::rename(const QString &id, const QString &name)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(tellFailure(connection->rename(name, m_tasks.token())));
    }
}

void ConnectionActions::setKey(const QString &id, const QString &headerName, const base::Secret &value)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(tellFailure(connection->setHeaderKey(headerName, value, m_tasks.token())));
    }
}

void ConnectionActions::disconnectFromServer(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runDisconnect(connection));
    }
}

Task<void> ConnectionActions::runDisconnect(Held connection)
{
    const std::stop_token stop = m_tasks.token();
    const Result<Disconnected> outcome = co_await connection->disconnectFromServer(stop);
    if (outcome) {
        tell(*outcome);
    } else {
        tell(outcome.error());
    }
}

void ConnectionActions::remove(const QString &id, bool force)
{
    m_tasks.run(runRemove(id, force));
}

Task<void> ConnectionActions::runRemove(QString id, bool force)
{
    const std::stop_token stop = m_tasks.token();
    const Result<Disconnected> outcome = co_await m_list.remove(id, force, stop);
    if (outcome) {
        tell(*outcome);
    } else if (!force && outcome.error().kind != base::ErrorKind::Cancelled) {
        Q_EMIT removeFailed(id, outcome.error());
    } else {
        tell(outcome.error());
    }
}

void ConnectionActions::unlockAndRemove(const QString &id)
{
    if (const Held connection = m_list.byId(id)) {
        m_tasks.run(runUnlockAndRemove(connection));
    }
}

Task<void> ConnectionActions::runUnlockAndRemove(Held connection)
{
    const Result<void> unlocked = co_await connection->unlockKeychain(m_tasks.token());
    if (unlocked) {
        remove(connection->id(), false);
    } else {
        tell(unlocked.error());
    }
}

void ConnectionActions::showOrphanedRevocations()
{
    QList<RevocationRecord> orphans = m_list.revocations().all();
    orphans.removeIf([this](const RevocationRecord &one) { return bool(m_list.byId(one.connectionId)); });
    if (orphans.isEmpty()) {
        return;
    }
    // One message for all of them: a second one would take the place of the first.
    QStringList sentences;
    for (const RevocationRecord &pending : std::as_const(orphans)) {
        sentences.append(text::namedPendingText(pending, m_list.clock()()));
    }
    Message message{Tone::Attention, sentences.join(u' ')};
    message.actionText = orphans.size() == 1 ? Words::tr("Forget now") : Words::tr("Forget them all");
    message.action = [this, orphans] {
        for (const RevocationRecord &pending : orphans) {
            forgetRevocation(pending.id);
        }
    };
    Q_EMIT messageReady(message);
}

void ConnectionActions::forgetRevocation(const QString &id)
{
    m_tasks.run(tellFailure(m_list.revocations().forget(id)));
}

Task<void> ConnectionActions::tellFailure(Task<Result<void>> work)
{
    const Result<void> done = co_await std::move(work);
    if (!done) {
        tell(done.error());
    }
}

void ConnectionActions::tell(const base::Error &error)
{
    if (const std::optional<Message> message = messageOf(error)) {
        Q_EMIT messageReady(*message);
    }
}

void ConnectionActions::tell(const base::Error &error, const Held &connection)
{
    std::optional<Message> message = messageOf(error);
    if (message) {
        message->about = connection->state().error ? connection->id() : QString();
        Q_EMIT messageReady(*message);
    }
}

void ConnectionActions::tell(const Disconnected &outcome)
{
    if (outcome.pending) {
        tellPending(*outcome.pending, outcome.sentence, outcome.error ? outcome.error->detail : QString());
        return;
    }
    const bool isClean = outcome.outcome == RevocationOutcome::Revoked
                         || outcome.outcome == RevocationOutcome::NothingToRevoke;
    if (!outcome.sentence.isEmpty()) {
        Q_EMIT messageReady({isClean ? Tone::Good : Tone::Attention, outcome.sentence,
                             outcome.error ? outcome.error->detail : QString()});
    }
}

void ConnectionActions::tellPending(const RevocationRecord &pending, const QString &sentence,
                                    const QString &detail)
{
    Message message{Tone::Attention, sentence, detail};
    message.actionText = Words::tr("Forget now");
    message.action = [this, id = pending.id] { forgetRevocation(id); };
    Q_EMIT messageReady(message);
}

void ConnectionActions::tell(const RevocationRecord &pending, RevocationEnd end)
{
    const bool isOver = end == RevocationEnd::Told || end == RevocationEnd::Unknown;
    const Tone tone = isOver ? Tone::Good : Tone::Attention;
    Q_EMIT messageReady({tone, connections::endText(end, base::displayAuthority(QUrl(pending.issuer)))});
}

} // namespace mooring::ui
