// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// One of several processes that use the same connection: reads commands from standard input, does
// them, and tells on standard output what came out, with hashes in place of tokens.
//
//   clock MS          the clock goes ahead by so much
//   slow MS           each write to the keychain takes so much longer
//   token N           N callers at once want the access token
//   all N             the same for each connection to the same server
//   use N             N callers at once use the server
//   keep-using N      N callers use the server again and again, until "enough"
//   enough
//   add URL [HEADER VALUE], check, authorize, disconnect, label TEXT, hint TEXT
//                     what a person does; with add, the connection is the new one from then on
//   finish            finishes what an earlier process has begun to give back
//   quit              ends the way a program ends
//
// A second argument shortens every deadline to so many milliseconds.
//
// Answers: "ready", "ok HASH" or "error KIND DETAIL" for each caller, "done" when all have
// theirs, "browser URL" when a page is to be opened.
#include "base/logging.h"
#include "connections/connectionlist.h"
#include "storage/keychainstore.h"
#include "support/forwardingstore.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QSocketNotifier>

#include <cstdio>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace mooring;
using connections::Connection;

namespace {

constexpr std::chrono::milliseconds betweenUses(200);

void say(const QByteArray &line)
{
    std::fputs((line + '\n').constData(), stdout);
    std::fflush(stdout);
}

QByteArray told(const base::Error &error)
{
    return "error " + base::errorName(error).toUtf8() + ' ' + (error.sentence + u' ' + error.detail).toUtf8();
}

QByteArray told(const base::Result<void> &result)
{
    return result ? QByteArray("ok") : told(result.error());
}

QByteArray told(const QByteArray &token)
{
    return "ok " + QCryptographicHash::hash(token, QCryptographicHash::Sha256).toHex();
}

/// The real keychain, with slow writes.
class SlowKeychain final : public support::ForwardingStore {
public:
    using ForwardingStore::ForwardingStore;

    base::Task<base::Result<void>> write(QString key, QByteArray value, std::stop_token stop) override
    {
        if (delay.count() > 0) {
            co_await base::sleepFor(delay, {});
        }
        base::Result<void> written = co_await m_store.write(std::move(key), std::move(value), stop);
        co_return written;
    }

    std::chrono::milliseconds delay{0};
};

base::Deadlines deadlinesOf(const std::optional<std::chrono::milliseconds> &all)
{
    base::Deadlines deadlines;
    if (all) {
        deadlines.probe = deadlines.discoveryStep = deadlines.discovery = deadlines.registration = *all;
        deadlines.codeExchange = deadlines.refresh = deadlines.revocation = deadlines.idle = *all;
        deadlines.mcpRequest = deadlines.keychain = deadlines.lock = *all;
    }
    return deadlines;
}

class Worker final : public QObject {
public:
    Worker(const QString &connectionId, std::optional<std::chrono::milliseconds> allDeadlines);
    base::Result<void> load() { return m_list.load(); }

private:
    void onInput();
    void obey(const QList<QByteArray> &words);
    base::Task<void> token(QString connectionId);
    base::Task<void> personDoes(QList<QByteArray> words);
    base::Task<base::Result<void>> add(QList<QByteArray> words);
    base::Task<void> use();
    base::Task<void> keepUsing();
    base::Task<QByteArray> useOnce();
    base::Task<void> quit();
    void finishOne();

    qint64 m_ahead = 0;
    int m_running = 0;
    bool m_enough = false;
    QByteArray m_input;
    const base::Deadlines m_deadlines;
    base::Clock m_clock = [this] { return QDateTime::currentDateTimeUtc().addMSecs(m_ahead); };
    http::Client m_http{m_clock};
    storage::KeychainStore m_keychain{m_deadlines};
    SlowKeychain m_slowKeychain{m_keychain};
    connections::ConnectionList m_list;
    QString m_connectionId;
    QSocketNotifier m_notifier{STDIN_FILENO, QSocketNotifier::Read};
    base::TaskScope m_tasks;
};

Worker::Worker(const QString &connectionId, std::optional<std::chrono::milliseconds> allDeadlines)
    : m_deadlines(deadlinesOf(allDeadlines))
    , m_list(m_http, m_slowKeychain, storage::Profile(), m_clock, m_deadlines,
             [](const QUrl &url) {
                 say("browser " + url.toEncoded());
                 return true;
             })
    , m_connectionId(connectionId)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &Worker::onInput);
}

void Worker::onInput()
{
    char bytes[4096];
    const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (got <= 0) {
        // The test is gone, and nobody is left to end this process.
        QCoreApplication::exit(1);
        return;
    }
    m_input.append(bytes, got);
    for (qsizetype end = m_input.indexOf('\n'); end >= 0; end = m_input.indexOf('\n')) {
        const QByteArray line = m_input.first(end);
        m_input.remove(0, end + 1);
        obey(line.split(' '));
    }
}

