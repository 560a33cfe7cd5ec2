// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// How each server of the zoo is started. All give { url, servers, knows(token), … }, see Visit in zoo.mjs.

import { AuthorizationServer, freePort, startSdkDemo, startServer, until } from './lib.mjs';

/** Long enough that nobody's token ends while they list and call. In seconds. */
const accessTtl = '15';
/** File names of the records, in the order of starting. */
let count = 0;
const fileName = what => `${String(++count).padStart(2, '0')}-${what}`;

/** An MCP server that is open to all. */
export const openServer = (script, args = [], path = '/mcp') => async folder => {
    const port = await freePort();
    const server = await startServer(script, { folder, name: fileName(script.replace('.mjs', '-open')), port, args });
    server.forget();
    return { url: `http://127.0.0.1:${port}${path}`, servers: [server] };
};

/** An MCP server that wants the tokens of an oidc-provider of its own. */
export const guardedServer = ({ script, args = [], path = '/mcp', oidc: oidcArgs = [], client }) => async folder => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}${path}`;
    const name = fileName(script.replace('.mjs', ''));
    const oidc = await AuthorizationServer.start({ folder, name: `${name}-oidc`, args: ['--access-ttl', accessTtl, ...oidcArgs], resources: [url] });
    const server = await startServer(script, { folder, name, authorizationServer: oidc, port, args });
    return { url, servers: [oidc, server], client: client && await client(oidc), knows: async token => (await oidc.ask('/knows', { token })).known };
};

/** A client that the person has registered by hand: the one without a secret. */
export const typedClient = async oidc => {
    const { typedClients } = await oidc.ask('/state');
    return { words: ['--client-id', typedClients.find(client => !client.client_secret).client_id] };
};

/** The strict one takes only tokens that were asked for with its own address as the resource. */
export const sdkDemo = async folder => {
    const demo = await startSdkDemo({ folder, name: fileName('sdk-demo'), flags: ['--oauth', '--oauth-strict'] });
    return { url: demo.facts.url, servers: [demo] };
};

/** Services that are both: authorization server and MCP server. */
const bothInOne = (script, args = []) => async folder => {
    const server = await startServer(script, { folder, name: fileName(script.replace('.mjs', '')), port: await freePort(), args });
    return { url: server.facts.url, servers: [server], server };
};

export const betterAuth = (ttl = accessTtl) => bothInOne('better-auth.mjs', ['--access-ttl', ttl]);

export const workersOAuth = async folder => {
    const animal = await bothInOne('workers-oauth.mjs')(folder);
    const { server } = animal;
    const ask = fields => fetch(`${server.facts.issuer}/oauth/token`, { method: 'POST', body: new URLSearchParams(fields) });
    const clientId = () => server.everything().find(record => record.grantType)?.clientId;
    return {
        ...animal,
        endTokens: async () => {
            const { value } = server.secrets().find(secret => secret.kind === 'access_token');
            server.child.kill('SIGUSR2');
            await until('the end of the tokens', async () => (await fetch(animal.url, { headers: { Authorization: `Bearer ${value}` } })).status === 401);
        },
        knows: async (token, kind) => kind === 'refresh_token'
            && (await ask({ grant_type: 'refresh_token', refresh_token: token, client_id: clientId() })).ok,
    };
};
