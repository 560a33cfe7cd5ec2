// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// `node bench.mjs BIN`, in a session made by with-keyring.sh: the real window beside a minimal one on the same screen, and
// the core beside plain measures. Prints tables; each goal counts as one test.
// MOORING_CAMPAIGN=full takes more rounds and longer looks.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const bin = resolve(process.argv[2] ?? 'build/release/bin');
const full = process.env.MOORING_CAMPAIGN === 'full';
const rounds = full ? 31 : 15;
const lookSeconds = full ? 60 : 20;
/** Threads of Qt's pool that have nothing to do any more end after 30 seconds. */
const settleSeconds = full ? 35 : 0;
const scratch = mkdtempSync(join(tmpdir(), 'mooring-bench-'));
const started = new Set();
const goals = { met: 0, missed: 0 };

const pause = ms => new Promise(done => setTimeout(done, ms));
const median = values => [...values].sort((a, b) => a - b)[values.length >> 1];

async function until(what, question, timeout = 20000) {
    for (const end = Date.now() + timeout; Date.now() < end; await pause(20)) {
        const answer = await question();
        if (answer)
            return answer;
    }
    throw new Error(`waited ${timeout} ms for ${what}`);
}

function output(command, args, env) {
    return new Promise((done, fail) => {
        const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
        let text = '';
        child.stdout.on('data', data => text += data);
        child.once('error', fail);
        child.once('close', code => done({ code, text }));
    });
}

