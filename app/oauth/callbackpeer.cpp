// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/callbackpeer.h"

#include <QFile>
#include <QTcpSocket>
#include <QtEndian>

#include <optional>

#ifdef Q_OS_LINUX
#include <unistd.h>
#endif

namespace mooring::oauth {

using namespace Qt::StringLiterals;

namespace {

/// The columns behind the two addresses (proc(5)): st, queues, timer, retransmissions, uid, timeout, inode.
struct Row {
    QByteArray state;
    QByteArray user;
    QByteArray inode;
};

/// The kernel writes addresses in words of 32 bits as they lie in memory, each as a number of this machine's
/// byte order.
QByteArray hexWord(quint32 word)
{
    return QByteArray::number(word, 16).rightJustified(8, '0').toUpper();
}

QByteArray inTable(const QHostAddress &address, quint16 port, bool asIPv6)
{
    bool isIPv4 = false;
    const quint32 ipv4 = address.toIPv4Address(&isIPv4);
    QByteArray host;
    if (isIPv4 && !asIPv6) {
        host = hexWord(qToBigEndian(ipv4));
    } else {
        const Q_IPV6ADDR bytes = address.toIPv6Address(); // of an IPv4 address: the mapped one
        for (std::size_t at = 0; at < sizeof bytes.c; at += sizeof(quint32)) {
            host += hexWord(qFromUnaligned<quint32>(bytes.c + at));
        }
    }
    return host + ':' + QByteArray::number(port, 16).rightJustified(4, '0').toUpper();
}

/// The row of the socket that is at `address` and talks to `peerAddress`. One that talks IPv4 can be a socket
/// for IPv6.
std::optional<Row> rowOf(QByteArrayView tables, const ConnectionEnds &ends)
{
    for (const bool asIPv6 : {false, true}) {
        const QByteArray key = ": " + inTable(ends.address, ends.port, asIPv6) + ' '
                               + inTable(ends.peerAddress, ends.peerPort, asIPv6) + ' ';
        const qsizetype at = tables.indexOf(key);
        if (at < 0) {
            continue;
        }
        const QByteArrayView rest = tables.sliced(at + key.size());
        const qsizetype end = rest.indexOf('\n');
        const QList<QByteArray> columns =
            (end < 0 ? rest : rest.first(end)).toByteArray().simplified().split(' ');
        if (columns.size() > 6) {
            return Row{columns.at(0), columns.at(4), columns.at(6)};
        }
    }
    return std::nullopt;
}

} // namespace

CallbackPeer callbackPeer(QByteArrayView tables, const ConnectionEnds &ends, uint user)
{
    constexpr char established[] = "01";
    const std::optional<Row> own = rowOf(tables, ends);
    if (!own) {
        return CallbackPeer::Unknown;
    }
    const std::optional<Row> peer = rowOf(tables, {ends.peerAddress, ends.peerPort, ends.address, ends.port});
    // A socket that its program has closed belongs to nobody, and stands there as one of root's.
    if (own->state != established || (peer && peer->inode == "0")) {
        return CallbackPeer::Gone;
    }
    if (!peer) {
        return CallbackPeer::Unknown;
    }
    return peer->user == QByteArray::number(user) || peer->user == "0" ? CallbackPeer::SameUser
                                                                       : CallbackPeer::OtherUser;
}

CallbackPeer callbackPeer([[maybe_unused]] const QTcpSocket &socket)
{
#ifdef Q_OS_LINUX
    QByteArray tables;
    for (const QString &name : {u"/proc/net/tcp"_s, u"/proc/net/tcp6"_s}) {
        QFile file(name);
        if (file.open(QIODevice::ReadOnly)) {
            tables += file.readAll();
        }
    }
    return callbackPeer(tables,
                        {socket.localAddress(), socket.localPort(), socket.peerAddress(), socket.peerPort()},
                        ::geteuid());
#else
    return CallbackPeer::Unknown;
#endif
}

} // namespace mooring::oauth
