// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The pages that a person sees at the authorization server. The ids are what browser.mjs clicks: login-user,
// login-password, login-submit, consent-allow, consent-deny.

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = text => String(text ?? '').replace(/[&<>"']/g, character => entities[character]);

const scopeWords = new Map([
    ['mcp:tools', ['Use the tools of this server', 'See the list of tools and run them in your name']],
    ['openid', ['Know who you are', 'Your account number, nothing else']],
    ['offline_access', ['Stay connected', 'Keep access when you are not here, until you take it back']],
]);

const style = `
:root { color-scheme: light dark; --ink: #17212b; --soft: #5b6b7a; --line: #dde4ea; --card: #fff; --page: #eef3f7; --accent: #0b6e99; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eef3; --soft: #9fb0bf; --line: #33414d; --card: #1d2730; --page: #121a21; --accent: #4db2dd; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; }
main { width: min(27rem, calc(100vw - 2rem)); background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 2rem; }
header { display: flex; align-items: center; gap: .6rem; color: var(--soft); font-size: .9rem; margin-bottom: 1.4rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 .4rem; }
p { margin: .3rem 0 1rem; color: var(--soft); }
label { display: block; font-size: .85rem; font-weight: 600; margin: .9rem 0 .3rem; }
input { width: 100%; font: inherit; padding: .6rem .75rem; border: 1px solid var(--line); border-radius: 9px; background: transparent; color: inherit; }
ul { list-style: none; margin: 1rem 0; padding: 0; border: 1px solid var(--line); border-radius: 11px; }
li { padding: .75rem .9rem; } li + li { border-top: 1px solid var(--line); }
li span { display: block; color: var(--soft); font-size: .88rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem .9rem; font-size: .88rem; margin: 1rem 0 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.buttons { display: flex; gap: .7rem; margin-top: 1.5rem; }
button { flex: 1; font: inherit; font-weight: 600; padding: .65rem 1rem; border-radius: 9px; border: 1px solid var(--line);
  background: transparent; color: inherit; cursor: pointer; }
button.main { background: var(--accent); border-color: var(--accent); color: #fff; }
@media (prefers-color-scheme: dark) { button.main { color: #06202d; } }
.wrong { color: #c0392b; font-weight: 600; }`;

const mark = `<svg width="26" height="26" viewBox="0 0 26 26" aria-hidden="true"><circle cx="13" cy="13" r="13" fill="#0b6e99"/>
<path d="M13 5v14M8 9h10M6 14c0 4 3 6 7 6s7-2 7-6" fill="none" stroke="#fff" stroke-width="2" stroke-linecap="round"/></svg>`;

function page(title, body) {
    return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${escaped(title)} – Harbour Accounts</title><style>${style}</style></head>
<body><main><header>${mark}<span>Harbour Accounts</span></header>${body}</main></body></html>`;
}

/** The page that asks for name and password; the form goes to `action`. */
export function loginPage({ uid, action = `/interaction/${uid}/login`, clientName, wrong }) {
    return page('Sign in', `<h1>Sign in</h1><p>to continue to <strong>${escaped(clientName)}</strong></p>
${wrong ? '<p class="wrong" id="login-wrong" role="alert">That name and password do not match.</p>' : ''}
<form method="post" action="${escaped(action)}" autocomplete="off">
<label for="login-user">E-mail</label><input id="login-user" name="user" type="email" required autofocus>
<label for="login-password">Password</label><input id="login-password" name="password" type="password" required>
<div class="buttons"><button id="login-submit" name="action" value="login" class="main">Continue</button></div></form>`);
}

/**
 * The page that asks for consent: who asks, for what, on which server, and where the answer goes. The form goes to `allow`
 * or `deny`, with the answer in the field `action` and, if there is one, `handle`.
 */
export function consentPage({ uid, allow = `/interaction/${uid}/consent`, deny = `/interaction/${uid}/deny`, handle, clientName, account, scopes, resources,
    redirectUri }) {
    const wishes = scopes.map(scope => scopeWords.get(scope) ?? [scope, 'As the server describes it'])
        .map(([what, how]) => `<li>${escaped(what)}<span>${escaped(how)}</span></li>`).join('');
    const target = new URL(redirectUri);
    const where = ['127.0.0.1', '[::1]', 'localhost'].includes(target.hostname) ? `an app on this computer (${target.host})` : target.host;
    return page('Allow access', `<h1>${escaped(clientName)} wants to connect</h1>
<p>You are signed in as <strong id="consent-account">${escaped(account)}</strong>.</p>
<ul>${wishes || '<li>Connect<span>No particular permissions are asked for</span></li>'}</ul>
<dl><dt>Server</dt><dd id="consent-resource">${escaped(resources.join(', ') || 'not told')}</dd>
<dt>Returns to</dt><dd>${escaped(where)}</dd></dl>
<form method="post" action="${escaped(allow)}">${handle ? `<input type="hidden" name="handle" value="${escaped(handle)}">` : ''}<div class="buttons">
<button id="consent-deny" name="action" value="deny" formaction="${escaped(deny)}">Not now</button>
<button id="consent-allow" name="action" value="allow" class="main">Allow</button></div></form>`);
}

/** What is shown when a request cannot be answered at all, for example with an unknown client. */
export function errorPage(error) {
    return page('Something is wrong', `<h1>This request cannot be answered</h1>
<p id="error-code">${escaped(error.error)}</p><p>${escaped(error.error_description)}</p>`);
}
