// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// From the first look to the list of tools, in the terminal: exactly the requests that each kind of server needs. `authorize`
// asks nothing again that `add`, another process, has found out a moment ago.

import assert from 'node:assert/strict';
import { appRequests, requestLine, startPair, until } from '../lib.mjs';
import { scenario } from '../scenario.mjs';

const look = [
    'POST /mcp server/discover → 401',
    'GET /.well-known/oauth-protected-resource/mcp → 200',
    'GET /.well-known/oauth-authorization-server → 200',
];
const signIn = ['POST /reg → 201', 'POST /token authorization_code → 200'];
const useStateless = ['POST /mcp server/discover → 200', 'POST /mcp tools/list → 200'];
const useSessions = ['POST /mcp server/discover → 400', 'POST /mcp initialize → 200', 'POST /mcp notifications/initialized → 202', 'POST /mcp tools/list → 200'];
/** mooringctl ends here, so it gives the session back. */
const leaveSessions = ['DELETE /mcp → 200'];

const stepLine = step => `${step.verb} ${new URL(step.url).pathname}${step.verb === 'POST' ? ' server/discover' : ''} → ${step.status}`;

async function asked(servers, count) {
    const records = () => appRequests(servers.flatMap(server => server.requests()));
    await until(`${count} requests in the record`, () => records().length >= count);
    return records().map(requestLine);
}

async function firstAuthorization({ desk, name, url, servers, use, leave }) {
    servers.forEach(server => server.forget());
    const { report } = await desk.ok(['probe', url]);
    assert.deepEqual(await asked(servers, look.length), look);
    assert.deepEqual(report.steps.filter(step => step.verb).map(stepLine), look);
    assert.equal(report.verdict, 'needs-sign-in');

    servers.forEach(server => server.forget());
    await desk.ok(['add', url, '--name', name]);
    const { connection } = await desk.ok(['authorize', name]);
    assert.deepEqual([connection.state, connection.hasRefreshToken, connection.resource], ['authorized', true, url]);
    const { tools, server } = await desk.ok(['tools', name]);
    assert.deepEqual(tools.map(tool => tool.name), ['echo', 'add', 'whoami']);
    const expected = [...look, ...signIn, ...use];
    assert.deepEqual(await asked(servers, expected.length + leave.length), [...expected, ...leave]);
    return `${expected.length} requests, ${server.name} ${server.version}`;
}

function parametersOf(oidc) {
    const records = oidc.requests().filter(record => (record.path === '/auth' && record.fields) || record.grantType);
    for (const record of records) {
        assert.equal(record.resource?.length, 1, `${record.method} ${record.path}: ${record.resource}`);
        assert.deepEqual(record.fields, [...new Set(record.fields)], 'a parameter was sent twice');
    }
    assert.deepEqual(records.filter(record => record.path === '/auth').map(record => record.challengeMethod), ['S256']);
    return `${records.length} authorization and token requests: one resource each, no parameter twice, S256`;
}

async function whoAmI(desk, name) {
    const { text } = await desk.ok(['call', name, 'whoami']);
    assert.equal(JSON.parse(text).account, 'robin@harbour.example');
    const sum = await desk.ok(['call', name, 'add', '{"a": 19, "b": 23}']);
    assert.equal(sum.text, '42');
}

async function disconnect(desk, name, oidc) {
    const { outcome, sentence } = await desk.ok(['disconnect', name]);
    assert.equal(outcome, 'revoked');
    assert.match(sentence, /^Disconnected\. .* has ended this sign-in\.$/);
    for (const { value } of oidc.secrets().filter(secret => ['access_token', 'refresh_token'].includes(secret.kind)))
        assert.deepEqual(await oidc.introspect(value), { active: false });
    assert.deepEqual(await desk.keyringItems(), []);
    return sentence;
}

/** Once registered, an app is known to that service. */
async function knownClient(desk, name, servers) {
    servers.forEach(server => server.forget());
    await desk.ok(['authorize', name]);
    const expected = ['POST /token authorization_code → 200'];
    assert.deepEqual(await asked(servers, expected.length), expected);
    return `${expected.length} request, no look and no registration`;
}

async function play({ desk, check, servers }, { kind, name, use, leave }) {
    const { oidc, server, url } = await startPair({ folder: desk.folder, name: kind, kind });
    servers.push(oidc, server);
    const row = { desk, name, url, servers: [oidc, server], use, leave };
    await check(`${kind}: first authorization, exact list of requests`, () => firstAuthorization(row));
    await check(`${kind}: parameters of the sign-in`, () => parametersOf(oidc));
    await check(`${kind}: tools are called in the person's name`, () => whoAmI(desk, name));
    await check(`${kind}: disconnect ends every token and empties the keyring`, () => disconnect(desk, name, oidc));
    return row;
}

await scenario({}, async context => {
    const { desk, check } = context;
    await play(context, { kind: 'stateless', name: 'Tides', use: useStateless, leave: [] });
    const row = await play(context, { kind: 'sessions', name: 'Berths', use: useSessions, leave: leaveSessions });
    await check('authorized again: registration and description are known', () => knownClient(desk, row.name, row.servers));
    await check('one browser for each sign-in', () => assert.equal(desk.opened().length, 3));
});
