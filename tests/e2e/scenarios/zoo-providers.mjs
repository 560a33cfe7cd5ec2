// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Authorization servers of many configurations and makes: authorize, list, call, refresh, disconnect in each.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { scenario } from '../scenario.mjs';
import { behindOidc, look, sessions, visitAll } from '../zoo.mjs';
import { betterAuth, guardedServer, typedClient, workersOAuth } from '../zooservers.mjs';

const modern = oidc => guardedServer({ script: 'mcp-modern.mjs', oidc });
const older = (oidc, client) => guardedServer({ script: 'mcp-sdk.mjs', oidc, client });

/** Somebody else has the port that the app has registered: it needs another, and so another registration. */
async function portTaken(visit) {
    const [oidc] = visit.animal.servers;
    const { redirectUri } = oidc.everything().find(record => record.path === '/auth' && record.redirectUri);
    const somebody = createServer().listen(new URL(redirectUri).port, '127.0.0.1');
    await once(somebody, 'listening');
    await visit.signIn();
    await visit.exactly(['POST /reg → 201', 'POST /token authorization_code → 200']);
    somebody.close();
    await visit.calls();
    await visit.exactly(sessions.talk('tools/call'));
    await visit.disconnects();
    return redirectUri;
}

const rows = [
    behindOidc({
        name: 'issuer with a path',
        start: modern(['--path', '/tenants/harbour']),
        at: '/tenants/harbour',
        first: [
            ...look.slice(0, 2),
            'GET /.well-known/oauth-authorization-server/tenants/harbour → 404',
            'GET /.well-known/openid-configuration/tenants/harbour → 404',
            'GET /tenants/harbour/.well-known/openid-configuration → 200',
            'POST /tenants/harbour/reg → 201',
            'POST /tenants/harbour/token authorization_code → 200',
        ],
    }),
    behindOidc({
        name: 'no registration',
        ...sessions,
        start: older(['--no-registration'], typedClient),
        first: [...look, 'POST /token authorization_code → 200'],
    }),
    behindOidc({ name: 'secret in the header', start: modern(['--client-auth', 'client_secret_basic']) }),
    behindOidc({ name: 'secret in the form', ...sessions, start: older(['--client-auth', 'client_secret_post']) }),
    behindOidc({
        name: 'pushed requests required',
        start: modern(['--par', 'required']),
        first: [...look, 'POST /reg → 201', 'POST /request → 201', 'POST /token authorization_code → 200'],
    }),
    behindOidc({
        name: 'pushed requests offered, a secret in the header',
        ...sessions,
        start: older(['--par', 'offered', '--client-auth', 'client_secret_basic']),
        first: [...look, 'POST /reg → 201', 'POST /request → 201', 'POST /token authorization_code → 200'],
    }),
    behindOidc({
        name: 'tokens bound to a key',
        start: guardedServer({ script: 'mcp-modern.mjs', args: ['--dpop'], oidc: ['--dpop-required', '--par', 'required'] }),
        first: [...look, 'POST /reg → 201', 'POST /request → 201', 'POST /token authorization_code → 200'],
    }),
    behindOidc({
        name: 'no PKCE list',
        start: modern(['--no-pkce-list']),
        remedy: 'tolerates-missing-pkce',
        // The other document might have the list. With the setting, all is looked at anew, and the first document will do.
        first: [...look, 'GET /.well-known/openid-configuration → 200', ...look, 'POST /reg → 201', 'POST /token authorization_code → 200'],
    }),
    behindOidc({
        name: 'the endpoints in the document of the resource',
        start: guardedServer({ script: 'mcp-modern.mjs', args: ['--carries-endpoints'], oidc: ['--undescribed'] }),
        first: [
            'POST /mcp server/discover → 401',
            'GET /.well-known/oauth-protected-resource/mcp → 404',
            'GET /.well-known/oauth-protected-resource → 200',
            'GET /.well-known/oauth-authorization-server → 404',
            'GET /.well-known/openid-configuration → 404',
            'POST /reg → 201',
            'POST /token authorization_code → 200',
        ],
    }),
    behindOidc({
        name: 'scopes that are not to be registered',
        start: modern(['--refuses-scope']),
        first: [...look, 'POST /reg → 400', 'POST /reg → 201', 'POST /token authorization_code → 200'],
    }),
    behindOidc({
        name: 'secrets, though it says none',
        start: modern(['--client-auth', 'client_secret_basic', '--promises-none']),
        first: [...look, 'POST /reg → 400', 'POST /reg → 201', 'POST /token authorization_code → 200'],
    }),
    behindOidc({
        name: 'no secrets, JWT',
        start: modern(['--client-auth', 'none', '--jwt']),
        // A JWT cannot be taken back: that request is refused, and the server believes the token until it expires.
        revokes: ['POST /token/revocation → 200', 'POST /token/revocation → 400'],
        outlives: true,
    }),
    behindOidc({ name: 'exact redirect', ...sessions, start: older(['--exact-redirect']), and: { what: 'the registered port is taken', work: portTaken } }),
    behindOidc({
        name: 'Cloudflare Workers',
        start: workersOAuth,
        first: [...look, 'POST /register → 201', 'POST /oauth/token authorization_code → 200'],
        expires: 'refused',
        again: talk => ['POST /mcp server/discover → 401', 'POST /oauth/token refresh_token → 200', ...talk],
        revokes: ['POST /oauth/token → 200', 'POST /oauth/token → 200'],
    }),
    behindOidc({
        name: 'better-auth',
        start: betterAuth(),
        first: [
            'POST /mcp server/discover → 401',
            'GET /api/auth/.well-known/oauth-protected-resource → 200',
            'GET /.well-known/oauth-authorization-server → 200',
            'POST /api/auth/mcp/register → 201',
            'POST /api/auth/mcp/token authorization_code → 200',
        ],
        again: talk => ['POST /api/auth/mcp/token refresh_token → 200', ...talk],
        revokes: [],
    }),
];

await scenario({ kinds: ['access_token', 'refresh_token', 'code', 'code_verifier', 'client_secret'] }, context => visitAll(context, rows));
