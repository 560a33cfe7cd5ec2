// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/sessioncookies.h"

#include "http/urlpolicy.h"

#include <QLocale>

#include <algorithm>

namespace mooring::http {

using namespace Qt::StringLiterals;

namespace {

/// What browsers allow for one, and far more of them than a load balancer needs.
constexpr qsizetype longestCookie = 4096;
constexpr qsizetype mostCookies = 20;
/// Of all together, so that a request keeps a size that servers take.
constexpr qsizetype longestHeader = 8192;
/// In days; what a server says beyond that is the same to one conversation.
constexpr qint64 longestLife = 400;

/// What can be sent back without becoming something else on the way.
bool isPlain(const QByteArray &text)
{
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7e; });
}

/// RFC 6265 section 5.1.4.
QByteArray folderOf(const QUrl &url)
{
    const QByteArray path = url.path(QUrl::FullyEncoded).toLatin1();
    const qsizetype last = path.lastIndexOf('/');
    return last <= 0 ? "/"_ba : path.first(last);
}

bool covers(const QByteArray &folder, const QByteArray &path)
{
    return path == folder
           || (path.startsWith(folder) && (folder.endsWith('/') || path.at(folder.size()) == '/'));
}

/// RFC 6265 section 5.1.3: the host itself, or a domain above it. Whatever it says, the cookie goes nowhere
/// but to its own origin.
bool isForHost(QByteArray domain, const QString &host)
{
    while (domain.startsWith('.')) {
        domain.remove(0, 1);
    }
    const QByteArray name = host.toLatin1().toLower();
    const bool isAddress = !QHostAddress(host).isNull();
    return domain.isEmpty() || domain == name || (!isAddress && name.endsWith('.' + domain));
}

/// The form of today and the one of old (RFC 6265 section 4.1.1).
std::optional<QDateTime> readDate(const QByteArray &text)
{
    for (const QString &form : {u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s, u"ddd, dd-MMM-yyyy hh:mm:ss 'GMT'"_s}) {
        QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(text), form);
        if (date.isValid()) {
            date.setTimeSpec(Qt::UTC);
            return date;
        }
    }
    return std::nullopt;
}

/// RFC 6265 section 5.2.2; a number that is none is as if it weren't there.
std::optional<qint64> readSeconds(const QByteArray &text)
{
    const QByteArray digits = text.startsWith('-') ? text.mid(1) : text;
    const bool isNumber =
        !digits.isEmpty() && std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    if (!isNumber) {
        return std::nullopt;
    }
    const qint64 longest = longestLife * 24 * 60 * 60;
    return text.startsWith('-') ? 0 : digits.size() > 9 ? longest : std::min(digits.toLongLong(), longest);
}

} // namespace

SessionCookies::SessionCookies(const QUrl &server, base::Clock clock)
    : m_origin(origin(server))
    , m_clock(std::move(clock))
{
}

void SessionCookies::learn(const ResponseHead &head)
{
    if (origin(head.url) != m_origin) {
        return;
    }
    const QList<QByteArray> values = head.headers.values("Set-Cookie");
    for (const QByteArray &value : values) {
        // Qt makes one of several headers of this name, a line for each.
        const QList<QByteArray> lines = value.split('\n');
        for (const QByteArray &line : lines) {
            if (const std::optional<Cookie> cookie = read(line, head.url)) {
                keep(*cookie);
            }
        }
    }
}

std::optional<SessionCookies::Cookie> SessionCookies::read(const QByteArray &line, const QUrl &url) const
{
    if (line.size() > 2 * longestCookie) {
        return std::nullopt;
    }
    QList<QByteArray> parts = line.split(';');
    const QByteArray pair = parts.takeFirst();
    const qsizetype equals = pair.indexOf('=');
    Cookie cookie;
    cookie.name = pair.first(std::max<qsizetype>(equals, 0)).trimmed();
    cookie.value = pair.sliced(equals + 1).trimmed();
    cookie.path = folderOf(url);
    if (cookie.name.isEmpty() || !isPlain(cookie.name) || !isPlain(cookie.value)
        || cookie.name.size() + cookie.value.size() > longestCookie) {
        return std::nullopt;
    }
    bool hasMaxAge = false;
    for (const QByteArray &part : std::as_const(parts)) {
        const qsizetype at = part.indexOf('=');
        const QByteArray name = (at < 0 ? part : part.first(at)).trimmed().toLower();
        const QByteArray value = at < 0 ? QByteArray() : part.sliced(at + 1).trimmed();
        if (name == "domain" && !isForHost(value.toLower(), url.host(QUrl::FullyEncoded))) {
            return std::nullopt;
        }
        readAttribute(&cookie, name, value, &hasMaxAge);
    }
    // RFC 6265bis: who sets such a cookie in the clear might be anybody on the way.
    if (cookie.isForTlsOnly && url.scheme() != "https"_L1) {
        return std::nullopt;
    }
    return cookie;
}

void SessionCookies::readAttribute(Cookie *cookie, const QByteArray &name, const QByteArray &value,
                                   bool *hasMaxAge) const
{
    if (name == "path" && value.startsWith('/')) {
        cookie->path = value;
    } else if (name == "secure") {
        cookie->isForTlsOnly = true;
    } else if (name == "expires" && !*hasMaxAge) {
        cookie->expiresAt = readDate(value);
    } else if (const auto seconds = name == "max-age" ? readSeconds(value) : std::nullopt) {
        *hasMaxAge = true;
        cookie->expiresAt = m_clock().addSecs(*seconds);
    }
}

/// In the place of its predecessor; one that has run out is how servers take one back.
void SessionCookies::keep(const Cookie &cookie)
{
    const auto isSame = [&cookie](const Cookie &other) {
        return other.name == cookie.name && other.path == cookie.path;
    };
    const QDateTime now = m_clock();
    const bool isOver = cookie.expiresAt && *cookie.expiresAt <= now;
    const auto found = std::ranges::find_if(m_cookies, isSame);
    if (isOver) {
        m_cookies.removeIf(isSame);
    } else if (found != m_cookies.end()) {
        *found = cookie;
    } else if (m_cookies.size() < mostCookies) {
        m_cookies.append(cookie);
    }
}

void SessionCookies::addTo(Request *request) const
{
    if (origin(request->url) != m_origin) {
        return;
    }
    QByteArray path = request->url.path(QUrl::FullyEncoded).toLatin1();
    path = path.isEmpty() ? "/"_ba : path;
    const QDateTime now = m_clock();
    QByteArray header = request->headers.value("Cookie");
    for (const Cookie &cookie : m_cookies) {
        const bool isOver = cookie.expiresAt && *cookie.expiresAt <= now;
        const QByteArray pair = (header.isEmpty() ? ""_ba : "; "_ba) + cookie.name + '=' + cookie.value;
        if (!isOver && covers(cookie.path, path) && header.size() + pair.size() <= longestHeader) {
            header += pair;
        }
    }
    if (!header.isEmpty()) {
        request->headers.set("Cookie", header);
    }
}

} // namespace mooring::http
