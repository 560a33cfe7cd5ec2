// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/resolution.h"

#include "base/deadline.h"
#include "base/displaytext.h"
#include "base/words.h"

#include <QHostInfo>
#include <QNetworkProxyFactory>

#include <algorithm>
#include <ranges>

namespace mooring::http {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Result;
using base::Task;
using base::Words;

namespace {

/// A host with more addresses than that is none that we have to reach by the last of them.
constexpr qsizetype maximumAddresses = 8;
/// Behind a proxy there may be nobody who knows the names of the internet, nor anybody who says so.
constexpr auto patienceBehindProxy = std::chrono::milliseconds(2000);

/// As AccessManager will find it: it asks the same.
bool goesThroughProxy(const QUrl &url)
{
    const QList<QNetworkProxy> proxies = QNetworkProxyFactory::proxyForQuery(QNetworkProxyQuery(url));
    return !proxies.isEmpty() && proxies.first().type() != QNetworkProxy::NoProxy;
}

/// One of each family first, so that a network without IPv6 costs one attempt (RFC 8305 section 4).
Addresses inOrder(const Addresses &addresses)
{
    Addresses ordered = addresses;
    const auto isOther = [&](const QHostAddress &address) {
        return address.protocol() != addresses.first().protocol();
    };
    if (const auto other = std::ranges::find_if(ordered, isOther); other != ordered.end()) {
        std::rotate(ordered.begin() + 1, other, other + 1);
    }
    return ordered.first(std::min(ordered.size(), maximumAddresses));
}

base::Error tooNear(const QUrl &url, const QUrl &namedBy, const QHostAddress &address)
{
    const QString where =
        UrlPolicy::classOf(address) == AddressClass::Loopback
            ? Words::tr("Stopped: %1 names %2, but that leads to %3, which is this computer. "
                        "Mooring doesn't follow servers there.")
            : Words::tr("Stopped: %1 names %2, but that leads to %3, which is on this network. "
                        "Mooring doesn't follow servers there.");
    const QString host = base::displayHost(url);
    return makeError(ErrorKind::RefusedByPolicy,
                     where.arg(base::displayHost(namedBy), host, address.toString()),
                     u"an address nearer than the server that named it: "_s + address.toString(), host);
}

base::Error tooFarForPlainHttp(const QUrl &url, const QHostAddress &address)
{
    const QString host = base::displayHost(url);
    return makeError(
        ErrorKind::RefusedByPolicy,
        Words::tr("Stopped: %1 leads to %2, which is not on this network. Nothing is sent that far "
                  "without encryption; try the address with https://.")
            .arg(host, address.toString()),
        u"http beyond this network"_s, host);
}

base::Error notFound(const QString &host, QHostInfo::HostInfoError lookup)
{
    const bool isUnknown = lookup == QHostInfo::HostNotFound;
    const QString sentence =
        isUnknown
            ? Words::tr("There is no host called %1. Check the address and the network.")
            : Words::tr("The name %1 can't be looked up: this computer has no network, or the network's "
                        "name service (DNS) doesn't answer.");
    base::Error error =
        makeError(ErrorKind::Network, sentence.arg(host), u"host lookup error %1"_s.arg(lookup), host);
    error.isNoSuchHost = isUnknown;
    return error;
}

base::Error tooSlow(const QString &host)
{
    return makeError(ErrorKind::Timeout, Words::tr("%1 did not answer in time.").arg(host),
                     u"the name was not resolved in time"_s, host);
}

} // namespace

Task<Result<Addresses>> lookUp(QString host, std::chrono::milliseconds deadline, std::stop_token stop)
{
    const base::OneShot<Result<Addresses>> found;
    // It lives until the system has answered, however long nobody has been waiting: an aborted lookup leaks
    // in Qt.
    auto *receiver = new QObject;
    QHostInfo::lookupHost(host, receiver, [found, host, receiver](const QHostInfo &info) {
        receiver->deleteLater();
        if (info.error() != QHostInfo::NoError || info.addresses().isEmpty()) {
            found.resolve(base::failed(notFound(host, info.error())));
        } else {
            found.resolve(info.addresses());
        }
    });
    base::Deadline patience([found, host] { found.resolve(base::failed(tooSlow(host))); });
    patience.start(deadline);
    const auto onStop = [found] { found.resolve(base::failed(base::cancelledError())); };
    const std::stop_callback stopCallback(stop, onStop);
    Result<Addresses> addresses = co_await found;
    co_return addresses;
}

Task<AddressClass> Resolution::classOfServer(QUrl typed, std::chrono::milliseconds deadline,
                                             std::stop_token stop)
{
    const AddressClass looks = UrlPolicy::classOf(typed);
    const QString host = typed.host(QUrl::FullyEncoded).toLower();
    if (looks != AddressClass::Public || !QHostAddress(host).isNull()) {
        co_return looks;
    }
    if (m_farthest.value(host, AddressClass::Loopback) == AddressClass::Public) {
        co_return AddressClass::Public;
    }
    const Result<Addresses> addresses = co_await m_resolver(host, deadline, stop);
    if (!addresses) {
        co_return m_farthest.value(host, AddressClass::Public);
    }
    AddressClass farthest = m_farthest.value(host, AddressClass::Loopback);
    for (const QHostAddress &address : *addresses) {
        farthest = std::min(farthest, UrlPolicy::classOf(address));
    }
    m_farthest.insert(host, farthest);
    co_return farthest;
}

Task<Result<Addresses>> Resolution::lookUpAgain(QUrl url, std::chrono::milliseconds deadline,
                                                std::stop_token stop)
{
    const QString host = url.host(QUrl::FullyEncoded);
    return m_resolver(host, deadline, std::move(stop));
}

Task<Result<Addresses>> Resolution::plainAddressesFor(QUrl url, std::chrono::milliseconds deadline,
                                                      std::stop_token stop)
{
    const QString host = url.host(QUrl::FullyEncoded);
    const QHostAddress literal(host);
    Result<Addresses> addresses = Addresses{literal};
    if (literal.isNull()) {
        addresses = co_await m_resolver(host, deadline, stop);
    }
    if (!addresses) {
        co_return addresses;
    }
    for (const QHostAddress &address : std::as_const(*addresses)) {
        if (UrlPolicy::classOf(address) == AddressClass::Public) {
            co_return base::failed(tooFarForPlainHttp(url, address));
        }
    }
    co_return inOrder(*addresses);
}

Task<Result<Addresses>> Resolution::addressesFor(QUrl url, QUrl namedBy, std::chrono::milliseconds deadline,
                                                 std::stop_token stop)
{
    if (UrlPolicy::isPlainHttp(url)) {
        Result<Addresses> plain = co_await plainAddressesFor(url, deadline, stop);
        co_return plain;
    }
    if (namedBy.isEmpty() || origin(url) == origin(namedBy)) {
        co_return Addresses();
    }
    const bool isProxied = goesThroughProxy(url);
    const auto patience = isProxied ? std::min(deadline, patienceBehindProxy) : deadline;
    const AddressClass nearest = co_await classOfServer(namedBy, patience, stop);
    if (nearest == AddressClass::Loopback) {
        co_return Addresses();
    }
    const QString host = url.host(QUrl::FullyEncoded);
    const QHostAddress literal(host);
    Result<Addresses> addresses = Addresses{literal};
    if (literal.isNull()) {
        addresses = co_await m_resolver(host, patience, stop);
    }
    if (!addresses) {
        const bool isOnlyProxied = isProxied && addresses.error().kind != ErrorKind::Cancelled;
        co_return isOnlyProxied ? Result<Addresses>(Addresses()) : addresses;
    }
    for (const QHostAddress &address : std::as_const(*addresses)) {
        if (UrlPolicy::classOf(address) > nearest) {
            co_return base::failed(tooNear(url, namedBy, address));
        }
    }
    co_return isProxied ? Addresses() : inOrder(*addresses);
}

} // namespace mooring::http
