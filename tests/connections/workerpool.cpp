// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "workerpool.h"

#include <QCryptographicHash>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

namespace mooring::test {

using namespace Qt::StringLiterals;
using support::await;

Worker::Worker(const QString &connectionId, const QByteArray &checkpoint)
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
    m_process.start(QStringLiteral(REFRESHWORKER), {connectionId});
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
    } else if (line == "browser") {
        ++m_browsers;
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

void Worker::kill()
{
    m_process.kill();
    m_process.waitForFinished();
}

SharedConnection::SharedConnection()
    : auth({}, [ahead = m_ahead] { return QDateTime::currentDateTimeUtc().addMSecs(*ahead); })
{
    auth.editTokenAnswer = [this](const support::FakeRequest &, support::FakeResponse *answer) {
        m_tokenRequestTimes.append(now());
        const QByteArray token =
            QJsonDocument::fromJson(answer->body).object()["access_token"_L1].toString().toUtf8();
        if (!token.isEmpty()) {
            const QByteArray hash = QCryptographicHash::hash(token, QCryptographicHash::Sha256).toHex();
            m_tokenOfHash.insert(hash, token);
            m_issued.append(hash);
        }
        answer->delay = answersAfter;
    };
    mcp.protect(auth.issuer(), [this](const QByteArray &token) { return auth.isActive(token); });
}

bool SharedConnection::signIn()
{
    const base::Deadlines deadlines;
    const base::Clock clock = [this] { return now(); };
    http::Client http(clock);
    storage::KeychainStore keychain(deadlines);
    connections::ConnectionList list(http, keychain, storage::Profile(), clock, deadlines, person.openUrl());
    if (const base::Result<void> loaded = list.load(); !loaded) {
        qWarning("could not load: %s", qPrintable(loaded.error().sentence));
        return false;
    }
    connections::NewConnection request;
    request.url = mcp.url();
    const base::Result<std::shared_ptr<connections::Connection>> added =
        await(list.add(std::move(request), {}));
    if (!added) {
        qWarning("could not add: %s", qPrintable(added.error().sentence));
        return false;
    }
    const std::shared_ptr<connections::Connection> connection = *added;
    const base::Result<void> done = await(connection->authorize({}, {}));
    if (!done) {
        qWarning("could not sign in: %s (%s)", qPrintable(done.error().sentence),
                 qPrintable(done.error().detail));
    }
    m_connectionId = connection->id();
    await(list.shutDown());
    await(keychain.drained());
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    return done.has_value();
}

QDateTime SharedConnection::now() const
{
    return QDateTime::currentDateTimeUtc().addMSecs(*m_ahead);
}

std::unique_ptr<Worker> SharedConnection::worker(const QByteArray &checkpoint) const
{
    auto made = std::make_unique<Worker>(m_connectionId, checkpoint);
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

int rounds(int shortly, int fully)
{
    return qEnvironmentVariable("MOORING_CAMPAIGN") == "full"_L1 ? fully : shortly;
}

} // namespace mooring::test
