// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/faults.h"

#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mooring::support {

namespace {

int newSocket()
{
    const int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) {
        qFatal("DeadPort: no socket");
    }
    return made;
}

} // namespace

DeadPort::DeadPort(Way way)
{
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    auto *const plain = reinterpret_cast<sockaddr *>(&address);
    // Bound, so that nobody else gets the port; connecting to it is refused until it listens.
    m_sockets.push_back(newSocket());
    if (bind(m_sockets.front(), plain, length) != 0 || getsockname(m_sockets.front(), plain, &length) != 0) {
        qFatal("DeadPort: no port");
    }
    m_port = ntohs(address.sin_port);
    if (way == Way::Refuses) {
        return;
    }
    if (listen(m_sockets.front(), 0) != 0) {
        qFatal("DeadPort: can't listen");
    }
    // Nobody accepts, so the queue is full after one or two; then the kernel drops what asks to connect.
    for (int i = 0; i < 3; ++i) {
        m_sockets.push_back(newSocket());
        if (connect(m_sockets.back(), plain, length) != 0 && errno != EINPROGRESS) {
            qFatal("DeadPort: can't fill the queue");
        }
    }
}

DeadPort::~DeadPort()
{
    for (const int one : m_sockets) {
        close(one);
    }
}

} // namespace mooring::support
