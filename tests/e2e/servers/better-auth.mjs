// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// A site that uses better-auth for its people and its `mcp` plugin for their apps: `--port`, `--access-ttl`.

import './tap.mjs';

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { mcp, oAuthDiscoveryMetadata, oAuthProtectedResourceMetadata, withMcpAuth } from 'better-auth/plugins';
import { loginPage } from './consent.mjs';
import { guardOptions, textResult, whoAmI } from './guard.mjs';

const options = guardOptions({ 'access-ttl': { type: 'string', default: '20' } });
const { origin } = options.url;
const person = { email: process.env.MOORING_PERSON ?? 'robin@harbour.example', password: process.env.MOORING_PASSWORD ?? 'a quiet harbour', name: 'Robin' };
const tables = ['user', 'session', 'account', 'verification', 'oauthApplication', 'oauthAccessToken', 'oauthConsent'];
const auth = betterAuth({
    baseURL: origin,
    secret: randomBytes(32).toString('base64url'),
    database: memoryAdapter(Object.fromEntries(tables.map(table => [table, []]))),
    emailAndPassword: { enabled: true },
    plugins: [mcp({ loginPage: '/sign-in', oidcConfig: { loginPage: '/sign-in', accessTokenExpiresIn: Number(options['access-ttl']) } })],
    telemetry: { enabled: false },
});
await auth.api.signUpEmail({ body: person });

function mcpServer({ authInfo }) {
    const server = new McpServer({ name: 'harbour-better-auth', version: '1.0.0' });
    server.registerTool('whoami', { description: 'Tells for whom the server works' }, async () => textResult(JSON.stringify(whoAmI(authInfo))));
    return server;
}

const tools = createMcpHandler(mcpServer, { legacy: 'stateless' });
const serveTools = withMcpAuth(auth, async (request, { accessToken, clientId, scopes, userId }) => {
    const { internalAdapter } = await auth.$context;
    const { email } = await internalAdapter.findUserById(userId);
    return tools.fetch(request, { authInfo: { token: accessToken, clientId, scopes: scopes.split(' '), extra: { account: email } } });
});

/** The site's own page. Its answer is better-auth's, which goes on with what the app has asked for. */
async function signIn(request) {
    if (request.method === 'GET')
        return new Response(loginPage({ action: request.url, clientName: 'an app' }), { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
    const form = await request.formData();
    const headers = new Headers({ 'Content-Type': 'application/json', Origin: origin, Cookie: request.headers.get('cookie') ?? '' });
    return auth.handler(new Request(`${origin}/api/auth/sign-in/email`, { method: 'POST', headers,
        body: JSON.stringify({ email: form.get('user'), password: form.get('password') }) }));
}

const routes = {
    '/mcp': serveTools,
    '/sign-in': signIn,
    '/.well-known/oauth-authorization-server': oAuthDiscoveryMetadata(auth),
    '/.well-known/oauth-protected-resource': oAuthProtectedResourceMetadata(auth),
};

async function serve(request) {
    const { pathname } = new URL(request.url);
    if (routes[pathname])
        return routes[pathname](request);
    return pathname.startsWith('/api/auth/') ? auth.handler(request) : new Response('Not Found', { status: 404 });
}

const handler = toNodeHandler({ fetch: serve });
createServer((req, res) => handler(req, res)).listen(options.port, '127.0.0.1',
    () => console.log(JSON.stringify({ ready: true, url: options.url.href, issuer: origin })));