async function startScreen() {
    const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    started.add(server);
    const number = await new Promise((done, fail) => {
        createInterface({ input: server.stdio[3] }).once('line', done);
        server.once('exit', code => fail(new Error(`Xvfb ended with ${code}`)));
    });
    const env = { ...process.env, DISPLAY: `:${number}`, QT_QPA_PLATFORM: 'xcb', LC_ALL: 'C.UTF-8' };
    started.add(spawn('openbox', ['--sm-disable'], { stdio: 'ignore', env }));
    await until('the window manager', async () => /window id # 0x/.test((await output('xprop', ['-root', '_NET_SUPPORTING_WM_CHECK'], env)).text));
    return env;
}

/** Asks for a sign-in on every path, as the servers of the records would. */
async function startServer() {
    const server = createServer((request, response) => {
        const origin = `http://127.0.0.1:${server.address().port}`;
        const path = request.url.replace('/.well-known/oauth-protected-resource', '');
        request.resume();
        if (path !== request.url || request.url.startsWith('/.well-known/')) {
            const document = request.url.includes('authorization-server')
                ? { issuer: origin, authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token`, code_challenge_methods_supported: ['S256'], response_types_supported: ['code'] }
                : { resource: origin + path, authorization_servers: [origin] };
            response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(document));
        } else {
            response.writeHead(401, { 'WWW-Authenticate': `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource${path}"` }).end();
        }
    });
    await new Promise(done => server.listen(0, '127.0.0.1', done));
    return server;
}

/** A data folder with so many connections that are signed in for hours. */
function makeProfile(count, origin) {
    const data = join(scratch, `data-${count}`);
    const folder = join(data, 'mooring');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const now = Date.now();
    const connections = Array.from({ length: count }, (_, i) => ({
        id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`, name: `Server ${i}`, url: `${origin}/servers/${i}/mcp`,
        authorization: 'oauth', era: 'stateless', verdict: 'needs-sign-in', issuer: origin,
        authorizationServer: { issuer: origin, authorization_endpoint: `${origin}/authorize`, token_endpoint: `${origin}/token` },
        registration: '00000000-0000-4000-8000-999999999999', resource: `${origin}/servers/${i}/mcp`, scopesAsked: ['mcp'], scopesGranted: ['mcp'],
        hasSecret: true, hasRefreshToken: true, generation: 1, acceptedGeneration: 0, issuedAt: new Date(now - 60000).toISOString(),
        expiresAt: new Date(now + 5 * 3600000 + i * 977).toISOString(), authorizedAt: new Date(now - 60000).toISOString(), addedAt: new Date(now - 90000).toISOString(),
    }));
    const registrations = [{ id: '00000000-0000-4000-8000-999999999999', issuer: origin, clientId: 'bench', redirectUri: 'http://127.0.0.1:45454/callback', method: 'none', source: 'dynamic', registeredAt: new Date(now).toISOString(), hasSecret: false, generation: 0 }];
    writeFileSync(join(folder, 'connections.json'), JSON.stringify({ schemaVersion: 1, connections, registrations }, undefined, 4), { mode: 0o600 });
    return data;
}

/** A running window; `paint` is its first painted frame: { ms, kib }. */
async function startWindow(program, env, data) {
    // Through a shell, because a process keeps the peak memory of the one that it was forked from, and Node's is large.
    const shell = spawn('sh', ['-c', 'MOORING_BENCH_FIRST_PAINT=$(date +%s%N) "$@" & echo "pid $!"; wait $!', 'sh', join(bin, program)],
        { env: { ...env, XDG_DATA_HOME: data ?? join(scratch, 'empty') }, stdio: ['ignore', 'pipe', process.env.MOORING_BENCH_VERBOSE ? 'inherit' : 'ignore'] });
    started.add(shell);
    const window = { program, shell };
    shell.once('exit', (code, signal) => {
        started.delete(shell);
        if (!window.isEnding)
            console.error(`${program} has ended by itself: ${signal ?? code}`);
    });
    createInterface({ input: shell.stdout }).on('line', line => {
        const [word, first, second] = line.split(' ');
        if (word === 'pid')
            window.pid = Number(first);
        if (word === 'first-paint')
            window.paint = { ms: Number(first), kib: Number(second) };
    });
    await until(`the first painted window of ${program}`, () => window.paint, 60000);
    return window;
}

async function end(window) {
    window.isEnding = true;
    process.kill(window.pid, 'SIGKILL');
    await until('the end of a window', () => window.shell.exitCode !== null || window.shell.signalCode !== null);
}

const idOf = async (window, env) =>
    (await output('xdotool', ['search', '--onlyvisible', '--pid', String(window.pid), '--name', '.'], env)).text.trim().split('\n').pop();

/** How often each thread went to sleep and was woken again so far. */
function switches(pid) {
    const counts = new Map();
    if (!existsSync(`/proc/${pid}/task`))
        throw new Error(`process ${pid} has ended by itself`);
    for (const task of readdirSync(`/proc/${pid}/task`)) {
        const status = `/proc/${pid}/task/${task}/status`;
        if (existsSync(status))
            counts.set(task, Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(readFileSync(status, 'utf8'))[1]));
    }
    return counts;
}

/** Wakeups of all threads in so many seconds. Looks every second, because the count of a thread ends with it. */
async function wakeups(windows, seconds) {
    let last = windows.map(window => switches(window.pid));
    const sums = windows.map(() => 0);
    for (let second = 0; second < seconds; ++second) {
        await pause(1000);
        const now = windows.map(window => switches(window.pid));
        now.forEach((counts, i) => {
            for (const [task, count] of counts)
                sums[i] += count - (last[i].get(task) ?? 0);
            // A thread that has ended was woken for it.
            sums[i] += [...last[i].keys()].filter(task => !counts.has(task)).length;
        });
        last = now;
    }
    return sums;
}

/** Wakeups in the time of a look, once what follows the start (checks of servers, threads without work) is over. */
async function look(windows) {
    await until('the windows to come to rest', async () => (await wakeups(windows, 3)).every(count => count <= 2), 120000);
    await pause(settleSeconds * 1000);
    return wakeups(windows, lookSeconds);
}

function verdict(value, goal) {
    const isMet = value <= goal;
    ++goals[isMet ? 'met' : 'missed'];
    return `goal ${goal}: ${isMet ? 'met' : 'NOT met'}`;
}

async function benchStart(env, profiles) {
    const kinds = [{ name: 'minimal window', program: 'minimalwindow' }, { name: 'mooring, 20', program: 'mooring', data: profiles[20], goals: [1.5, 1.6] },
        { name: 'mooring, 2000', program: 'mooring', data: profiles[2000], goals: [2, 2] }];
    for (const kind of kinds)
        kind.paints = [];
    for (let round = 0; round <= rounds; ++round) {
        for (const kind of kinds) {
            const window = await startWindow(kind.program, env, kind.data);
            await end(window);
            // The first round warms the caches of the system.
            if (round > 0)
                kind.paints.push(window.paint);
        }
    }
    console.log(`\nFirst painted window and peak memory until then (median of ${rounds}, alternately)`);
    const figures = kinds.map(kind => ({ ms: median(kind.paints.map(paint => paint.ms)), kib: median(kind.paints.map(paint => paint.kib)) }));
    kinds.forEach((kind, i) => {
        const times = kind.paints.map(paint => paint.ms).sort((a, b) => a - b);
        const { ms, kib } = figures[i];
        let line = `  ${kind.name.padEnd(16)} ${ms.toFixed(1).padStart(5)} ms (${times[0]}–${times.at(-1)})  ${(kib / 1024).toFixed(1).padStart(6)} MiB`;
        if (kind.goals) {
            const [time, memory] = [ms / figures[0].ms, kib / figures[0].kib];
            line += `  time × ${time.toFixed(2)} (${verdict(time, kind.goals[0])})  memory × ${memory.toFixed(2)} (${verdict(memory, kind.goals[1])})`;
        }
        console.log(line);
    });
}

async function benchWakeups(env, data) {
    const programs = [['minimalwindow', undefined], ['mooring', data]];
    const visible = [];
    for (const [program, folder] of programs) {
        const window = await startWindow(program, env, folder);
        const id = await until('the window', () => idOf(window, env));
        await output('xdotool', ['windowactivate', '--sync', id], env);
        visible.push((await look([window]))[0]);
        await end(window);
    }
    const hidden = [];
    for (const [program, folder] of programs) {
        const window = await startWindow(program, env, folder);
        const id = await until('the window', () => idOf(window, env));
        await output('xdotool', ['windowminimize', '--sync', id], env);
        hidden.push(window);
    }
    const asleep = await look(hidden);
    for (const window of hidden)
        await end(window);
    const perMinute = ([minimal, ours]) => [minimal, ours].map(count => count * 60 / lookSeconds);
    console.log(`\nWakeups a minute, 20 connections, keyboard focus in the list (${lookSeconds} s each)`);
    for (const [name, counts, goal] of [['visible', visible, 2], ['hidden', asleep, 0]]) {
        const [minimal, ours] = perMinute(counts);
        console.log(`  ${name.padEnd(16)} minimal window ${minimal.toFixed(1)}  mooring ${ours.toFixed(1)}  surplus ${(ours - minimal).toFixed(1)} (${verdict(ours - minimal, goal)})`);
    }
}

async function benchCore() {
    const { code, text } = await output(join(bin, 'corebench'), [], process.env);
    if (code !== 0)
        throw new Error(`corebench ended with ${code}`);
    const [token, ...signIns] = text.trim().split('\n').map(line => JSON.parse(line));
    console.log('\naccessToken() when fresh (median of 11 × 5000)');
    console.log(`  ${token.ours.toFixed(0)} ns a call, × ${(token.ours / token.plain).toFixed(1)} of a plain look at the clock and a copy (${token.plain.toFixed(0)} ns), `
        + `1/${(token.http / token.ours).toFixed(0)} of one bare request over the loopback (${(token.http / 1000).toFixed(0)} µs); token requests: ${token.tokenRequests}`);
    console.log('\nFirst sign-in, from the probe to the tools (median of 11; the same requests once more from a bare client are the servers’ time)');
    for (const one of signIns) {
        console.log(`  ${one.bench}: ${one.total.toFixed(1)} ms, servers ${one.servers.toFixed(1)} ms, Mooring ${one.ours.toFixed(1)} ms; `
            + `${one.requests} requests (${verdict(one.requests, one.bench.includes('stateless') ? 8 : 9)})\n    ${one.list}`);
    }
}

async function benchTexts(env) {
    const { code, text } = await output(join(bin, 'windowbench'), [], env);
    if (code !== 0)
        throw new Error(`windowbench ended with ${code}`);
    const one = JSON.parse(text);
    console.log(`\nLongest stall of the window while ${one.texts} hostile texts are shown, each in every field`);
    console.log(`  ${one.longest.toFixed(1)} ms (${one.slowest}; ${verdict(one.longest, 50)}), harmless text ${one.harmless.toFixed(1)} ms`);
}

try {
    const env = await startScreen();
    const server = await startServer();
    const origin = `http://127.0.0.1:${server.address().port}`;
    const profiles = { 20: makeProfile(20, origin), 2000: makeProfile(2000, origin) };
    console.log(`Bench of ${bin} (${full ? 'full' : 'short'} campaign)`);
    await benchStart(env, profiles);
    await benchWakeups(env, profiles[20]);
    await benchCore();
    await benchTexts(env);
    server.close();
} catch (error) {
    console.error(error);
    ++goals.missed;
}
for (const child of started)
    child.kill();
rmSync(scratch, { recursive: true, force: true });
console.log(`\n${goals.met} passed, ${goals.missed} failed`);
process.exit(goals.missed ? 1 : 0);
