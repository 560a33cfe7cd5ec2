// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Helpers of the scenarios: servers on free ports, commands with a time limit, the record of requests.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const here = dirname(fileURLToPath(import.meta.url));
const tap = pathToFileURL(join(here, 'servers', 'tap.mjs')).href;

/** How long anything may take on a busy machine, in milliseconds. A wait is over as soon as what it waits for is there. */
export const patience = 60000;

const isFree = port => new Promise(resolve => {
    const probe = createServer().once('error', () => resolve(false)).listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
});

let portsGiven = 0;

/**
 * A TCP port of 127.0.0.1 that nobody listens on. It is below those that the system hands out by itself (32768 on Linux), and each
 * process of a test has its own ones, so that it is still free when a server that has to know its address beforehand has started.
 */
export async function freePort() {
    for (;;) {
        const port = 20000 + (process.pid * 64 + portsGiven++) % 12000;
        if (await isFree(port))
            return port;
    }
}

/** Asks again `every` so many ms until `question` gives something true, which it returns; fails with `what` after the time limit. */
export async function until(what, question, timeout = patience, every = 20) {
    const end = Date.now() + timeout;
    for (;;) {
        const answer = await question();
        if (answer)
            return answer;
        if (Date.now() > end)
            throw new Error(`waited ${timeout} ms for ${what}`);
        await new Promise(resolve => setTimeout(resolve, every));
    }
}

/**
 * A server in a process of its own. `ready` decides from a line of its output whether it is up, and gives its facts.
 * Its output goes to `${folder}/${name}.log`, its requests to `${folder}/${name}.requests`, secrets that it saw to
 * `${folder}/private/${name}.secrets`.
 */
export class ServerProcess {
    static async start({ name, folder, script, args = [], env = {}, ready, timeout = patience }) {
        const server = new this();
        mkdirSync(join(folder, 'private'), { recursive: true, mode: 0o700 });
        server.requestsFile = join(folder, `${name}.requests`);
        server.secretsFile = join(folder, 'private', `${name}.secrets`);
        const log = openSync(join(folder, `${name}.log`), 'a');
        server.child = spawn(process.execPath, ['--import', tap, script, ...args], { stdio: ['pipe', 'pipe', log],
            env: { ...process.env, ...env, MOORING_TAP_LOG: server.requestsFile, MOORING_TAP_SECRETS: server.secretsFile, MOORING_END_WITH_INPUT: '1' } });
        server.forgotten = 0;
        server.ended = new Promise(resolve => server.child.once('exit', resolve));
        server.facts = await server.becomeReady(name, ready ?? readyLine, timeout);
        return server;
    }

    becomeReady(name, ready, timeout) {
        return new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`${name} was not ready after ${timeout} ms`)), timeout);
            this.ended.then(code => reject(new Error(`${name} ended with ${code}`)));
            createInterface({ input: this.child.stdout }).on('line', line => {
                const facts = ready(line);
                if (!facts)
                    return;
                clearTimeout(timer);
                resolve(facts);
            });
        });
    }

    /** What it was asked since its start or the last call of forget(), in the order of arrival. */
    requests() {
        return this.everything().filter(record => record.time > this.forgotten);
    }

    /** What it was asked since its start. */
    everything() {
        return readJsonLines(this.requestsFile).sort((a, b) => a.seq - b.seq);
    }

    /**
     * Requests that have arrived so far are no longer told by requests(), also if their record comes later: it is written when
     * an answer has ended, which on a busy machine may be long after its reader has.
     */
    forget() {
        this.forgotten = Date.now();
    }

    /** [{ kind, value }] */
    secrets() {
        return readJsonLines(this.secretsFile);
    }

    /** Some published servers wait for their clients before they end; these are given two seconds. */
    async stop() {
        this.child.kill('SIGTERM');
        const timer = setTimeout(() => this.child.kill('SIGKILL'), 2000);
        await this.ended;
        clearTimeout(timer);
    }
}

function readyLine(line) {
    if (!line.startsWith('{"ready":true'))
        return undefined;
    return JSON.parse(line);
}

/** The values of a file with one JSON value per line; none if there is no such file. */
export function readJsonLines(file) {
    if (!existsSync(file))
        return [];
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line));
}

/** oidc.mjs, with the admin port as methods. */
export class AuthorizationServer extends ServerProcess {
    static async start({ folder, name = 'oidc', args = [], resources = [] }) {
        const known = resources.flatMap(resource => ['--resource', resource]);
        return super.start({ name, folder, script: join(here, 'servers', 'oidc.mjs'), args: [...args, ...known] });
    }

    get issuer() {
        return this.facts.issuer;
    }

    async ask(path, body) {
        const init = body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
        const answer = await fetch(`${this.facts.admin}${path}`, init);
        if (!answer.ok)
            throw new Error(`admin ${path} answered ${answer.status}: ${await answer.text()}`);
        return answer.json();
    }

    /** Changes accessTtl, grace (s), delayBeforeToken, delayAfterToken (ms), resources, scope. */
    settings(changes) {
        return this.ask('/settings', changes);
    }

    introspect(token) {
        return this.ask('/introspect', { token });
    }

    endToken(token) {
        return this.ask('/end-token', { token });
    }

    endFamily(token) {
        return this.ask('/end-family', { token });
    }
}

