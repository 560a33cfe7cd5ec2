// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Proves that the rig is what it says, without the app: every server, the consent in the real browser, rotation and
// revocation, the record of requests and the search for secrets. `node selfcheck.mjs [FOLDER]`; exit 0 if all holds, and then
// nothing is left of it unless there is a FOLDER.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Canary, ProcessWatch } from './canary.mjs';
import { Client, directBrowser } from './client.mjs';
import { appRequests, here, parseJson, requestLine, run, startHarbour, startSdkDemo, until } from './lib.mjs';

const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'mooring-rig-'));
process.env.MOORING_SHOTS = join(folder, 'shots');
mkdirSync(process.env.MOORING_SHOTS, { recursive: true });

const rows = [];

async function check(what, body) {
    const started = Date.now();
    try {
        const fact = await body();
        rows.push({ check: what, result: 'ok', ms: Date.now() - started, fact: fact ?? '' });
    } catch (error) {
        rows.push({ check: what, result: 'FAILED', ms: Date.now() - started, fact: error.message.split('\n').slice(0, 6).join(' | ') });
    }
}

async function signIn(url, { method = 'none', does = 'allow', opener = directBrowser } = {}) {
    const client = new Client(url);
    const found = await client.discover();
    assert.deepEqual({ status: found.probe.status, issuer: found.issuerMatches, resource: found.resourceMatches }, { status: 401, issuer: true, resource: true });
    await client.listen();
    assert.equal((await client.register(method)).status, 201);
    const { answer, browser } = await client.person(does, opener);
    if (client.server.authorization_response_iss_parameter_supported)
        assert.equal(answer.iss, client.server.issuer);
    if (does === 'allow')
        assert.equal((await client.exchange(answer.code)).status, 200);
    return { client, answer, browser };
}

async function toolsWork(client) {
    const listed = await client.listTools();
    const names = listed.value.result.tools.map(tool => tool.name);
    assert.deepEqual(names, ['echo', 'add', 'whoami']);
    assert.equal((await client.callTool('add', { a: 19, b: 23 })).text, '42');
    assert.equal(JSON.parse((await client.callTool('whoami')).text).account, 'robin@harbour.example');
    return names.join(', ');
}

async function rotates(oidc, client) {
    const old = client.tokens;
    const second = await client.refresh(old.refresh_token);
    assert.equal(second.status, 200);
    assert.notEqual(second.value.refresh_token, old.refresh_token);
    assert.equal((await oidc.introspect(second.value.refresh_token)).active, true);
    const reused = await client.refresh(old.refresh_token);
    assert.deepEqual([reused.status, reused.value.error], [400, 'invalid_grant']);
    for (const token of [second.value.refresh_token, second.value.access_token])
        assert.deepEqual(await oidc.introspect(token), { active: false });
    assert.equal((await client.refresh(second.value.refresh_token)).value.error, 'invalid_grant');
    return 'new pair; reuse: invalid_grant; then the family is dead';
}

async function grace(oidc, url) {
    const { client } = await signIn(url);
    await oidc.settings({ grace: 30 });
    const answers = [await client.refresh(client.tokens.refresh_token), await client.refresh(client.tokens.refresh_token)];
    await oidc.settings({ grace: 0 });
    assert.deepEqual(answers.map(answer => answer.status), [200, 200]);
    return 'old token used twice within 30 s: 200, 200';
}

async function twoAtOnce(oidc, url) {
    const { client } = await signIn(url);
    const answers = await Promise.all([client.refresh(client.tokens.refresh_token), client.refresh(client.tokens.refresh_token)]);
    const won = answers.filter(answer => answer.status === 200);
    assert.equal(won.length <= 1, true, 'two refreshes with one token were both answered');
    for (const { value } of won)
        assert.deepEqual(await oidc.introspect(value.refresh_token), { active: false });
    return `${won.length} of 2 answered, family dead`;
}

