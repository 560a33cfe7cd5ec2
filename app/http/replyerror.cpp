// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/replyerror.h"

#include "base/displaytext.h"
#include "base/words.h"
#include "http/accessmanager.h"

namespace mooring::http {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

namespace {

base::Error faultError(Fault fault, const QString &host, bool mayHaveArrived)
{
    switch (fault) {
    case Fault::TooLarge:
        return tooLargeError(host);
    case Fault::Headers:
        return makeError(
            ErrorKind::Protocol,
            Words::tr("%1 sent an answer whose headers can't be used: there are none, too many, or too "
                      "long ones.")
                .arg(host),
            u"no headers, or over the limit"_s, host);
    case Fault::Deadline:
    case Fault::Idle:
    case Fault::None:
        break;
    }
    base::Error error =
        makeError(ErrorKind::Timeout, Words::tr("%1 did not answer in time.").arg(host),
                  fault == Fault::Idle ? u"silent for too long"_s : u"total deadline passed"_s, host);
    error.mayHaveArrived = mayHaveArrived;
    return error;
}

} // namespace

base::Error tooLargeError(const QString &host)
{
    return makeError(ErrorKind::Protocol,
                     Words::tr("%1 sent more than Mooring is willing to read.").arg(host),
                     u"the body is over the limit"_s, host);
}

base::Error replyError(const QNetworkReply *reply)
{
    const QString host = base::displayAuthority(AccessManager::urlOf(reply));
    const bool mayHaveArrived = AccessManager::mayHaveSent(reply);
    if (const Fault fault = AccessManager::faultOf(reply); fault != Fault::None) {
        return faultError(fault, host, mayHaveArrived);
    }
    // errorString() quotes the URL, and a URL may hold what must not be logged; the number will do.
    const QString detail = u"network error %1"_s.arg(static_cast<int>(reply->error()));
    switch (reply->error()) {
    case QNetworkReply::SslHandshakeFailedError:
        return makeError(
            ErrorKind::Tls,
            Words::tr("The connection to %1 can't be trusted, so nothing was sent. Check the address, the "
                      "network and this computer's clock.")
                .arg(host),
            AccessManager::tlsProblemsOf(reply), host);
    case QNetworkReply::HostNotFoundError: {
        base::Error error =
            makeError(ErrorKind::Network,
                      Words::tr("There is no host called %1. Check the address and the network.").arg(host),
                      detail, host);
        error.isNoSuchHost = true;
        return error;
    }
    case QNetworkReply::ConnectionRefusedError:
        return makeError(ErrorKind::Network,
                         Words::tr("Nothing answers at %1: the connection was refused.").arg(host), detail,
                         host);
    case QNetworkReply::ProxyConnectionRefusedError:
    case QNetworkReply::ProxyConnectionClosedError:
    case QNetworkReply::ProxyNotFoundError:
    case QNetworkReply::ProxyTimeoutError:
    case QNetworkReply::ProxyAuthenticationRequiredError:
        return makeError(ErrorKind::Network,
                         Words::tr("The network's proxy would not connect to %1.").arg(host), detail, host);
    default:
        break;
    }
    base::Error error =
        makeError(ErrorKind::Network, Words::tr("The connection to %1 was lost.").arg(host), detail, host);
    error.mayHaveArrived = mayHaveArrived;
    return error;
}

} // namespace mooring::http
