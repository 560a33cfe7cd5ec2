// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/singleinstance.h"

#include <QLocalSocket>
#include <QTimer>

#include <chrono>

namespace mooring::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr char raiseWord[] = "raise\n";
constexpr int attempts = 20;
constexpr std::chrono::milliseconds betweenAttempts(200);

} // namespace

SingleInstance::SingleInstance(storage::Profile profile, QObject *parent)
    : QObject(parent)
    , m_profile(std::move(profile))
{
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::onVisitor);
}

base::Result<bool> SingleInstance::becomeFirst()
{
    base::Result<std::optional<storage::FileLock>> lock =
        storage::FileLock::tryAcquire(m_profile.locksFolder() + u"/window.lock"_s);
    if (!lock) {
        return base::failed(lock.error());
    }
    if (!*lock) {
        return false;
    }
    m_lock = std::move(*lock);
    // A leftover of a crash; nobody listens there, because the lock is ours.
    QLocalServer::removeServer(m_profile.socketName());
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    m_server.listen(m_profile.socketName());
    return true;
}

void SingleInstance::onVisitor()
{
    while (QLocalSocket *visitor = m_server.nextPendingConnection()) {
        connect(visitor, &QLocalSocket::disconnected, visitor, &QObject::deleteLater);
        const auto read = [this, visitor] {
            if (visitor->bytesAvailable() >= static_cast<qint64>(sizeof raiseWord - 1)) {
                const bool isRaise = visitor->read(sizeof raiseWord - 1) == raiseWord;
                visitor->disconnectFromServer();
                if (isRaise) {
                    Q_EMIT raiseRequested();
                }
            }
        };
        connect(visitor, &QLocalSocket::readyRead, this, read);
        read();
    }
}

void SingleInstance::askFirst()
{
    tryToAsk(attempts);
}

void SingleInstance::tryToAsk(int attemptsLeft)
{
    auto *socket = new QLocalSocket(this);
    connect(socket, &QLocalSocket::connected, socket, [socket] { socket->write(raiseWord); });
    // The first hangs up when it has understood.
    connect(socket, &QLocalSocket::disconnected, this, [this] { Q_EMIT asked(true); });
    connect(socket, &QLocalSocket::errorOccurred, this,
            [this, socket, attemptsLeft](QLocalSocket::LocalSocketError error) {
                if (error == QLocalSocket::PeerClosedError) {
                    return;
                }
                socket->deleteLater();
                if (attemptsLeft == 0) {
                    Q_EMIT asked(false);
                    return;
                }
                QTimer::singleShot(betweenAttempts, this,
                                   [this, attemptsLeft] { tryToAsk(attemptsLeft - 1); });
            });
    socket->connectToServer(m_profile.socketName());
}

} // namespace mooring::ui
