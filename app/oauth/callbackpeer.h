// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>

class QTcpSocket;

namespace mooring::oauth {

/// Who is at the other end of a connection within this computer. The address that is opened in the browser
/// stands in the process list for a moment, so another user can know the `state` of a sign-in, and answer it
/// with a code of an account of theirs.
enum class CallbackPeer {
    SameUser, ///< or root, through whom the systems around a Linux hand over what their browser asks
    OtherUser,
    Gone, ///< it has closed already, and whose it was can't be told
    Unknown, ///< nothing tells: another system than Linux, or the other end is outside of it
};

/// The two ends of a connection, seen from here.
struct ConnectionEnds {
    QHostAddress address;
    quint16 port = 0;
    QHostAddress peerAddress;
    quint16 peerPort = 0;
};

/// What the kernel's tables say, /proc/net/tcp and tcp6 in one text (proc(5)). `user` is ours.
CallbackPeer callbackPeer(QByteArrayView tables, const ConnectionEnds &ends, uint user);
/// The same for a connection of this moment.
CallbackPeer callbackPeer(const QTcpSocket &socket);

} // namespace mooring::oauth
