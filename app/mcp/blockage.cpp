// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "mcp/blockage.h"

#include "base/displaytext.h"
#include "base/words.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

#include <algorithm>

namespace mooring::mcp {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

constexpr auto missingToken = "missing authentication token"_L1;

/// A mark that a product leaves; an empty value stands for any.
struct Mark {
    const char *header;
    const char *value;
    const char *product;
};

/// Only of an answer that the product gave itself, in place of the server's.
constexpr Mark interventions[] = {
    {"cf-mitigated", "", "Cloudflare"},
    {"x-sucuri-block", "", "Sucuri"},
    {"x-amzn-waf-action", "", "AWS WAF"},
    {"x-dd-b", "", "DataDome"},
};

/// Of every answer that comes through it, so these only name whoever shows a page.
constexpr Mark guards[] = {
    {"server", "cloudflare", "Cloudflare"},
    {"cf-ray", "", "Cloudflare"},
    {"server", "akamai", "Akamai"},
    {"server", "cloudfront", "Amazon CloudFront"},
    {"server", "awselb", "AWS"},
    {"server", "sucuri", "Sucuri"},
    {"x-sucuri-id", "", "Sucuri"},
    {"server", "imperva", "Imperva"},
    {"server", "incapsula", "Imperva"},
    {"x-iinfo", "", "Imperva"},
    {"x-cdn", "imperva", "Imperva"},
    {"x-cdn", "incapsula", "Imperva"},
    {"server", "ddos-guard", "DDoS-Guard"},
    {"server", "bigip", "F5 BIG-IP"},
    {"server", "fortiweb", "FortiWeb"},
    {"x-azure-ref", "", "Azure Front Door"},
    {"server", "zscaler", "Zscaler"},
    {"x-datadome", "", "DataDome"},
};

/// What their pages say.
constexpr std::pair<const char *, const char *> pages[] = {
    {"attention required! | cloudflare", "Cloudflare"},
    {"cloudflare ray id", "Cloudflare"},
    {"/cdn-cgi/challenge-platform", "Cloudflare"},
    {"incapsula incident", "Imperva"},
    {"sucuri website firewall", "Sucuri"},
    {"edgesuite.net", "Akamai"},
    {"request blocked", "a firewall"},
    {"the requested url was rejected", "F5 BIG-IP"},
    {"web page blocked", "Fortinet"},
    {"zscaler", "Zscaler"},
    {"mod_security", "ModSecurity"},
};

bool has(const http::Headers &headers, const Mark &mark)
{
    return headers.contains(mark.header) && headers.value(mark.header).toLower().contains(mark.value);
}

template <std::size_t N>
QString productIn(const http::Headers &headers, const Mark (&marks)[N])
{
    const auto found = std::ranges::find_if(marks, [&](const Mark &mark) { return has(headers, mark); });
    return found == std::end(marks) ? QString() : QString::fromLatin1(found->product);
}

QString productIn(const QByteArray &page)
{
    const auto found = std::ranges::find_if(pages, [&](const auto &one) { return page.contains(one.first); });
    return found == std::end(pages) ? QString() : QString::fromLatin1(found->second);
}

bool matches(const QByteArray &text, const QString &pattern)
{
    return QRegularExpression(pattern).match(QString::fromUtf8(text)).hasMatch();
}

bool speaksOfPlace(const QByteArray &text)
{
    return matches(
        text,
        uR"(\b((your|this) (country|region|location|jurisdiction)|the country)\b|\bgeo[- ]?(block|restrict|fenc))"_s);
}

bool speaksOfNetwork(const QByteArray &text)
{
    return matches(
        text,
        uR"(\bvpn\b|\b(allow|white) ?-?list|\b(corporate|internal|company|office) network\b|)"
        uR"(\bip( ?address(es)?| range)?\b[^.<]{0,60}\b(not|isn't|banned|blocked|denied|unauthori[sz]ed|restricted)\b|)"
        uR"(\b(banned|blocked|denied|restricted)\b[^.<]{0,40}\bip\b)"_s);
}

/// Strong words only: pages have many.
bool namesKey(const QByteArray &text)
{
    return matches(text, uR"(\b(x-)?api[ _-]?key|\b(subscription|access|service|license)[ _-]key\b)"_s);
}

/// The one word that the gateways of clouds have for everybody whom they turn away. Servers that say the same
/// say more beside it.
QString gatewayWord(const Answer &answer)
{
    const QJsonObject object = QJsonDocument::fromJson(answer.words).object();
    const QString message = object.value("message"_L1).toString().trimmed().toLower();
    const bool isKnown = message == "forbidden"_L1 || message == missingToken
                         || message.contains("is not authorized to perform: execute-api"_L1);
    return isKnown && object.size() == 1 ? message : QString();
}

QString guardSentence(const QString &host, const QString &product, int status)
{
    return product.isEmpty()
               ? Words::tr("Something in front of %1, probably a firewall, doesn't let Mooring "
                           "through: it shows a web "
                           "page (HTTP %2). A key or a sign-in wouldn't help; only the owner of %1 "
                           "can let Mooring in.")
                     .arg(host)
                     .arg(status)
               : Words::tr("%2 guards %1 and doesn't let Mooring through. A key or a sign-in wouldn't "
                           "help; only the "
                           "owner of %1 can let Mooring in.")
                     .arg(host, product);
}

QString gatewaySentence(const QString &host, const QString &word)
{
    return word == missingToken
               ? Words::tr(
                     "The gateway in front of %1 knows no server at this address. Check the address with "
                     "whoever "
                     "gave it to you.")
                     .arg(host)
               : Words::tr("The gateway in front of %1 turns Mooring away and doesn't say why. It may let in "
                           "certain "
                           "networks only, or want a key; the owner of %1 knows.")
                     .arg(host);
}

/// Empty if the server itself may have said this.
QString sentenceOf(const Answer &answer, const QString &host)
{
    const http::ResponseHead &head = answer.head;
    const QByteArray text = answer.words.toLower();
    const bool isForbidden = head.status == 403;
    if (head.status == 451) {
        return Words::tr(
                   "%1 may not be used from where you are, for legal reasons (HTTP 451). Nothing on this "
                   "computer "
                   "can change that.")
            .arg(host);
    }
    if (isForbidden && speaksOfPlace(text)) {
        return Words::tr(
                   "%1 turns away the country or region that you seem to be in. Only its owner can change "
                   "that.")
            .arg(host);
    }
    if (isForbidden && speaksOfNetwork(text)) {
        return Words::
            tr("%1 lets in only the networks that it knows, like a company's VPN. Connect to that network "
               "and "
               "try again.")
                .arg(host);
    }
    if (const QString product = productIn(head.headers, interventions); !product.isEmpty()) {
        return guardSentence(host, product, head.status);
    }
    if (isForbidden && gatewayWord(answer).isEmpty() && namesKey(text)) {
        return {};
    }
    const QString onPage = answer.isPage ? productIn(text) : QString();
    const QString product = onPage.isEmpty() ? productIn(head.headers, guards) : onPage;
    const bool isBusy = head.status == 503 || head.status == 429 || head.status == 405 || head.status == 406;
    if (answer.isPage && (isForbidden || (isBusy && !onPage.isEmpty()))) {
        return guardSentence(host, product == "a firewall"_L1 ? QString() : product, head.status);
    }
    const QString word = isForbidden ? gatewayWord(answer) : QString();
    return word.isEmpty() ? QString() : gatewaySentence(host, word);
}

} // namespace

std::optional<base::Error> blockageOf(const Answer &answer)
{
    if (answer.message || answer.head.status == 0) {
        return std::nullopt;
    }
    const QString host = base::displayAuthority(answer.head.url);
    const QString sentence = sentenceOf(answer, host);
    if (sentence.isEmpty()) {
        return std::nullopt;
    }
    base::Error error =
        makeError(base::ErrorKind::HttpStatus, sentence,
                  u"HTTP %1, server: %2"_s.arg(answer.head.status)
                      .arg(base::displayText(QString::fromLatin1(answer.head.headers.value("Server")), 60)),
                  host);
    error.httpStatus = answer.head.status;
    return error;
}

bool speaksOfKey(const Answer &answer)
{
    const QByteArray text = answer.words.toLower();
    return namesKey(text)
           || (!answer.isPage
               && matches(
                   text,
                   uR"(\b(token|bearer|credentials?|authenticat\w*|unauthenticated|log ?in|sign ?in)\b)"_s));
}

} // namespace mooring::mcp