async function revokes(oidc, url) {
    const { client } = await signIn(url, { method: 'client_secret_basic' });
    assert.equal((await oidc.introspect(client.tokens.access_token)).active, true);
    assert.equal((await client.revoke(client.tokens.refresh_token, 'refresh_token')).status, 200);
    assert.equal((await client.revoke(client.tokens.access_token, 'access_token')).status, 200);
    for (const token of [client.tokens.access_token, client.tokens.refresh_token])
        assert.deepEqual(await oidc.introspect(token), { active: false });
    assert.equal((await client.rpc('server/discover', {}, { version: '2026-07-28' })).status, 401);
    return 'introspection: both inactive; the server answers 401';
}

async function expires(oidc, url) {
    await oidc.settings({ accessTtl: 2 });
    const { client } = await signIn(url, { method: 'client_secret_post' });
    await oidc.settings({ accessTtl: 20 });
    assert.equal(client.tokens.expires_in, 2);
    await until('the end of a two-second token', async () => !(await oidc.introspect(client.tokens.access_token)).active, 4000);
    assert.equal((await client.rpc('server/discover', {}, { version: '2026-07-28' })).status, 401);
    client.tokens = (await client.refresh(client.tokens.refresh_token)).value;
    return toolsWork(client);
}

async function endsEarly(oidc, url) {
    const { client } = await signIn(url);
    assert.deepEqual(await oidc.endToken(client.tokens.access_token), { ended: true });
    assert.equal((await client.rpc('server/discover', {}, { version: '2026-07-28' })).status, 401);
    assert.equal((await client.refresh(client.tokens.refresh_token)).status, 200);
    return '401 before its time, refresh token still good';
}

async function wrongAudience(from, to) {
    const { client } = await signIn(from);
    const other = new Client(to);
    other.tokens = client.tokens;
    const answer = await other.rpc('server/discover', {}, { version: '2026-07-28' });
    assert.equal(answer.status, 401);
    assert.match(answer.text, /not issued for this resource/);
    return 'token of one server refused by the other';
}

async function denies(url) {
    const { answer, browser } = await signIn(url, { does: 'deny' });
    assert.deepEqual([answer.error, answer.code], ['access_denied', undefined]);
    return `${answer.error}, iss present; browser ${parseJson(browser).outcome}`;
}

async function byXdgOpen(url) {
    const log = join(folder, 'xdg-open.log');
    const opener = async (address, does) => {
        const opened = await run('xdg-open', [address], { env: { PATH: `${here}/bin:${process.env.PATH}`, MOORING_BROWSER_LOG: log, MOORING_PERSON_DOES: does } });
        assert.equal(opened.code, 0);
        assert.ok(opened.milliseconds < 2000, 'xdg-open did not return at once');
        return opened;
    };
    const { client } = await signIn(url, { opener });
    await until('the report of the browser', () => existsSync(log) && readFileSync(log, 'utf8').includes('"outcome":"back"'));
    return toolsWork(client);
}

async function firstAuthorization(servers, url, expected) {
    servers.forEach(server => server.forget());
    const { client } = await signIn(url);
    const listed = await client.listTools();
    assert.equal(listed.status, 200);
    // A tapped request is written down when its answer has been sent, which may be just after it was received.
    const lines = () => appRequests(servers.flatMap(server => server.requests())).map(requestLine);
    await until('all requests in the record', () => lines().length >= client.transcript.length);
    assert.deepEqual(lines(), expected);
    writeFileSync(join(folder, `transcript-${new URL(url).port}.json`), JSON.stringify(client.transcript, null, 2));
    return `${expected.length} requests, browser not counted`;
}

