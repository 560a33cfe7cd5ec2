// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "oauth/callbackpages.h"

#include "base/words.h"
#include <QCryptographicHash>
#include <QString>

namespace mooring::oauth {

using namespace Qt::StringLiterals;
using base::Words;

namespace {

constexpr auto style = R"(
:root { color-scheme: light dark; --ground: #eef2f5; --card: #ffffff; --ink: #16202a; --soft: #52616e;
  --good: #1b7a6e; --bad: #a8552c; --line: #dde4ea; }
@media (prefers-color-scheme: dark) { :root { --ground: #12181d; --card: #1b2329; --ink: #eef3f6;
  --soft: #a7b4be; --good: #4fc3b1; --bad: #e59a6c; --line: #2b363e; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
main { width: 100%; max-width: 27rem; padding: 2.75rem 2.25rem; text-align: center; background: var(--card);
  border: 1px solid var(--line); border-radius: 1.125rem; box-shadow: 0 1rem 3rem rgb(0 0 0 / 8%); }
svg { width: 4.25rem; height: 4.25rem; fill: none; stroke: currentColor; stroke-width: 3.2;
  stroke-linecap: round; stroke-linejoin: round; }
.good svg { color: var(--good); }
.bad svg { color: var(--bad); }
h1 { margin: 1.25rem 0 .5rem; font-size: 1.5rem; line-height: 1.25; font-weight: 650; }
p { margin: 0; color: var(--soft); }
footer { margin-top: 2rem; font-size: .875rem; color: var(--soft); letter-spacing: .02em; }
)";

constexpr auto ring = R"(<circle cx="32" cy="32" r="26" opacity=".28"/>)";
constexpr auto tick = R"(<path d="M21 33.5l7.5 7.5L44 25"/>)";
constexpr auto bang = R"(<path d="M32 20v15M32 43.5v.2"/>)";

struct PageText {
    QString title;
    QString text;
};

PageText wordsOf(CallbackPage page)
{
    switch (page) {
    case CallbackPage::Done:
        return {Words::tr("Almost there"),
                Words::tr("Mooring has received the answer. You can close this tab and go back to Mooring.")};
    case CallbackPage::Failed:
        return {Words::tr("Not authorized"),
                Words::tr("The sign-in was not completed. You can close this tab; Mooring tells you more.")};
    case CallbackPage::Stray:
        break;
    }
    return {Words::tr("Nothing to see here"),
            Words::tr("This address belongs to Mooring, and Mooring was not waiting for this visit. You can "
                      "close this tab.")};
}

QByteArray htmlOf(CallbackPage page)
{
    const PageText words = wordsOf(page);
    const bool isGood = page == CallbackPage::Done;
    return QByteArray("<!doctype html>\n<html lang=\"") + Words::tr("en").toHtmlEscaped().toUtf8()
           + "\">\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>"
           + words.title.toHtmlEscaped().toUtf8() + " \xe2\x80\x93 Mooring</title>\n<style>" + style
           + "</style>\n<main class=\"" + (isGood ? "good" : "bad")
           + "\">\n<svg viewBox=\"0 0 64 64\" aria-hidden=\"true\">" + ring + (isGood ? tick : bang)
           + "</svg>\n<h1>" + words.title.toHtmlEscaped().toUtf8() + "</h1>\n<p>"
           + words.text.toHtmlEscaped().toUtf8() + "</p>\n<footer>Mooring</footer>\n</main>\n</html>\n";
}

QByteArray reasonOf(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 414:
        return "URI Too Long";
    case 431:
        return "Request Header Fields Too Large";
    default:
        return "Bad Request";
    }
}

} // namespace

QByteArray callbackAnswer(CallbackPage page, int status)
{
    const QByteArray html = htmlOf(page);
    const QByteArray styleHash = QCryptographicHash::hash(style, QCryptographicHash::Sha256).toBase64();
    return "HTTP/1.1 " + QByteArray::number(status) + ' ' + reasonOf(status)
           + "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: "
           + QByteArray::number(html.size())
           + "\r\nContent-Security-Policy: default-src 'none'; style-src 'sha256-" + styleHash
           + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
             "\r\nX-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\nReferrer-Policy: no-referrer"
             "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
           + html;
}

} // namespace mooring::oauth
