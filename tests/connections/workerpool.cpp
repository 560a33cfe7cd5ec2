// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workerpool.h"

#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <csignal>
#include <thread>

namespace mooring::test {

using namespace Qt::StringLiterals;
using support::await;

Worker::Worker(const QString &connectionId, const QByteArray &checkpoint,
               std::optional<std::chrono::milliseconds> deadlines)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    if (!checkpoint.isEmpty()) {
        environment.insert(u"MOORING_CHECKPOINT"_s, QString::fromLatin1(checkpoint));
    }
    environment.insert(u"QT_LOGGING_RULES"_s, u"mooring.*.info=false"_s);
    m_process.setProcessEnvironment(environment);
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, [this] {
        while (m_process.canReadLine()) {
            onLine(m_process.readLine().trimmed());
        }
    });
    connect(&m_process, &QProcess::finished, this, [this](int code, QProcess::ExitStatus status) {
        m_exitCode = status == QProcess::NormalExit ? code : -1;
    });
    QStringList arguments{connectionId};
    if (deadlines) {
        arguments.append(QString::number(deadlines->count()));
    }
    m_process.start(QStringLiteral(WORKER_PROGRAM), arguments);
}

Worker::~Worker()
{
    if (!hasEnded()) {
        kill();
    }
}

void Worker::send(const QByteArray &command)
{
    m_done = false;
    m_process.write(command + '\n');
}

void Worker::forget()
{
    m_tokens.clear();
    m_errors.clear();
    m_done = false;
}

void Worker::onLine(const QByteArray &line)
{
    if (line.startsWith("ok ")) {
        m_tokens.append(line.sliced(3));
    } else if (line.startsWith("error ")) {
        m_errors.append(QString::fromUtf8(line));
    } else if (line == "done") {
        m_done = true;
    } else if (line == "ready") {
        m_ready = true;
    } else if (line.startsWith("browser ")) {
        ++m_browsers;
        if (m_browser) {
            m_browser(QUrl::fromEncoded(line.sliced(8)));
        }
    }
}

bool Worker::isStopped() const
{
    QFile stat(u"/proc/%1/stat"_s.arg(m_process.processId()));
    if (!stat.open(QFile::ReadOnly)) {
        return false;
    }
    const QByteArray text = stat.readAll();
    return text.mid(text.lastIndexOf(')') + 2).startsWith('T');
}

void Worker::stop() const
{
    ::kill(static_cast<pid_t>(m_process.processId()), SIGSTOP);
    while (!isStopped() && !hasEnded()) {
        std::this_thread::yield();
    }
}

void Worker::goOn() const
{
    ::kill(static_cast<pid_t>(m_process.processId()), SIGCONT);
}

void Worker::kill()
{
    m_process.kill();
    m_process.waitForFinished();
}

OpenProfile::OpenProfile(base::Clock itsClock, oauth::OpenUrl openUrl)
    : clock(std::move(itsClock))
    , http(clock)
    , keychain(deadlines)
    , list(http, keychain, storage::Profile(), clock, deadlines, std::move(openUrl))
{
    if (const base::Result<void> loaded = list.load(); !loaded) {
        trouble = loaded.error().sentence;
    }
}

OpenProfile::~OpenProfile()
{
    await(list.shutDown());
    await(keychain.drained());
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

std::shared_ptr<connections::Connection> OpenProfile::add(const QUrl &url)
{
    connections::NewConnection request;
    request.url = url;
    const base::Result<std::shared_ptr<connections::Connection>> added =
        await(list.add(std::move(request), {}));
    if (!added) {
        trouble = added.error().sentence;
    }
    return added.value_or(nullptr);
}

SharedConnection::SharedConnection()
    : auth({}, [ahead = m_ahead] { return QDateTime::currentDateTimeUtc().addMSecs(*ahead); })
{
    auth.editTokenAnswer = [this](const support::FakeRequest &, support::FakeResponse *answer) {
        m_tokenRequestTimes.append(now());
        const QJsonObject said = QJsonDocument::fromJson(answer->body).object();
        const QByteArray token = said["access_token"_L1].toString().toUtf8();
        m_invalidGrants += said["error"_L1] == "invalid_grant"_L1 ? 1 : 0;
        if (!token.isEmpty()) {
            const QByteArray hash = QCryptographicHash::hash(token, QCryptographicHash::Sha256).toHex();
            m_tokenOfHash.insert(hash, token);
            m_issued.append(hash);
        }
        answer->delay = answersAfter;
        if (answersToLose > 0) {
            --answersToLose;
            *answer = support::FakeResponse::hangUp();
        }
    };
    mcp.protect(auth.issuer(), [this](const QByteArray &token) { return auth.isActive(token); });
}

std::unique_ptr<OpenProfile> SharedConnection::open()
{
    return std::make_unique<OpenProfile>([this] { return now(); }, person.openUrl());
}

bool SharedConnection::signIn()
{
    return signInTo(1);
}

bool SharedConnection::signInTo(int connections)
{
    const std::unique_ptr<OpenProfile> profile = open();
    for (int i = 0; i < connections; ++i) {
        const std::shared_ptr<connections::Connection> connection = profile->add(mcp.url());
        if (!connection) {
            qWarning("%s", qPrintable(profile->trouble));
            return false;
        }
        const base::Result<void> done = await(connection->authorize({}, {}));
        if (!done) {
            qWarning("could not sign in: %s (%s)", qPrintable(done.error().sentence),
                     qPrintable(done.error().detail));
            return false;
        }
        m_connectionId = connection->id();
    }
    return true;
}

QDateTime SharedConnection::now() const
{
    return QDateTime::currentDateTimeUtc().addMSecs(*m_ahead);
}

std::unique_ptr<Worker> SharedConnection::worker(const QByteArray &checkpoint)
{
    auto made = std::make_unique<Worker>(m_connectionId, checkpoint);
    made->setBrowser(person.openUrl());
    made->send(clockCommand());
    return made;
}

connections::ConnectionRecord SharedConnection::record() const
{
    connections::RecordsFile file{storage::Profile(), base::Deadlines()};
    const base::Result<connections::Records> records = file.load();
    const connections::ConnectionRecord *found = records ? records->connection(m_connectionId) : nullptr;
    return found ? *found : connections::ConnectionRecord();
}

bool SharedConnection::works(const QByteArray &hash) const
{
    return m_tokenOfHash.contains(hash) && auth.isActive(m_tokenOfHash.value(hash));
}

bool until(const std::function<bool()> &isSo, std::chrono::milliseconds patience)
{
    const QDeadlineTimer deadline(patience);
    while (!isSo()) {
        if (deadline.hasExpired()) {
            return false;
        }
        await(base::sleepFor(std::chrono::milliseconds(1), {}));
    }
    return true;
}

int rounds(int shortly, int fully)
{
    return qEnvironmentVariable("MOORING_CAMPAIGN") == "full"_L1 ? fully : shortly;
}

} // namespace mooring::test
