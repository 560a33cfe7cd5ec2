// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// A small MCP client with OAuth, on plain fetch, that stands in for the app when the rig checks itself. Every request it
// makes is kept in `transcript`, secrets shortened, so that the shortest possible list of requests can be read off.

import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { here, run } from './lib.mjs';

const modern = '2026-07-28';
const sessionful = '2025-11-25';
const shortened = text => text.replace(/("(?:access_token|refresh_token|client_secret|code)":")([^"]{6})[^"]*/g, '$1$2…');

export class Client {
    constructor(url) {
        this.url = url;
        this.transcript = [];
        this.nextId = 1;
    }

    async send(what, address, init = {}) {
        const answer = await fetch(address, { redirect: 'manual', ...init });
        const text = await answer.text();
        this.transcript.push({ what, request: `${init.method ?? 'GET'} ${address}`, requestHeaders: { ...init.headers, Authorization: undefined },
            requestBody: shortened(String(init.body ?? '')).replace(/((?:code|refresh_token|code_verifier|client_secret|token)=)([^&]{6})[^&]*/g, '$1$2…'),
            status: answer.status, type: answer.headers.get('content-type'), session: answer.headers.has('mcp-session-id'),
            challenge: answer.headers.get('www-authenticate') ?? undefined, body: shortened(text) });
        return { status: answer.status, headers: answer.headers, text };
    }

    /** One JSON-RPC exchange; `value` is the answer, out of JSON or out of an event stream. */
    async rpc(method, params, { version, notification = false } = {}) {
        const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
        const message = { jsonrpc: '2.0', method, params };
        if (!notification)
            message.id = this.nextId++;
        if (this.tokens)
            headers.Authorization = `Bearer ${this.tokens.access_token}`;
        if (version)
            headers['MCP-Protocol-Version'] = version;
        if (this.session)
            headers['Mcp-Session-Id'] = this.session;
        if (version === modern) {
            headers['Mcp-Method'] = method;
            if (params?.name)
                headers['Mcp-Name'] = params.name;
            message.params = { ...params, _meta: { 'io.modelcontextprotocol/protocolVersion': modern,
                'io.modelcontextprotocol/clientCapabilities': {}, 'io.modelcontextprotocol/clientInfo': { name: 'mooring-rig', version: '0' } } };
        }
        const answer = await this.send(`MCP ${method}`, this.url, { method: 'POST', headers, body: JSON.stringify(message) });
        const line = answer.text.split('\n').reverse().find(text => text.startsWith('data: {'));
        const json = line ? line.slice(6) : answer.text.startsWith('{') ? answer.text : 'null';
        return { ...answer, value: JSON.parse(json) };
    }

    async discover() {
        const probe = await this.rpc('server/discover', {}, { version: modern });
        const pointer = /resource_metadata="([^"]+)"/.exec(probe.headers.get('www-authenticate') ?? '')?.[1];
        this.resource = JSON.parse((await this.send('protected resource metadata', pointer)).text);
        const issuer = this.resource.authorization_servers[0];
        const well = new URL('/.well-known/oauth-authorization-server', issuer);
        this.server = JSON.parse((await this.send('authorization server metadata', well.href)).text);
        return { probe, pointer, issuerMatches: this.server.issuer === issuer, resourceMatches: this.resource.resource === this.url };
    }

    /** Holds a port of 127.0.0.1, which is what is then registered. */
    async listen() {
        this.callback = new Promise(resolve => {
            this.listener = createServer((req, res) => {
                const url = new URL(req.url, this.redirectUri);
                if (url.pathname !== '/callback')
                    return res.writeHead(404).end();
                res.writeHead(200, { 'Content-Type': 'text/html', Connection: 'close' })
                    .end('<!DOCTYPE html><title>Back</title><body><h1>You can go back to the app</h1></body>');
                return resolve(Object.fromEntries(url.searchParams));
            });
        });
        await new Promise(resolve => this.listener.listen(0, '127.0.0.1', resolve));
        this.redirectUri = `http://127.0.0.1:${this.listener.address().port}/callback`;
    }

    async register(method = 'none') {
        this.method = method;
        const answer = await this.send('registration', this.server.registration_endpoint, { method: 'POST', headers: { 'Content-Type': 'application/json' },
            body: JSON.stringify({ client_name: 'Mooring', application_type: 'native', redirect_uris: [this.redirectUri], response_types: ['code'],
                grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: method }) });
        this.client = JSON.parse(answer.text);
        return answer;
    }

    authorizationUrl() {
        this.verifier = randomBytes(32).toString('base64url');
        this.state = randomBytes(32).toString('base64url');
        const url = new URL(this.server.authorization_endpoint);
        for (const [name, value] of Object.entries({ response_type: 'code', client_id: this.client.client_id, redirect_uri: this.redirectUri,
            state: this.state, code_challenge: createHash('sha256').update(this.verifier).digest('base64url'), code_challenge_method: 'S256',
            resource: this.resource.resource, scope: this.resource.scopes_supported.join(' ') }))
            url.searchParams.set(name, value);
        return url.href;
    }

    /** Lets the person answer in the browser; gives the parameters of the callback and what the browser reported. */
    async person(does, opener) {
        const url = this.authorizationUrl();
        const browser = await opener(url, does);
        if (browser.code !== 0)
            throw new Error(`the browser failed: ${browser.stdout}${browser.stderr}`);
        const answer = await this.callback;
        this.listener.close();
        if (answer.state !== this.state)
            throw new Error('the callback had another state');
        return { answer, browser };
    }

    /** A form post to one of the authorization server's endpoints with the registered way to authenticate. */
    async form(what, endpoint, fields) {
        const body = new URLSearchParams({ ...fields });
        const headers = {};
        if (this.method === 'client_secret_basic')
            headers.Authorization = `Basic ${Buffer.from(`${encodeURIComponent(this.client.client_id)}:${encodeURIComponent(this.client.client_secret)}`).toString('base64')}`;
        else
            body.set('client_id', this.client.client_id);
        if (this.method === 'client_secret_post')
            body.set('client_secret', this.client.client_secret);
        const answer = await this.send(what, endpoint, { method: 'POST', headers, body });
        return { ...answer, value: answer.text ? JSON.parse(answer.text) : undefined };
    }

    async exchange(code) {
        const answer = await this.form('token (code)', this.server.token_endpoint, { grant_type: 'authorization_code', code, redirect_uri: this.redirectUri,
            code_verifier: this.verifier, resource: this.resource.resource });
        this.tokens = answer.value;
        return answer;
    }

    refresh(token) {
        return this.form('token (refresh)', this.server.token_endpoint, { grant_type: 'refresh_token', refresh_token: token, resource: this.resource.resource });
    }

    revoke(token, hint) {
        return this.form('revocation', this.server.revocation_endpoint, { token, token_type_hint: hint });
    }

    /** Finds out the era and lists the tools in as few requests as that takes. */
    async listTools() {
        const first = await this.rpc('server/discover', {}, { version: modern });
        if (first.status === 200 && first.value?.result?.supportedVersions?.includes(modern)) {
            this.version = modern;
            return this.rpc('tools/list', {}, { version: modern });
        }
        this.version = sessionful;
        const opened = await this.rpc('initialize', { protocolVersion: sessionful, capabilities: {}, clientInfo: { name: 'mooring-rig', version: '0' } });
        this.session = opened.headers.get('mcp-session-id');
        await this.rpc('notifications/initialized', {}, { version: sessionful, notification: true });
        return this.rpc('tools/list', {}, { version: sessionful });
    }

    async callTool(name, args = {}) {
        const answer = await this.rpc('tools/call', { name, arguments: args }, { version: this.version });
        return { status: answer.status, text: answer.value?.result?.content?.[0]?.text };
    }
}

/** A browser run that is waited for. */
export const directBrowser = (url, does) => run(process.execPath, [`${here}/browser.mjs`, url], { env: { MOORING_PERSON_DOES: does }, timeout: 60000 });
