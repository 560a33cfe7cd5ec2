// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/demopages.h"

#include "base/displaytext.h"

#include <QUrl>

#include <utility>

namespace mooring::demo {

using namespace Qt::StringLiterals;

namespace {

constexpr char style[] = R"(
:root { color-scheme: light dark; --back: #eef3f6; --card: #ffffff; --text: #17242d; --soft: #5b6b76;
  --line: #dbe4ea; --accent: #0b6e8f; --on-accent: #ffffff; --tint: #e3f1f6; }
@media (prefers-color-scheme: dark) { :root { --back: #10171c; --card: #19232a; --text: #e8eff3;
  --soft: #9cadb8; --line: #2c3a44; --accent: #5cc0df; --on-accent: #06222d; --tint: #20323c; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem;
  background: var(--back); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 27rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 18px; padding: 2rem; box-shadow: 0 12px 40px rgb(0 0 0 / .08); }
header { display: flex; align-items: center; gap: .75rem; margin-bottom: 1.5rem; color: var(--soft); }
header svg { width: 2.25rem; height: 2.25rem; flex: none; }
header b { display: block; color: var(--text); line-height: 1.2; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .5rem; text-wrap: balance; }
p { margin: 0 0 1rem; } .soft { color: var(--soft); font-size: .9rem; }
.person { display: flex; align-items: center; gap: .75rem; background: var(--tint); border-radius: 12px;
  padding: .75rem 1rem; margin: 1.25rem 0; }
.face { display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 50%; flex: none;
  background: var(--accent); color: var(--on-accent); font-weight: 600; }
.person span span { display: block; line-height: 1.3; }
ul { list-style: none; margin: 0 0 1.25rem; padding: 0; }
li { display: flex; gap: .75rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
li:last-child { border: 0; } li::before { content: "\2713"; color: var(--accent); font-weight: 700; }
.buttons { display: flex; gap: .75rem; margin: 1.25rem 0 1rem; }
button { flex: 1; font: inherit; font-weight: 600; padding: .7rem 1rem; border-radius: 10px; cursor: pointer;
  border: 1px solid var(--line); background: transparent; color: var(--text); }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button:focus-visible, input:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
label { display: block; font-weight: 600; margin-bottom: 1rem; }
input { display: block; width: 100%; margin-top: .3rem; padding: .6rem .75rem; font: inherit;
  color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 10px; }
dt { color: var(--soft); font-size: .9rem; } dd { margin: 0 0 1rem; }
code { font: .9rem ui-monospace, monospace; overflow-wrap: anywhere; user-select: all; }
.problem { border-left: 3px solid #c2452d; padding-left: .75rem; }
)";

constexpr char anchor[] = R"(<svg viewBox="0 0 36 36" aria-hidden="true">
<rect width="36" height="36" rx="10" fill="#0b6e8f"/>
<g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">
<circle cx="18" cy="10" r="3"/><path d="M18 13v15M12.500 17h11M8 20c.5 5 4.500 8 10 8s9.500-3 10-8"/></g></svg>)";

QByteArray html(const QString &text, qsizetype limit = base::maximumDisplayLength)
{
    return base::displayText(text, limit).toHtmlEscaped().toUtf8();
}

QByteArray page(const QString &title, const QByteArray &body)
{
    return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>"
           + html(title) + "</title><style>" + style + "</style></head><body><main><header>" + anchor
           + "<div><b>Northport Harbour</b>Demo account service</div></header>" + body
           + "</main></body></html>\n";
}

QList<std::pair<QString, QByteArray>> scopeWords()
{
    return {{u"tides:read"_s, "See tide times and the weather in the harbour"},
            {u"berths:read"_s, "See your berth bookings"},
            {u"berths:write"_s, "Book berths in your name"},
            {u"offline_access"_s, "Stay connected until you disconnect"}};
}

QByteArray wordsFor(const QString &scope)
{
    for (const auto &[known, words] : scopeWords()) {
        if (known == scope) {
            return words;
        }
    }
    return "Use the permission \u201c" + html(scope, 60) + "\u201d";
}

} // namespace

QStringList knownScopes()
{
    QStringList scopes;
    for (const auto &[scope, words] : scopeWords()) {
        scopes.append(scope);
    }
    return scopes;
}

QByteArray consentPage(const QByteArray &requestId, const Client &client, const QString &redirectUri,
                       const QString &resource, const QStringList &scopes)
{
    const QByteArray app = client.name.trimmed().isEmpty() ? "An app" : html(client.name, 60);
    const QByteArray back = html(base::displayAuthority(QUrl(redirectUri)));
    QByteArray asked;
    for (const QString &scope : scopes.isEmpty() ? QStringList{u"tides:read"_s} : scopes) {
        asked += "<li>" + wordsFor(scope) + "</li>";
    }
    const QByteArray body =
        "<h1>" + app + " wants to use your harbour account</h1><p class=\"soft\">At the server <code>"
        + html(resource)
        + "</code></p><div class=\"person\"><span class=\"face\" aria-hidden=\"true\">R</span><span>"
          "<span>Robin Seafarer</span><span class=\"soft\">robin@northport.example</span></span></div>"
          "<p>If you allow it, "
        + app + " can:</p><ul>" + asked
        + "</ul><form method=\"post\" action=\"/authorize\"><input type=\"hidden\" name=\"request\" value=\""
        + requestId
        + "\"><div class=\"buttons\"><button name=\"decision\" value=\"deny\">Deny</button>"
          "<button class=\"main\" name=\"decision\" value=\"allow\" autofocus>Allow</button></div></form>"
          "<p class=\"soft\">Either way you are sent back to "
        + back + ", a program on this computer. You can take this back at any time in the app.</p>";
    return page(u"Allow access? · Northport Harbour"_s, body);
}

QByteArray registerAppPage(const QString &problem)
{
    const QByteArray said =
        problem.isEmpty() ? QByteArray() : "<p class=\"problem\" role=\"alert\">" + html(problem) + "</p>";
    return page(u"Register an app · Northport Harbour"_s,
                "<h1>Register an app</h1><p>Apps can\u2019t register themselves at this service. Copy the "
                "redirect address that your app shows, and register it here.</p>"
                    + said
                    + "<form method=\"post\" action=\"/register-app\"><label>Name of the app"
                      "<input name=\"name\" value=\"Mooring\" maxlength=\"60\" required></label>"
                      "<label>Redirect address<input name=\"redirect_uri\" required autofocus "
                      "placeholder=\"http://127.0.0.1:4000/callback\"></label><div class=\"buttons\">"
                      "<button class=\"main\">Register</button></div></form>");
}

QByteArray registeredAppPage(const QString &clientId, const QByteArray &clientSecret,
                             const QString &redirectUri)
{
    return page(u"App registered · Northport Harbour"_s,
                "<h1>Your app is registered</h1><p>Give these two to the app. The secret is shown only "
                "this once.</p><dl><dt>Client ID</dt><dd><code id=\"client-id\">"
                    + html(clientId) + "</code></dd><dt>Client secret</dt><dd><code id=\"client-secret\">"
                    + html(QString::fromLatin1(clientSecret))
                    + "</code></dd><dt>Redirect address</dt><dd><code>" + html(redirectUri)
                    + "</code></dd></dl>");
}

QByteArray problemPage(const QString &title, const QString &sentence)
{
    return page(title + u" · Northport Harbour"_s,
                "<h1>" + html(title) + "</h1><p>" + html(sentence) + "</p>");
}

} // namespace mooring::demo
