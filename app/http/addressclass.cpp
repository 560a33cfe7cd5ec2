// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
// How far away an address is: the half of UrlPolicy that knows the registries of addresses and names.
#include "http/urlpolicy.h"

#include <algorithm>
#include <ranges>
#include <span>

namespace mooring::http {

using namespace Qt::StringLiterals;

namespace {

bool isInAnyOf(const QHostAddress &address, std::span<const char *const> subnets)
{
    return std::ranges::any_of(subnets, [&address](const char *subnet) {
        return address.isInSubnet(QHostAddress::parseSubnet(QString::fromLatin1(subnet)));
    });
}

AddressClass classOfV4(const QHostAddress &address)
{
    // 0.0.0.0 reaches this computer although nobody calls it loopback.
    if (address.isLoopback() || address == QHostAddress(QHostAddress::AnyIPv4)) {
        return AddressClass::Loopback;
    }
    // The special-purpose registry of IANA; QHostAddress::isGlobal() misses some of it.
    static constexpr const char *privateSubnets[] = {
        "0.0.0.0/8",      "10.0.0.0/8",   "100.64.0.0/10",  "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24",   "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15",  "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4",  "240.0.0.0/4"};
    return isInAnyOf(address, privateSubnets) ? AddressClass::Private : AddressClass::Public;
}

QHostAddress v4At(const Q_IPV6ADDR &bytes, int at, quint8 mask = 0)
{
    quint32 address = 0;
    for (int i = at; i < at + 4; ++i) {
        address = (address << 8) | static_cast<quint8>(bytes[i] ^ mask);
    }
    return QHostAddress(address);
}

/// The IPv4 addresses that packets to `address` end at, if it is one that is translated or tunnelled.
QList<QHostAddress> v4Behind(const QHostAddress &address)
{
    const Q_IPV6ADDR bytes = address.toIPv6Address();
    // IPv4-compatible (RFC 4291 section 2.5.5.1), SIIT (RFC 2765), NAT64 (RFC 6052 section 2.1).
    static constexpr const char *lastFourBytes[] = {"::/96", "::ffff:0:0:0/96", "64:ff9b::/96"};
    if (isInAnyOf(address, lastFourBytes)) {
        return {v4At(bytes, 12)};
    }
    static constexpr const char *sixToFour[] = {"2002::/16"};
    if (isInAnyOf(address, sixToFour)) {
        return {v4At(bytes, 2)}; // RFC 3056 section 2
    }
    static constexpr const char *teredo[] = {"2001::/32"};
    if (isInAnyOf(address, teredo)) {
        return {v4At(bytes, 4), v4At(bytes, 12, 0xff)}; // RFC 4380 section 4: server, client
    }
    return {};
}

AddressClass classOfV6(const QHostAddress &address)
{
    if (address.isLoopback() || address == QHostAddress(QHostAddress::AnyIPv6)) {
        return AddressClass::Loopback;
    }
    static constexpr const char *privateSubnets[] = {
        "fc00::/7",    "fe80::/10",    "fec0::/10", "ff00::/8",  "64:ff9b:1::/48", "100::/64",
        "2001:2::/48", "2001:10::/28", "3fff::/20", "5f00::/16", "2001:db8::/32"};
    const QList<QHostAddress> behind = v4Behind(address);
    const bool leadsNearby = std::ranges::any_of(
        behind, [](const QHostAddress &v4) { return classOfV4(v4) != AddressClass::Public; });
    // Never Loopback: on its way to whoever translates it, a packet leaves this computer.
    return leadsNearby || isInAnyOf(address, privateSubnets) ? AddressClass::Private : AddressClass::Public;
}

/// What /etc/hosts files call this computer, besides RFC 6761 section 6.3.
bool isNameOfThisComputer(const QString &host)
{
    static constexpr QLatin1StringView names[] = {
        "localhost"_L1,  "localhost.localdomain"_L1,   "localhost4"_L1,    "localhost4.localdomain4"_L1,
        "localhost6"_L1, "localhost6.localdomain6"_L1, "ip6-localhost"_L1, "ip6-loopback"_L1};
    return host.endsWith(".localhost"_L1) || std::ranges::find(names, host) != std::end(names);
}

} // namespace

AddressClass UrlPolicy::classOf(const QHostAddress &address)
{
    if (address.protocol() == QAbstractSocket::IPv4Protocol) {
        return classOfV4(address);
    }
    // A v4 address in v6 clothes (RFC 4291 section 2.5.5.2) is that v4 address, to sockets too.
    static constexpr const char *mapped[] = {"::ffff:0:0/96"};
    return isInAnyOf(address, mapped) ? classOfV4(v4At(address.toIPv6Address(), 12)) : classOfV6(address);
}

AddressClass UrlPolicy::classOf(const QUrl &url)
{
    QString host = url.host(QUrl::FullyEncoded).toLower();
    while (host.endsWith(u'.')) {
        host.chop(1);
    }
    const QHostAddress address(host);
    if (!address.isNull()) {
        return classOf(address);
    }
    if (isNameOfThisComputer(host)) {
        return AddressClass::Loopback;
    }
    // Names without a dot and the reserved ones never leave this network (RFC 6762, RFC 8375), nor do those
    // that routers give out and the internet will never have (ICANN, "name collision").
    static constexpr QLatin1StringView ends[] = {".local"_L1, ".internal"_L1, ".home.arpa"_L1,  ".lan"_L1,
                                                 ".home"_L1,  ".corp"_L1,     ".localdomain"_L1};
    const bool isHere = std::ranges::any_of(ends, [&](QLatin1StringView end) { return host.endsWith(end); });
    if (!host.contains(u'.') || isHere) {
        return AddressClass::Private;
    }
    return AddressClass::Public;
}

} // namespace mooring::http
