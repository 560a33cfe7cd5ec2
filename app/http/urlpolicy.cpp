// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/urlpolicy.h"

#include "base/displaytext.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace mooring::http {

using namespace Qt::StringLiterals;
using base::ErrorKind;

namespace {

constexpr qsizetype maximumLength = 8192;

QString tr(const char *text)
{
    return QCoreApplication::translate("mooring::http", text);
}

/// What is wrong with the characters, before any parser has been lenient about them.
QString problemWithText(QStringView text)
{
    if (text.size() > maximumLength) {
        return u"longer than 8 KiB"_s;
    }
    for (const QChar c : text) {
        if (c.unicode() <= 0x20 || c.unicode() == 0x7f) {
            return u"a space or a control character"_s;
        }
        if (c == u'\\') {
            return u"a backslash"_s;
        }
    }
    if (!text.startsWith("https://"_L1, Qt::CaseInsensitive)
        && !text.startsWith("http://"_L1, Qt::CaseInsensitive)) {
        return u"neither https nor http"_s;
    }
    return {};
}

/// All ASCII, no user name, nothing encoded. Asking a QUrl for its parts makes strings, so what can't be in
/// them is not looked for: a long list of servers is judged at start-up.
bool isPlain(QStringView text)
{
    return std::all_of(text.begin(), text.end(),
                       [](QChar c) { return c.unicode() < 0x80 && c != u'@' && c != u'%'; });
}

/// `text` is what `url` was made from.
QString problemWithUrl(const QUrl &url, QStringView text)
{
    if (!url.isValid() || url.host().isEmpty()) {
        return u"no host"_s;
    }
    if (url.hasFragment()) {
        return u"a fragment"_s;
    }
    if (url.port(443) < 1 || url.port(443) > 65535) {
        return u"an impossible port"_s;
    }
    if (isPlain(text)) {
        return {};
    }
    if (!url.userInfo(QUrl::FullyEncoded).isEmpty() || url.authority(QUrl::FullyEncoded).contains(u'@')) {
        return u"a user name in the address"_s;
    }
    if (url.path(QUrl::FullyEncoded).contains("%00"_L1) || url.host(QUrl::FullyEncoded).contains(u'%')) {
        return u"an encoded character that doesn't belong there"_s;
    }
    return {};
}

bool inSubnet(const QHostAddress &address, const char *subnet)
{
    return address.isInSubnet(QHostAddress::parseSubnet(QString::fromLatin1(subnet)));
}

} // namespace

AddressClass UrlPolicy::classOf(const QHostAddress &address)
{
    bool isV4 = false;
    const quint32 v4 = address.toIPv4Address(&isV4);
    // A v4 address in v6 clothes is that v4 address.
    const QHostAddress plain = isV4 ? QHostAddress(v4) : address;
    // 0.0.0.0 and :: reach this computer although nobody calls them loopback.
    if (plain.isLoopback() || inSubnet(plain, "0.0.0.0/8") || plain == QHostAddress(QHostAddress::AnyIPv6)) {
        return AddressClass::Loopback;
    }
    // The special-purpose registries of IANA; QHostAddress::isGlobal() misses some of them.
    static constexpr const char *privateV4[] = {"10.0.0.0/8",     "100.64.0.0/10", "169.254.0.0/16",
                                                "172.16.0.0/12",  "192.0.0.0/24",  "192.0.2.0/24",
                                                "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
                                                "203.0.113.0/24", "224.0.0.0/4",   "240.0.0.0/4"};
    static constexpr const char *privateV6[] = {"fc00::/7",       "fe80::/10",     "fec0::/10",
                                                "ff00::/8",       "2001:db8::/32", "64:ff9b::/96",
                                                "64:ff9b:1::/48", "100::/64"};
    if (isV4) {
        return std::any_of(std::begin(privateV4), std::end(privateV4),
                           [&](auto net) { return inSubnet(plain, net); })
                   ? AddressClass::Private
                   : AddressClass::Public;
    }
    return std::any_of(std::begin(privateV6), std::end(privateV6),
                       [&](auto net) { return inSubnet(plain, net); })
               ? AddressClass::Private
               : AddressClass::Public;
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
    if (host == "localhost"_L1 || host.endsWith(".localhost"_L1)) {
        return AddressClass::Loopback;
    }
    // Names without a dot and the reserved ones never leave this network (RFC 6762, RFC 8375).
    if (!host.contains(u'.') || host.endsWith(".local"_L1) || host.endsWith(".internal"_L1)
        || host.endsWith(".home.arpa"_L1)) {
        return AddressClass::Private;
    }
    return AddressClass::Public;
}

