// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/testbed.h"

#include <QDirIterator>
#include <QStandardPaths>

namespace mooring::support {

using namespace Qt::StringLiterals;

Testbed::Testbed()
    : auth({}, clock.function())
    , http(clock.function())
{
    qputenv("XDG_DATA_HOME", folder.path().toLocal8Bit());
    deadlines.lock = std::chrono::seconds(5);
    deadlines.retryPauses.fill(std::chrono::milliseconds(10));
    auth.tokenPrefix = "canary-token-";
    auth.codePrefix = "canary-code-";
    mcp.protect(auth.issuer(), [this](const QByteArray &token) {
        return auth.isActive(token) && auth.resourceOf(token) == mcp.url().toString().toUtf8();
    });
    open();
}

Testbed::~Testbed()
{
    await(list->shutDown());
    list.reset();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    QCoreApplication::processEvents();
}

void Testbed::open()
{
    list = std::make_unique<connections::ConnectionList>(http, *store, storage::Profile(), clock.function(),
                                                         deadlines, person.openUrl());
    if (const base::Result<void> loaded = list->load(); !loaded) {
        qWarning("the list could not be loaded: %s", qPrintable(loaded.error().sentence));
    }
}

void Testbed::restart()
{
    await(list->shutDown());
    list.reset();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    open();
}

std::shared_ptr<connections::Connection> Testbed::added(connections::NewConnection request)
{
    base::Result<std::shared_ptr<connections::Connection>> connection =
        await(list->add(std::move(request), {}));
    if (!connection) {
        qFatal("could not add: %s", qPrintable(connection.error().sentence));
    }
    return *connection;
}

std::shared_ptr<connections::Connection> Testbed::added(const QUrl &url)
{
    connections::NewConnection request;
    request.url = url;
    return added(std::move(request));
}

std::shared_ptr<connections::Connection> Testbed::addedWithKey(const FakeMcpServer &server)
{
    connections::NewConnection request;
    request.url = server.url();
    request.headers = {{QString::fromLatin1(server.keyHeader), base::Secret(server.keyValue)}};
    return added(std::move(request));
}

std::shared_ptr<connections::Connection> Testbed::signedIn()
{
    const std::shared_ptr<connections::Connection> connection = added(mcp.url());
    const base::Result<void> done = await(connection->authorize({}, {}));
    if (!done) {
        qFatal("could not sign in: %s (%s)", qPrintable(done.error().sentence),
               qPrintable(done.error().detail));
    }
    return connection;
}

connections::ConnectionRecord Testbed::recordOnDisk(const QString &id) const
{
    connections::RecordsFile file{storage::Profile(), deadlines};
    const base::Result<connections::Records> records = file.load();
    const connections::ConnectionRecord *found = records ? records->connection(id) : nullptr;
    return found ? *found : connections::ConnectionRecord();
}

QByteArray Testbed::everythingOnDisk() const
{
    QByteArray all;
    QDirIterator files(folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly)) {
            all += file.readAll();
        }
    }
    return all;
}

} // namespace mooring::support
