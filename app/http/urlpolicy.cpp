// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/urlpolicy.h"

#include "base/displaytext.h"
#include "base/words.h"

#include <QRegularExpression>

#include <algorithm>
#include <ranges>

namespace mooring::http {

using namespace Qt::StringLiterals;
using base::ErrorKind;
using base::Words;

namespace {

constexpr qsizetype maximumLength = 8192;
constexpr auto tooLong = "longer than 8 KiB"_L1;

/// What is wrong with the characters, before any parser has been lenient about them.
QString problemWithText(QStringView text)
{
    if (text.size() > maximumLength) {
        return tooLong;
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
    // An encoded character takes nine bytes at most, so most addresses need not be encoded to be measured.
    if (text.size() > maximumLength / 9 && url.toEncoded().size() > maximumLength) {
        return tooLong;
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

/// As it goes over the wire. Qt keeps some characters encoded and others as they came (noncharacters,
/// in 6.4), so that an address was another one after it had been stored.
QUrl canonical(const QUrl &url, QStringView text)
{
    return isPlain(text) ? url : QUrl::fromEncoded(url.toEncoded(), QUrl::StrictMode);
}

/// The ports of other protocols that browsers refuse (WHATWG Fetch, "port blocking"), and those of Redis
/// and memcached, which take a request for commands.
bool isPortOfAnotherProtocol(int port)
{
    static constexpr int ports[] = {
        1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,   37,   42,    43,   53,
        69,   77,   79,   87,   95,   101,  102,  103,  104,  109,  110,  111,  113,  115,  117,   119,  123,
        135,  137,  139,  143,  161,  179,  389,  427,  465,  512,  513,  514,  515,  526,  530,   531,  532,
        540,  548,  554,  556,  563,  587,  601,  636,  989,  990,  993,  995,  1719, 1720, 1723,  2049, 3659,
        4045, 4190, 5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211};
    static_assert(std::ranges::is_sorted(ports));
    return std::ranges::binary_search(ports, port);
}

base::Error plainHttpError(const QUrl &url)
{
    const bool mayBeAllowed = UrlPolicy::classOf(url) == AddressClass::Private;
    const QString sentence =
        mayBeAllowed
            ? Words::tr("%1 would be reached without encryption: everybody in this network could read what "
                        "is sent, keys too. Try the address with https://, or allow it for this server.")
            : Words::tr("%1 would be reached without encryption. Mooring uses http:// only for this "
                        "computer itself; try the address with https://.");
    const QString host = base::displayHost(url);
    base::Error error =
        makeError(ErrorKind::RefusedByPolicy, sentence.arg(host), u"http to another computer"_s, host);
    if (mayBeAllowed) {
        error.remedy = QString::fromUtf16(allowsPlainHttp);
    }
    return error;
}

} // namespace

bool UrlPolicy::isPlainHttp(const QUrl &url)
{
    return url.scheme() == "http"_L1 && classOf(url) != AddressClass::Loopback;
}

base::Result<QUrl> UrlPolicy::parseTyped(const QString &text, PlainHttp plainHttp)
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
        return base::failed(makeError(
            ErrorKind::InvalidInput,
            Words::tr("That is not a web address of a server. It looks like https://mcp.example.com/mcp."),
            problem));
    }
    const bool isAllowed = plainHttp == PlainHttp::ThisNetwork && classOf(url) == AddressClass::Private;
    if (isPlainHttp(url) && !isAllowed) {
        return base::failed(plainHttpError(url));
    }
    return canonical(url, typed);
}

base::Result<QUrl> UrlPolicy::check(const QString &text, UrlUse use) const
{
    const auto refuse = [&](const QString &problem) {
        const QString what = use == UrlUse::Browser
                                 ? Words::tr("Stopped: the service wanted to open an address that is not "
                                             "safe to open.")
                                 : Words::tr("Stopped: the service named an address that Mooring must not "
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
    const bool isOfServer = (use == UrlUse::Server || use == UrlUse::Metadata)
                            && itsClass == AddressClass::Private && origin(url) == origin(m_typed);
    if (isPlainHttp(url) && !isOfServer) {
        return refuse(u"http to another computer"_s);
    }
    if (itsClass > m_server) {
        return refuse(u"an address nearer than the server that named it"_s);
    }
    // Browsers have a list of their own; what the person typed was typed on purpose.
    const bool isFetched = use == UrlUse::Metadata || use == UrlUse::Endpoint;
    if (isFetched && isPortOfAnotherProtocol(url.port(443)) && origin(url) != origin(m_typed)) {
        return refuse(u"a port that belongs to another protocol"_s);
    }
    return canonical(url, text);
}

QString origin(const QUrl &url)
{
    const int defaultPort = url.scheme() == "http"_L1 ? 80 : 443;
    return u"%1://%2:%3"_s.arg(url.scheme().toLower(), url.host(QUrl::FullyEncoded).toLower())
        .arg(url.port(defaultPort));
}

} // namespace mooring::http
