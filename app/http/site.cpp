// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/site.h"

#include "http/urlpolicy.h"

#include <QNetworkCookie>
#include <QNetworkCookieJar>

namespace mooring::http {

using namespace Qt::StringLiterals;

namespace {

/// Qt shows its Public Suffix List in one place only: no cookie is taken for a whole suffix (RFC 6265
/// section 5.3).
class SuffixList final : private QNetworkCookieJar {
public:
    bool hasSuffix(const QString &domain) const
    {
        QNetworkCookie cookie("a", "b");
        cookie.setDomain(u'.' + domain);
        QUrl inside;
        inside.setScheme(u"https"_s);
        inside.setHost(u"a."_s + domain);
        return !validateCookie(cookie, inside);
    }
};

/// The registrable domain; the host itself where it has none.
QString siteOf(const QUrl &url)
{
    const QString host = url.host(QUrl::FullyEncoded).toLower();
    if (UrlPolicy::classOf(url) == AddressClass::Loopback) {
        return u"localhost"_s;
    }
    if (!QHostAddress(host).isNull()) {
        return host;
    }
    const SuffixList suffixes;
    const QStringList labels = host.split(u'.', Qt::SkipEmptyParts);
    for (qsizetype count = 2; count <= labels.size(); ++count) {
        const QString domain = labels.last(count).join(u'.');
        if (!suffixes.hasSuffix(domain)) {
            return domain;
        }
    }
    return host;
}

} // namespace

bool isSameSite(const QUrl &a, const QUrl &b)
{
    return siteOf(a) == siteOf(b);
}

} // namespace mooring::http