base::Result<QUrl> UrlPolicy::parseTyped(const QString &text)
{
    QString typed = text.trimmed();
    if (!typed.isEmpty() && !typed.contains("://"_L1) && !typed.contains(u' ')) {
        const QUrl guess(u"https://"_s + typed);
        const bool local = guess.isValid() && classOf(guess) == AddressClass::Loopback;
        // "mailto:someone" has a scheme; "localhost:8080" and "example.com:8443/mcp" have a port.
        static const QRegularExpression bareHost(
            u"^[^:/?#]+(:[0-9]+)?([/?].*)?$|^\\[[0-9A-Fa-f:]+\\](:[0-9]+)?([/?].*)?$"_s);
        if (bareHost.match(typed).hasMatch()) {
            typed.prepend(local ? u"http://"_s : u"https://"_s);
        }
    }
    const QUrl url(typed, QUrl::StrictMode);
    QString problem = problemWithText(typed);
    if (problem.isEmpty()) {
        problem = problemWithUrl(url, typed);
    }
    if (!problem.isEmpty()) {
        return base::failed(
            makeError(ErrorKind::InvalidInput,
                      tr("That is not a web address of a server. It looks like https://mcp.example.com/mcp."),
                      problem));
    }
    if (url.scheme() == "http"_L1 && classOf(url) != AddressClass::Loopback) {
        return base::failed(
            makeError(ErrorKind::RefusedByPolicy,
                      tr("%1 would be reached without encryption. Mooring uses http:// only for this "
                         "computer itself; try the address with https://.")
                          .arg(base::displayHost(url)),
                      u"http to another computer"_s, base::displayHost(url)));
    }
    return url;
}

base::Result<QUrl> UrlPolicy::check(const QString &text, UrlUse use) const
{
    const auto refuse = [&](const QString &problem) {
        const QString what = use == UrlUse::Browser
                                 ? tr("Stopped: the service wanted to open an address that is not "
                                      "safe to open.")
                                 : tr("Stopped: the service named an address that Mooring must not "
                                      "use.");
        return base::failed(
            makeError(ErrorKind::RefusedByPolicy, what, u"%1: %2"_s.arg(problem, base::displayText(text))));
    };
    if (const QString problem = problemWithText(text); !problem.isEmpty()) {
        return refuse(problem);
    }
    const QUrl url(text, QUrl::StrictMode);
    if (const QString problem = problemWithUrl(url, text); !problem.isEmpty()) {
        return refuse(problem);
    }
    const AddressClass itsClass = classOf(url);
    if (url.scheme() == "http"_L1 && itsClass != AddressClass::Loopback) {
        return refuse(u"http to another computer"_s);
    }
    if (itsClass > m_server) {
        return refuse(u"an address nearer than the server that named it"_s);
    }
    return url;
}

QString origin(const QUrl &url)
{
    const int defaultPort = url.scheme() == "http"_L1 ? 80 : 443;
    return u"%1://%2:%3"_s.arg(url.scheme().toLower(), url.host(QUrl::FullyEncoded).toLower())
        .arg(url.port(defaultPort));
}

} // namespace mooring::http
