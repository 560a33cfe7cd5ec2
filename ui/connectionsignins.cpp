// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The half of ConnectionActions that signs in, and changes how that is done.
#include "oauth/signinsettings.h"
#include "ui/connectionactions.h"

namespace mooring::ui {

using namespace Qt::StringLiterals;
using base::Result;
using base::Task;
using connections::AuthorizeOptions;
using connections::ClientCredentials;
using text::Tone;

namespace {

/// The service does not know this client, or does not take what came with it.
bool refusesClient(const base::Error &error)
{
    return error.oauthCode == "invalid_client"_L1 || error.oauthCode == "unauthorized_client"_L1
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
                id, tr("Compare the client ID with what the service shows, and enter it again."));
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
        message.actionText = tr("Sign in for this window only");
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
        Message message{Tone::Good, tr("Saved. It counts from the next sign-in on.")};
        message.actionText = tr("Authorize again");
        message.action = [this, id] { authorize(id); };
        Q_EMIT messageReady(message);
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

} // namespace mooring::ui
