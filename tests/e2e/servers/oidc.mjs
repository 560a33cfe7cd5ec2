// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// A real authorization server (oidc-provider) on 127.0.0.1, and a second port for the test itself to ask and steer it.
// Prints one line of JSON when it is ready: { ready, issuer, admin, introspection }.

import './tap.mjs';

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import express from 'express';
import Provider, { errors } from 'oidc-provider';
import { startAdmin } from './admin.mjs';
import { consentPage, errorPage, loginPage } from './consent.mjs';
import { Store } from './store.mjs';

const { values: options } = parseArgs({ options: {
    port: { type: 'string', default: '0' },
    'admin-port': { type: 'string', default: '0' },
    'access-ttl': { type: 'string', default: '20' },
    grace: { type: 'string', default: '0' },
    resource: { type: 'string', multiple: true, default: [] },
    scope: { type: 'string', default: 'mcp:tools' },
    'no-registration': { type: 'boolean', default: false },
    'only-oidc-discovery': { type: 'boolean', default: false },
    undescribed: { type: 'boolean', default: false },
    path: { type: 'string', default: '' },
    'client-auth': { type: 'string', multiple: true, default: ['none', 'client_secret_basic', 'client_secret_post'] },
    jwt: { type: 'boolean', default: false },
    'exact-redirect': { type: 'boolean', default: false },
    // RFC 9126: 'offered' or 'required'. RFC 9449: every client's tokens are bound to its key.
    par: { type: 'string', default: 'no' },
    'dpop-required': { type: 'boolean', default: false },
    'no-pkce-list': { type: 'boolean', default: false },
    // The scopes of the MCP servers are none of its own, so a registration that names them is refused.
    'refuses-scope': { type: 'boolean', default: false },
    // Says that it takes clients without a secret, and registers none.
    'promises-none': { type: 'boolean', default: false },
} });
const clientAuth = options['client-auth'];

const password = process.env.MOORING_PASSWORD ?? 'a quiet harbour';

/** All that the admin port may change while the server runs. Times in seconds, delays in milliseconds. */
const settings = {
    accessTtl: Number(options['access-ttl']),
    grace: Number(options.grace),
    resources: options.resource,
    scope: options.scope,
    delayBeforeToken: 0,
    delayAfterToken: 0,
};

const resourceServerClient = {
    client_id: 'mcp-resource-server',
    client_name: 'The MCP servers of this test',
    client_secret: randomBytes(24).toString('base64url'),
    redirect_uris: [],
    response_types: [],
    grant_types: [],
    token_endpoint_auth_method: clientAuth.includes('client_secret_basic') ? 'client_secret_basic' : 'client_secret_post',
};

/** A server that knows no secrets has nobody who may ask it about tokens: these must be JWTs. */
const canIntrospect = clientAuth.some(method => method !== 'none');

/** For tests where a person types a client id: one without and one with a secret. */
const typedClients = [
    { client_id: 'typed-public', token_endpoint_auth_method: 'none' },
    { client_id: 'typed-secret', token_endpoint_auth_method: 'client_secret_post', client_secret: randomBytes(24).toString('base64url') },
].filter(client => clientAuth.includes(client.token_endpoint_auth_method)).map(client => ({ ...client, client_name: 'Typed by hand', application_type: 'native',
    response_types: ['code'], grant_types: ['authorization_code', 'refresh_token'], redirect_uris: ['http://127.0.0.1/callback'] }));

function resourceServerInfo(_context, resource) {
    if (!settings.resources.includes(resource))
        throw new errors.InvalidTarget('no such server here');
    return { audience: resource, scope: settings.scope, accessTokenTTL: settings.accessTtl,
        accessTokenFormat: options.jwt ? 'jwt' : 'opaque', jwt: { sign: { alg: 'RS256' } } };
}