void Worker::obey(const QList<QByteArray> &words)
{
    const QByteArray &verb = words.first();
    if (verb == "clock") {
        m_ahead = words.value(1).toLongLong();
    } else if (verb == "quit") {
        m_tasks.run(quit());
    } else if (verb == "enough") {
        m_enough = true;
    } else if (verb == "finish") {
        m_list.finishInterrupted();
        m_list.revocations().keepTelling();
        m_list.revocations().tellNow();
    } else if (verb == "slow") {
        m_slowKeychain.delay = std::chrono::milliseconds(words.value(1).toInt());
    } else if (verb == "token" || verb == "use" || verb == "keep-using") {
        m_enough = false;
        m_running = words.value(1).toInt();
        for (int i = m_running; i > 0; --i) {
            m_tasks.run(verb == "token" ? token(m_connectionId) : verb == "use" ? use() : keepUsing());
        }
    } else if (verb == "all") {
        const QList<std::shared_ptr<Connection>> all =
            m_list.withUrl(m_list.byId(m_connectionId)->record().url);
        m_running = words.value(1).toInt() * static_cast<int>(all.size());
        for (int i = 0; i < m_running; ++i) {
            m_tasks.run(token(all.at(i % all.size())->id()));
        }
    } else {
        m_running = 1;
        m_tasks.run(personDoes(words));
    }
}

void Worker::finishOne()
{
    if (--m_running == 0) {
        say("done");
    }
}

base::Task<base::Result<void>> Worker::add(QList<QByteArray> words)
{
    connections::NewConnection request;
    request.url = QUrl::fromEncoded(words.value(1));
    if (words.size() > 2) {
        request.headers = {{QString::fromUtf8(words.value(2)), base::Secret(words.value(3))}};
    }
    const base::Result<std::shared_ptr<Connection>> added = co_await m_list.add(std::move(request), {});
    if (!added) {
        co_return base::failed(added.error());
    }
    m_connectionId = (*added)->id();
    co_return base::Result<void>();
}

base::Task<void> Worker::personDoes(QList<QByteArray> words)
{
    const QByteArray verb = words.first();
    const std::shared_ptr<Connection> connection = m_list.byId(m_connectionId);
    base::Result<void> result;
    if (verb == "add") {
        result = co_await add(words);
    } else if (verb == "check") {
        co_await connection->check({}, {});
    } else if (verb == "authorize") {
        result = co_await connection->authorize({}, {});
    } else if (verb == "disconnect") {
        const base::Result<connections::Disconnected> left = co_await connection->disconnectFromServer({});
        result = left ? base::Result<void>() : base::Result<void>(base::failed(left.error()));
    } else if (verb == "label") {
        result = co_await connection->setAccountLabel(QString::fromUtf8(words.value(1)), {});
    } else if (verb == "hint") {
        oauth::SignInSettings settings = connection->record().settings;
        settings.loginHint = QString::fromUtf8(words.value(1));
        result = co_await connection->setSettings(settings, {});
    }
    say(told(result));
    finishOne();
}

base::Task<void> Worker::token(QString connectionId)
{
    const std::shared_ptr<Connection> connection = m_list.byId(connectionId);
    const base::Result<connections::AccessToken> token = co_await connection->accessToken({});
    say(token ? told(token->token.reveal()) : told(token.error()));
    finishOne();
}

base::Task<QByteArray> Worker::useOnce()
{
    const std::shared_ptr<Connection> connection = m_list.byId(m_connectionId);
    const base::Result<mcp::ToolResult> result = co_await connection->callTool(u"whoami"_s, {}, {}, {});
    co_return result ? told(result->text().toUtf8()) : told(result.error());
}

base::Task<void> Worker::use()
{
    const QByteArray result = co_await useOnce();
    say(result);
    finishOne();
}

base::Task<void> Worker::keepUsing()
{
    while (!m_enough) {
        const QByteArray result = co_await useOnce();
        say(result);
        co_await base::sleepFor(betweenUses, {});
    }
    finishOne();
}

base::Task<void> Worker::quit()
{
    co_await m_list.shutDown();
    co_await m_keychain.drained();
    QCoreApplication::exit(0);
}

} // namespace

int main(int argc, char *argv[])
{
    base::silenceLeakyCategories();
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    std::optional<std::chrono::milliseconds> allDeadlines;
    if (arguments.size() > 2) {
        allDeadlines = std::chrono::milliseconds(arguments.at(2).toInt());
    }
    Worker worker(arguments.value(1), allDeadlines);
    if (const base::Result<void> loaded = worker.load(); !loaded) {
        say(told(loaded.error()));
        return 1;
    }
    say("ready");
    return QCoreApplication::exec();
}