const before = [
    'POST /mcp server/discover → 401',
    'GET /.well-known/oauth-protected-resource/mcp → 200',
    'GET /.well-known/oauth-authorization-server → 200',
];
const statelessList = [...before, 'POST /reg → 201', 'POST /token authorization_code → 200', 'POST /mcp server/discover → 200', 'POST /mcp tools/list → 200'];
const sessionSteps = ['POST /mcp server/discover → 400', 'POST /mcp initialize → 200', 'POST /mcp notifications/initialized → 202', 'POST /mcp tools/list → 200'];
const sessionList = [...before, 'POST /reg → 201', 'POST /token authorization_code → 200', ...sessionSteps];
const demoList = [...before, 'POST /register → 201', 'POST /token authorization_code → 200', ...sessionSteps];

function resourceInEach(records) {
    const asked = records.filter(record => record.path === '/auth' && record.fields || (record.path === '/token' && record.grantType));
    for (const record of asked)
        assert.equal(record.resource?.length, 1, `${record.method} ${record.path} had ${record.resource?.length} resource parameters`);
    return `${asked.length} authorization and token requests, one resource each`;
}

async function findsSecrets(servers) {
    const secrets = servers.flatMap(server => server.secrets());
    const canary = new Canary(secrets);
    const kinds = [...new Set(secrets.map(secret => secret.kind))];
    for (const kind of ['access_token', 'refresh_token', 'code', 'code_verifier', 'client_secret'])
        assert.ok(kinds.includes(kind), `no ${kind} was seen`);
    const token = secrets.find(secret => secret.kind === 'access_token').value;
    writeFileSync(join(folder, 'private', 'planted'), `x\0${Buffer.from(token).toString('base64')}`);
    assert.deepEqual(canary.searchFiles([join(folder, 'private', 'planted')]).map(hit => hit.kinds), [['access_token']]);
    const sleeper = run('sleep', ['5'], { env: { PLANTED: token } });
    const watch = new ProcessWatch({ pids: [process.pid] });
    await until('a look at the planted environment', () => canary.searchProcesses(watch).some(hit => hit.process === 'sleep environ'));
    watch.stop();
    await sleeper;
    const hits = canary.searchFiles(servers.map(server => server.requestsFile).concat(process.env.MOORING_SHOTS, join(folder, 'xdg-open.log')));
    assert.deepEqual(hits, []);
    return `${secrets.length} secrets, ${canary.size} needles; planted ones found, none in the records`;
}

const harbour = await startHarbour({ folder });
const demo = await startSdkDemo({ folder });
const { oidc, sessions, stateless, sessionsUrl, statelessUrl } = harbour;
try {
    await check('stateless: first authorization', () => firstAuthorization([oidc, stateless], statelessUrl, statelessList));
    await check('sessions: first authorization', () => firstAuthorization([oidc, sessions], sessionsUrl, sessionList));
    await check('SDK demo: first authorization', () => firstAuthorization([demo], demo.facts.url, demoList));
    await check('stateless: through xdg-open, tools', () => byXdgOpen(statelessUrl));
    await check('sessions: tools', async () => toolsWork((await signIn(sessionsUrl)).client));
    await check('rotation and reuse', async () => rotates(oidc, (await signIn(statelessUrl)).client));
    await check('grace period', () => grace(oidc, statelessUrl));
    await check('two refreshes at once', () => twoAtOnce(oidc, sessionsUrl));
    await check('revocation (secret, basic)', () => revokes(oidc, statelessUrl));
    await check('expiry (secret, post)', () => expires(oidc, sessionsUrl));
    await check('access token ended early', () => endsEarly(oidc, statelessUrl));
    await check('audience', () => wrongAudience(sessionsUrl, statelessUrl));
    await check('consent denied', () => denies(statelessUrl));
    await check('resource parameter', () => resourceInEach(oidc.requests()));
    await check('canary', () => findsSecrets([oidc, sessions, stateless, demo]));
} finally {
    await harbour.stop();
    await demo.stop();
}
console.table(rows);
const isGood = rows.every(row => row.result === 'ok');
if (isGood && !process.argv[2])
    rmSync(folder, { recursive: true, force: true });
else
    console.log(`Files of this run: ${folder}`);
process.exit(isGood ? 0 : 1);
