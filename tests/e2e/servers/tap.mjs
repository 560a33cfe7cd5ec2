// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Listens in on every HTTP server of this Node process, without changing what it does, and writes one JSON line per
// request: what was asked, never a secret in the clear. Load it before any server: `node --import ./servers/tap.mjs …`
// with MOORING_TAP_LOG=FILE. With MOORING_TAP_SECRETS=FILE the secrets themselves go to that private file, for the
// search that proves that they are nowhere else.

import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import http from 'node:http';

const bodyCap = 256 * 1024;
const secretFields = new Set(['access_token', 'refresh_token', 'code', 'code_verifier', 'client_secret',
    'registration_access_token', 'token', 'client_assertion', 'id_token']);
const loggedHeaders = ['accept', 'content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name', 'origin', 'user-agent'];

const records = [];
const secrets = new Map();
let sequence = 0;

/** Short, irreversible name of a secret: the same value has the same name in every log. */
export function fingerprint(value) {
    return createHash('sha256').update(value).digest('hex').slice(0, 16);
}

/** The requests that have ended so far, in the order in which they arrived. */
export function tappedRequests() {
    return [...records].sort((a, b) => a.seq - b.seq);
}

export function forgetTappedRequests() {
    records.length = 0;
}

/** Every secret that has passed through this process: [{ kind, value }]. */
export function tappedSecrets() {
    return [...secrets].map(([value, kind]) => ({ kind, value }));
}

function rememberSecret(kind, value) {
    if (typeof value !== 'string' || value.length < 8 || secrets.has(value))
        return;
    secrets.set(value, kind);
    if (process.env.MOORING_TAP_SECRETS)
        appendFileSync(process.env.MOORING_TAP_SECRETS, JSON.stringify({ kind, value }) + '\n', { mode: 0o600 });
}

function decoded(text) {
    try {
        return decodeURIComponent(text);
    } catch {
        return text;
    }
}

function readAuthorization(record, header) {
    if (!header)
        return;
    const space = header.indexOf(' ');
    const scheme = header.slice(0, space).toLowerCase();
    const value = header.slice(space + 1);
    record.authorization = { scheme, hash: fingerprint(value) };
    rememberSecret(scheme === 'bearer' ? 'access_token' : `authorization ${scheme}`, value);
    if (scheme !== 'basic')
        return;
    const [id, secret] = Buffer.from(value, 'base64').toString().split(':');
    record.clientId = decoded(id);
    rememberSecret('client_secret', decoded(secret ?? ''));
}

function readParameters(record, parameters) {
    record.fields = [...parameters.keys()];
    record.resource = parameters.getAll('resource');
    for (const [name, member] of [['client_id', 'clientId'], ['grant_type', 'grantType'], ['scope', 'scope'],
        ['token_type_hint', 'tokenTypeHint'], ['redirect_uri', 'redirectUri'], ['code_challenge_method', 'challengeMethod']])
        if (parameters.has(name))
            record[member] = parameters.get(name);
    for (const [name, value] of parameters) {
        if (!secretFields.has(name))
            continue;
        record.hashes = { ...record.hashes, [name]: fingerprint(value) };
        rememberSecret(name, value);
    }
}

function readJsonRequest(record, value) {
    if (value?.jsonrpc) {
        record.rpc = { method: value.method, id: value.id, protocol: value.params?._meta?.['io.modelcontextprotocol/protocolVersion']
            ?? value.params?.protocolVersion };
        return;
    }
    record.fields = Object.keys(value ?? {});
    for (const name of ['application_type', 'grant_types', 'redirect_uris', 'token_endpoint_auth_method', 'client_name'])
        if (value?.[name] !== undefined)
            record.registration = { ...record.registration, [name]: value[name] };
}

function readRequestBody(record, type, body) {
    try {
        if (type.startsWith('application/x-www-form-urlencoded'))
            readParameters(record, new URLSearchParams(body));
        else if (type.startsWith('application/json'))
            readJsonRequest(record, JSON.parse(body));
    } catch {
        record.unreadableBody = true;
    }
}

