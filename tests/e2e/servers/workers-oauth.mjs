// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The provider behind many of today's remote MCP servers, @cloudflare/workers-oauth-provider, as one Worker that is both
// authorization server and MCP server. Its tokens live for an hour, and no shorter time than a minute can be set; SIGUSR2 ends
// all access tokens that there are.

import './tap.mjs';
import { KeyValues, requestContext } from './workers-runtime.mjs';

import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { consentPage, errorPage, loginPage } from './consent.mjs';
import { guardOptions, textResult, whoAmI } from './guard.mjs';

const { AuthorizationError, OAuthProvider } = await import('@cloudflare/workers-oauth-provider');
const options = guardOptions();
const { origin } = options.url;
const password = process.env.MOORING_PASSWORD ?? 'a quiet harbour';
const html = { 'Content-Type': 'text/html; charset=utf-8' };

function mcpServer({ authInfo }) {
    const server = new McpServer({ name: 'harbour-worker', version: '1.0.0' });
    server.registerTool('whoami', { description: 'Tells for whom the server works' }, async () => textResult(JSON.stringify(whoAmI(authInfo))));
    return server;
}

const mcp = createMcpHandler(mcpServer, { legacy: 'stateless' });

const tools = {
    fetch: (request, _env, { auth, props }) => mcp.fetch(request, { authInfo: { token: auth.token, clientId: auth.clientId, scopes: auth.scope,
        extra: { account: props.account } } }),
};

async function askForConsent(oauth, request, account) {
    const wish = await oauth.parseAuthRequest(request);
    const { clientName } = await oauth.describeConsent(wish);
    const { headers, handle } = await oauth.beginConsent(wish);
    headers.set('Content-Type', html['Content-Type']);
    const here = new URL(request.url);
    return new Response(consentPage({ allow: here.href, deny: here.href, handle, clientName, account, scopes: wish.scope,
        resources: [wish.resource ?? []].flat(), redirectUri: wish.redirectUri }), { headers });
}

async function answer(oauth, request, form, account) {
    const decide = form.get('action') === 'allow' ? 'approveConsent' : 'denyConsent';
    const { request: wish, headers } = await oauth[decide](request, form.get('handle'));
    if (wish && decide === 'approveConsent') {
        const { redirectTo } = await oauth.completeAuthorization({ request: wish, userId: crypto.randomUUID(), metadata: {}, scope: wish.scope,
            props: { account } });
        headers.set('Location', redirectTo);
    }
    return new Response(null, { status: 302, headers });
}

/** The service's own page: whether they allow it, if they have signed in. */
async function authorize(oauth, request) {
    const cookie = /(?:^|; )account=([^;]+)/.exec(request.headers.get('cookie') ?? '');
    if (!cookie)
        return new Response(null, { status: 302, headers: { Location: request.url.replace('/authorize', '/sign-in') } });
    const account = decodeURIComponent(cookie[1]);
    return request.method === 'GET' ? askForConsent(oauth, request, account) : answer(oauth, request, await request.formData(), account);
}

async function signIn(request) {
    const page = { action: request.url, clientName: 'an app' };
    if (request.method === 'GET')
        return new Response(loginPage(page), { headers: html });
    const form = await request.formData();
    if (form.get('password') !== password)
        return new Response(loginPage({ ...page, wrong: true }), { status: 403, headers: html });
    return new Response(null, { status: 303, headers: { Location: request.url.replace('/sign-in', '/authorize'),
        'Set-Cookie': `account=${encodeURIComponent(form.get('user'))}; HttpOnly` } });
}

const pages = {
    fetch: async (request, env) => {
        const { pathname } = new URL(request.url);
        if (pathname === '/sign-in')
            return signIn(request);
        if (pathname !== '/authorize')
            return new Response('Not Found', { status: 404 });
        try {
            return await authorize(env.OAUTH_PROVIDER, request);
        } catch (error) {
            if (!(error instanceof AuthorizationError))
                throw error;
            return new Response(errorPage({ error: error.code, error_description: error.description }), { status: 400, headers: html });
        }
    },
};

const worker = new OAuthProvider({ apiRoute: '/mcp', apiHandler: tools, defaultHandler: pages, authorizeEndpoint: '/authorize', tokenEndpoint: '/oauth/token',
    clientRegistrationEndpoint: '/register', scopesSupported: [options.scope, 'offline_access'], requiredScopes: [options.scope],
    resourceMetadata: { resource: options.url.href, authorization_servers: [origin] } });
const env = { OAUTH_KV: new KeyValues() };
process.on('SIGUSR2', () => env.OAUTH_KV.deleteAll('token:'));
const handler = toNodeHandler({ fetch: request => worker.fetch(request, env, requestContext()) });
createServer((req, res) => handler(req, res)).listen(options.port, '127.0.0.1',
    () => console.log(JSON.stringify({ ready: true, url: options.url.href, issuer: origin })));