/** An MCP server of the folder servers: on `port`, with the tokens of `authorizationServer` or open to all. */
export async function startServer(script, { folder, name, authorizationServer, port, args = [] }) {
    const issuer = authorizationServer ? ['--issuer', authorizationServer.issuer] : [];
    const introspection = authorizationServer?.facts.introspection;
    return ServerProcess.start({ name, folder, script: join(here, 'servers', script), args: ['--port', String(port), ...issuer, ...args],
        env: introspection ? { MOORING_INTROSPECTION: JSON.stringify(introspection) } : {} });
}

/** One authorization server and both protected MCP servers, which know each other. */
export async function startHarbour({ folder, oidcArgs = [], sessionArgs = [], statelessArgs = [] }) {
    const [sessionPort, statelessPort] = [await freePort(), await freePort()];
    const urls = [sessionPort, statelessPort].map(port => `http://127.0.0.1:${port}/mcp`);
    const oidc = await AuthorizationServer.start({ folder, args: oidcArgs, resources: urls });
    const [sessions, stateless] = await Promise.all([
        startServer('mcp-sdk.mjs', { folder, name: 'mcp-sessions', authorizationServer: oidc, port: sessionPort, args: sessionArgs }),
        startServer('mcp-modern.mjs', { folder, name: 'mcp-stateless', authorizationServer: oidc, port: statelessPort, args: statelessArgs }),
    ]);
    // Both read the metadata of their authorization server when they start: not part of what a test counts.
    await until('the start of both servers in the record', () => oidc.requests().length === 2);
    oidc.forget();
    const stop = () => Promise.all([oidc, sessions, stateless].map(server => server.stop()));
    return { oidc, sessions, stateless, sessionsUrl: urls[0], statelessUrl: urls[1], stop };
}

/** One authorization server and one protected MCP server: `kind` is stateless or sessions. `name` goes into the names of the records. */
export async function startPair({ folder, name, kind, oidcArgs = [] }) {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/mcp`;
    const oidc = await AuthorizationServer.start({ folder, name: `${name}-oidc`, args: oidcArgs, resources: [url] });
    const script = kind === 'stateless' ? 'mcp-modern.mjs' : 'mcp-sdk.mjs';
    const server = await startServer(script, { folder, name: `${name}-${kind}`, authorizationServer: oidc, port });
    await until('the start of the server in the record', () => oidc.requests().length === 1);
    oidc.forget();
    return { oidc, server, url };
}

/** The example server of @modelcontextprotocol/sdk with its own demo authorization server, exactly as it is published. */
export async function startSdkDemo({ folder, name = 'sdk-demo', flags = ['--oauth'] }) {
    const [port, authPort] = [await freePort(), await freePort()];
    const script = join(here, 'node_modules/@modelcontextprotocol/sdk/dist/esm/examples/server/simpleStreamableHttp.js');
    const server = await ServerProcess.start({ name, folder, script, args: flags, env: { MCP_PORT: String(port), MCP_AUTH_PORT: String(authPort) },
        ready: line => line.startsWith('MCP Streamable HTTP Server listening') && { url: `http://localhost:${port}/mcp`, issuer: `http://localhost:${authPort}/` } });
    await until('the demo authorization server', () => fetch(server.facts.issuer).then(answer => answer.status > 0, () => false));
    await until('that question in the record', () => server.requests().length === 1);
    server.forget();
    return server;
}

/**
 * Runs a command to its end: { code, signal, stdout, stderr, milliseconds }. Kills it after `timeout` ms, which is an error.
 * `env` is added to the environment, `cleanEnv` is all of it.
 */
export function run(command, args = [], { timeout = patience, input = '', env = {}, cleanEnv, cwd } = {}) {
    const started = Date.now();
    return new Promise((resolve, reject) => {
        const child = spawn(command, args, { cwd, env: cleanEnv ?? { ...process.env, ...env } });
        const output = { stdout: '', stderr: '' };
        child.stdout.setEncoding('utf8').on('data', text => output.stdout += text);
        child.stderr.setEncoding('utf8').on('data', text => output.stderr += text);
        child.stdin.on('error', () => {});
        child.stdin.end(input);
        const timer = setTimeout(() => {
            child.kill('SIGKILL');
            reject(new Error(`${command} ${args[0] ?? ''} did not end within ${timeout} ms: ${output.stdout}${output.stderr}`));
        }, timeout);
        child.once('error', reject);
        child.once('close', (code, signal) => {
            clearTimeout(timer);
            resolve({ code, signal, ...output, milliseconds: Date.now() - started });
        });
    });
}

/** The value of a command that prints one JSON document. */
export function parseJson({ stdout, stderr, code }) {
    try {
        return JSON.parse(stdout);
    } catch {
        throw new Error(`exit ${code} and no JSON: ${stdout}${stderr}`);
    }
}

/** `METHOD path` of each request, the browser's and the introspection calls left out: what the app itself asked. */
export function appRequests(records) {
    return records.filter(record => !record.browser && record.path !== '/token/introspection' && record.path !== '/introspect')
        .sort((a, b) => a.time - b.time || a.seq - b.seq);
}

/** One line per request that can be compared with a list in a test. */
export function requestLine({ method, path, status, rpc, grantType }) {
    const what = rpc?.method ?? grantType;
    return `${method} ${path}${what ? ` ${what}` : ''} → ${status}`;
}