function readAnswer(record, header, body) {
    const location = header('location');
    if (typeof location === 'string' && URL.canParse(location)) {
        const code = new URL(location).searchParams.get('code');
        if (code)
            record.issued = { code: fingerprint(code) };
        rememberSecret('code', code);
    }
    const challenge = header('www-authenticate');
    if (challenge)
        record.challenge = String(challenge);
    if (!String(header('content-type') ?? '').startsWith('application/json'))
        return;
    try {
        const value = JSON.parse(body);
        if (typeof value.error === 'string')
            record.error = value.error;
        for (const name of secretFields)
            if (typeof value[name] === 'string') {
                record.issued = { ...record.issued, [name]: fingerprint(value[name]) };
                rememberSecret(name, value[name]);
            }
    } catch {
        record.unreadableAnswer = true;
    }
}

function collect(chunks, chunk, encoding) {
    if (chunk === null || chunk === undefined || typeof chunk === 'function')
        return;
    const piece = typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : Buffer.from(chunk);
    if (chunks.size + piece.length <= bodyCap) {
        chunks.list.push(piece);
        chunks.size += piece.length;
    }
}

function listenIn(req, res) {
    const url = new URL(req.url, 'http://tap.invalid');
    const record = { seq: ++sequence, time: Date.now(), pid: process.pid, port: req.socket.localPort, method: req.method, path: url.pathname };
    const asked = { list: [], size: 0 };
    const answered = { list: [], size: 0 };
    record.headers = Object.fromEntries(loggedHeaders.filter(name => name in req.headers).map(name => [name, req.headers[name]]));
    record.session = 'mcp-session-id' in req.headers;
    record.browser = 'sec-fetch-dest' in req.headers;
    readAuthorization(record, req.headers.authorization);
    if (url.search)
        readParameters(record, url.searchParams);

    const push = req.push;
    req.push = function (chunk, encoding) {
        collect(asked, chunk, encoding);
        return push.call(this, chunk, encoding);
    };
    for (const name of ['write', 'end']) {
        const original = res[name];
        res[name] = function (chunk, encoding, ...rest) {
            collect(answered, chunk, encoding);
            return original.call(this, chunk, encoding, ...rest);
        };
    }
    // Headers that are given to writeHead() only are never part of getHeader().
    const written = new Map();
    const writeHead = res.writeHead;
    res.writeHead = function (status, ...rest) {
        const headers = rest.find(value => typeof value === 'object') ?? {};
        for (const [name, value] of Object.entries(headers))
            written.set(name.toLowerCase(), value);
        return writeHead.call(this, status, ...rest);
    };
    const header = name => res.getHeader(name) ?? written.get(name);
    res.once('close', () => {
        record.status = res.headersSent ? res.statusCode : 0;
        record.milliseconds = Date.now() - record.time;
        record.cutShort = !res.writableFinished;
        if (asked.size > 0)
            readRequestBody(record, req.headers['content-type'] ?? '', Buffer.concat(asked.list).toString());
        readAnswer(record, header, Buffer.concat(answered.list).toString());
        records.push(record);
        if (process.env.MOORING_TAP_LOG)
            appendFileSync(process.env.MOORING_TAP_LOG, JSON.stringify(record) + '\n');
    });
}

/** A server that is part of the test and not of what is tested. */
export function leaveUntapped(server) {
    server.mooringUntapped = true;
    return server;
}

const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function (event, ...rest) {
    if (event === 'request' && !this.mooringUntapped)
        listenIn(...rest);
    return emit.call(this, event, ...rest);
};

// A test that is killed takes its servers with it: they notice the end of their input.
if (process.env.MOORING_END_WITH_INPUT)
    process.stdin.on('end', () => process.exit(0)).on('error', () => process.exit(0)).resume();