function configuration(store) {
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
    return {
        adapter: kind => store.adapterFor(kind),
        clients: [...canIntrospect ? [resourceServerClient] : [], ...typedClients],
        clientAuthMethods: clientAuth,
        ...options['dpop-required'] && { clientDefaults: { dpop_bound_access_tokens: true } },
        // Twenty-second tokens shall live for twenty seconds, so no tolerance for clocks that differ.
        clockTolerance: 0,
        cookies: { keys: [randomBytes(24).toString('base64url')] },
        expiresWithSession: () => false,
        features: {
            devInteractions: { enabled: false },
            introspection: { enabled: canIntrospect },
            pushedAuthorizationRequests: { enabled: options.par !== 'no', requirePushedAuthorizationRequests: options.par === 'required' },
            registration: { enabled: !options['no-registration'], issueRegistrationAccessToken: false },
            resourceIndicators: { enabled: true, getResourceServerInfo: resourceServerInfo },
            revocation: { enabled: true },
        },
        findAccount: (_context, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
        interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
        // Current MCP clients ask for refresh tokens by the grant type they register, not by offline_access.
        issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
        jwks: { keys: [{ ...key, use: 'sig', alg: 'RS256' }] },
        // Each consent is a grant of its own: revoking one leaves a second sign-in of the same app alone.
        loadExistingGrant: context => context.oidc.result?.consent?.grantId
            ? context.oidc.provider.Grant.find(context.oidc.result.consent.grantId) : undefined,
        pkce: { required: () => true },
        renderError: (context, error) => {
            context.type = 'html';
            context.body = errorPage(error);
        },
        responseTypes: ['code'],
        rotateRefreshToken: true,
        scopes: ['openid', 'offline_access', ...options['refuses-scope'] ? [] : options.scope.split(' ')],
        ttl: { AccessToken: (_context, token) => token.resourceServer?.accessTokenTTL ?? settings.accessTtl, AuthorizationCode: 60,
            Grant: 86400, IdToken: 3600, Interaction: 3600, RefreshToken: 86400, Session: 86400 },
    };
}

/** Token answers that are ready and kept back: the moment in which a test may kill who waits for them. */
const held = { answers: 0 };

const wait = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

async function slowTokens(context, next) {
    const token = context.path === '/token' && context.method === 'POST';
    if (token && settings.delayBeforeToken > 0)
        await wait(settings.delayBeforeToken);
    await next();
    if (token && settings.delayAfterToken > 0) {
        ++held.answers;
        await wait(settings.delayAfterToken);
        --held.answers;
    }
}

/** An app that names no scope gets the usual one (RFC 6749 section 3.3). */
async function usualScope(context, next) {
    if (context.path === '/auth' && !context.query.scope)
        context.query = { ...context.query, scope: settings.scope };
    await next();
}

/** What the service says of itself, with the gaps that others have. */
async function otherDescription(context, next) {
    await next();
    if (!context.path.includes('/.well-known/') || typeof context.body !== 'object')
        return;
    if (options['no-pkce-list'])
        delete context.body.code_challenge_methods_supported;
    if (options['promises-none'])
        context.body.token_endpoint_auth_methods_supported.unshift('none');
}

async function grantFor(provider, { prompt: { details }, params, session }) {
    const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
    if (details.missingOIDCScope)
        grant.addOIDCScope(details.missingOIDCScope.join(' '));
    if (details.missingOIDCClaims)
        grant.addOIDCClaims(details.missingOIDCClaims);
    for (const [resource, scopes] of Object.entries(details.missingResourceScopes ?? {}))
        grant.addResourceScope(resource, scopes.join(' '));
    return grant.save();
}

async function showInteraction(provider, req, res) {
    const { uid, prompt, params, session } = await provider.interactionDetails(req, res);
    const client = await provider.Client.find(params.client_id);
    const clientName = client.clientName ?? client.clientId;
    if (prompt.name === 'login')
        return res.send(loginPage({ uid, clientName }));
    return res.send(consentPage({ uid, clientName, account: session.accountId, scopes: (params.scope ?? '').split(' ').filter(Boolean),
        resources: [params.resource ?? []].flat(), redirectUri: params.redirect_uri }));
}

async function login(provider, req, res) {
    const { uid, params } = await provider.interactionDetails(req, res);
    if (!req.body?.user || req.body.password !== password) {
        const client = await provider.Client.find(params.client_id);
        return res.status(403).send(loginPage({ uid, clientName: client.clientName ?? client.clientId, wrong: true }));
    }
    return provider.interactionFinished(req, res, { login: { accountId: req.body.user } }, { mergeWithLastSubmission: false });
}

async function allow(provider, req, res) {
    const grantId = await grantFor(provider, await provider.interactionDetails(req, res));
    return provider.interactionFinished(req, res, { consent: { grantId } }, { mergeWithLastSubmission: true });
}

async function deny(provider, req, res) {
    await provider.interactionDetails(req, res);
    return provider.interactionFinished(req, res, { error: 'access_denied', error_description: 'The person said no' },
        { mergeWithLastSubmission: false });
}

function application(provider) {
    const app = express();
    app.disable('x-powered-by');
    app.use('/interaction', (_req, res, next) => {
        res.set({ 'Cache-Control': 'no-store', 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; img-src data:" });
        next();
    }, express.urlencoded({ extended: false }));
    app.get('/interaction/:uid', (req, res) => showInteraction(provider, req, res));
    app.post('/interaction/:uid/login', (req, res) => login(provider, req, res));
    app.post('/interaction/:uid/consent', (req, res) => allow(provider, req, res));
    app.post('/interaction/:uid/deny', (req, res) => deny(provider, req, res));
    app.use('/interaction', (error, _req, res, _next) => res.status(400).send(errorPage({ error: error.name, error_description: error.message })));
    if (options['only-oidc-discovery'])
        app.use('/.well-known/oauth-authorization-server', (_req, res) => res.status(404).end());
    if (options.undescribed)
        app.use('/.well-known', (_req, res) => res.status(404).end());
    app.use(options.path || '/', provider.callback());
    return app;
}

/** As many services do, against RFC 8252 section 7.3: the port, too, must be the registered one. */
function compareRedirectsExactly({ Client }) {
    Client.prototype.redirectUriAllowed = function (value) {
        return this.redirectUris.includes(value);
    };
}

const server = createServer();
server.listen(Number(options.port), '127.0.0.1', async () => {
    const issuer = `http://127.0.0.1:${server.address().port}${options.path}`;
    const store = new Store(settings);
    const provider = new Provider(issuer, configuration(store));
    provider.use(usualScope);
    provider.use(slowTokens);
    provider.use(otherDescription);
    if (options['exact-redirect'])
        compareRedirectsExactly(provider);
    provider.on('server_error', (_context, error) => console.error(error));
    server.on('request', application(provider));
    const introspection = canIntrospect ? { url: `${issuer}/token/introspection`, clientId: resourceServerClient.client_id,
        clientSecret: resourceServerClient.client_secret, method: resourceServerClient.token_endpoint_auth_method } : undefined;
    const admin = await startAdmin({ port: Number(options['admin-port']), issuer, introspection, settings, store, typedClients, held });
    console.log(JSON.stringify({ ready: true, issuer, admin, introspection }));
});
