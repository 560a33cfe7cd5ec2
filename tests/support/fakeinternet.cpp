// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fakeinternet.h"

#include <QMutex>
#include <QSemaphore>
#include <QSet>

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace mooring::support {

using namespace Qt::StringLiterals;

namespace {

/// Qt resolves names in threads of its own.
struct World {
    QMutex mutex;
    bool isOn = false;
    QHash<QString, quint16> places;
    QHash<QString, QStringList> names;
    QSet<quint16> ignored;
    QStringList attempts;
    QString silent;
    QSemaphore silence;
};

World &world()
{
    static World instance;
    return instance;
}

template <typename Function>
Function next(const char *name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

struct Target {
    QHostAddress address;
    quint16 port = 0;
};

Target targetOf(const sockaddr *where)
{
    Target target;
    target.address = QHostAddress(where);
    if (where->sa_family == AF_INET) {
        target.port = ntohs(reinterpret_cast<const sockaddr_in *>(where)->sin_port);
    } else if (where->sa_family == AF_INET6) {
        target.port = ntohs(reinterpret_cast<const sockaddr_in6 *>(where)->sin6_port);
    }
    return target;
}

int connectToLoopback(int socket, int family, quint16 port)
{
    const auto real = next<int (*)(int, const sockaddr *, socklen_t)>("connect");
    if (family == AF_INET) {
        sockaddr_in here = {};
        here.sin_family = AF_INET;
        here.sin_port = htons(port);
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return real(socket, reinterpret_cast<const sockaddr *>(&here), sizeof here);
    }
    sockaddr_in6 here = {};
    here.sin6_family = AF_INET6;
    here.sin6_port = htons(port);
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &here.sin6_addr);
    return real(socket, reinterpret_cast<const sockaddr *>(&here), sizeof here);
}

} // namespace

FakeInternet::FakeInternet()
{
    const QMutexLocker lock(&world().mutex);
    world().isOn = true;
}

FakeInternet::~FakeInternet()
{
    const QMutexLocker lock(&world().mutex);
    world().isOn = false;
    world().places.clear();
    world().names.clear();
    world().ignored.clear();
    world().attempts.clear();
    if (!std::exchange(world().silent, QString()).isEmpty()) {
        world().silence.release(1000);
    }
}

void FakeInternet::place(const QString &address, quint16 port)
{
    const QMutexLocker lock(&world().mutex);
    world().places.insert(QHostAddress(address).toString(), port);
}

void FakeInternet::name(const QString &host, const QStringList &addresses)
{
    const QMutexLocker lock(&world().mutex);
    world().names.insert(host, addresses);
}

void FakeInternet::silence(const QString &host)
{
    const QMutexLocker lock(&world().mutex);
    world().silent = host;
    world().silence.tryAcquire(world().silence.available());
}

QStringList FakeInternet::attempts() const
{
    const QMutexLocker lock(&world().mutex);
    return world().attempts;
}

void FakeInternet::forgetAttempts()
{
    const QMutexLocker lock(&world().mutex);
    world().attempts.clear();
}

void FakeInternet::ignore(quint16 port)
{
    const QMutexLocker lock(&world().mutex);
    world().ignored.insert(port);
}

void FakeNames::answer(const QString &host, const QStringList &addresses)
{
    m_state->answers[host].append(addresses);
}

http::Resolver FakeNames::resolver() const
{
    return [state = m_state](const QString &host, std::chrono::milliseconds, const std::stop_token &) {
        return resolve(state, host);
    };
}

base::Task<base::Result<http::Addresses>> FakeNames::resolve(std::shared_ptr<State> state, QString host)
{
    co_await base::yieldToEventLoop();
    state->asked.append(host);
    QList<QStringList> &answers = state->answers[host];
    if (answers.isEmpty()) {
        co_return base::failed(base::makeError(base::ErrorKind::Network, u"There is no such host."_s));
    }
    http::Addresses addresses;
    const QStringList texts = answers.size() > 1 ? answers.takeFirst() : answers.first();
    for (const QString &text : texts) {
        addresses.append(QHostAddress(text));
    }
    co_return addresses;
}

} // namespace mooring::support

using mooring::support::targetOf;
using mooring::support::world;

extern "C" int connect(int socket, const sockaddr *where, socklen_t length)
{
    const auto real = mooring::support::next<int (*)(int, const sockaddr *, socklen_t)>("connect");
    const auto target = targetOf(where);
    const QMutexLocker lock(&world().mutex);
    const bool isInternet = where->sa_family == AF_INET || where->sa_family == AF_INET6;
    const bool isOurs =
        target.address == QHostAddress(QHostAddress::LocalHost) && world().ignored.contains(target.port);
    if (!world().isOn || !isInternet || isOurs) {
        return real(socket, where, length);
    }
    const QString address = target.address.toString();
    // Qt calls once more to hear how the first call has ended.
    sockaddr_storage peer = {};
    socklen_t size = sizeof peer;
    if (getpeername(socket, reinterpret_cast<sockaddr *>(&peer), &size) != 0) {
        world().attempts.append(QStringLiteral("%1:%2").arg(address).arg(target.port));
    }
    if (const quint16 port = world().places.value(address); port != 0) {
        return mooring::support::connectToLoopback(socket, where->sa_family, port);
    }
    if (target.address.isLoopback()) {
        return real(socket, where, length);
    }
    errno = ECONNREFUSED;
    return -1;
}

extern "C" int getaddrinfo(const char *node, const char *service, const addrinfo *hints, addrinfo **result)
{
    const auto real =
        mooring::support::next<int (*)(const char *, const char *, const addrinfo *, addrinfo **)>(
            "getaddrinfo");
    QStringList addresses;
    bool isSilent = false;
    {
        const QMutexLocker lock(&world().mutex);
        const QString host = QString::fromLatin1(node ? node : "");
        if (!world().isOn || host.isEmpty() || !QHostAddress(host).isNull()
            || host == QLatin1String("localhost")) {
            return real(node, service, hints, result);
        }
        addresses = world().names.value(host);
        isSilent = host == world().silent;
    }
    if (isSilent) {
        world().silence.acquire();
    }
    addrinfo *first = nullptr;
    addrinfo **end = &first;
    for (const QString &address : addresses) {
        addrinfo numeric = hints ? *hints : addrinfo{};
        numeric.ai_flags = AI_NUMERICHOST;
        if (real(address.toLatin1().constData(), service, &numeric, end) == 0) {
            while (*end) {
                end = &(*end)->ai_next;
            }
        }
    }
    *result = first;
    return first ? 0 : EAI_NONAME;
}
