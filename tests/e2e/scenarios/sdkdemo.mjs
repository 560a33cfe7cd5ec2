// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The example server of @modelcontextprotocol/sdk with its own demo provider: "localhost", no refresh tokens, no revocation.

import assert from 'node:assert/strict';
import { appRequests, requestLine, startSdkDemo, until } from '../lib.mjs';
import { scenario } from '../scenario.mjs';

const expected = [
    'POST /mcp server/discover → 401',
    'GET /.well-known/oauth-protected-resource/mcp → 200',
    'GET /.well-known/oauth-authorization-server → 200',
    'POST /register → 201',
    'POST /token authorization_code → 200',
    'POST /mcp server/discover → 400',
    'POST /mcp initialize → 200',
    'POST /mcp notifications/initialized → 202',
    'POST /mcp tools/list → 200',
];
/** mooringctl ends here, so it gives the session back. */
const leave = ['DELETE /mcp → 200'];

await scenario({ kinds: ['access_token', 'code', 'code_verifier'] }, async ({ desk, check, servers }) => {
    const demo = await startSdkDemo({ folder: desk.folder });
    servers.push(demo);
    await check('first authorization, exact list of requests', async () => {
        await desk.ok(['add', demo.facts.url, '--name', 'Demo']);
        const { connection } = await desk.ok(['authorize', 'Demo']);
        assert.deepEqual([connection.state, connection.hasRefreshToken, connection.issuer], ['authorized', false, demo.facts.issuer]);
        const { tools } = await desk.ok(['tools', 'Demo']);
        assert.ok(tools.some(tool => tool.name === 'greet'), 'the tool greet is missing');
        const lines = () => appRequests(demo.requests()).map(requestLine);
        await until('all requests in the record', () => lines().length > expected.length);
        assert.deepEqual(lines(), [...expected, ...leave]);
        return `${expected.length} requests, ${tools.length} tools`;
    });
    await check('another start: still signed in, no browser', async () => {
        const connection = await desk.status('Demo');
        assert.deepEqual([connection.state, connection.signedIn], ['authorized', true]);
        assert.match(connection.sentence, /^This sign-in lasts until .*; then you will be asked again\.$/);
        const { text } = await desk.ok(['call', 'Demo', 'greet', '{"name": "Robin"}']);
        assert.equal(text, 'Hello, Robin!');
        assert.equal(desk.opened().length, 1);
        assert.equal((await desk.keyringItems()).length > 0, true);
        return connection.headline;
    });
    await check('disconnect says that the service cannot be told', async () => {
        const { outcome, sentence } = await desk.ok(['disconnect', 'Demo']);
        assert.equal(outcome, 'not-supported');
        assert.match(sentence, /^Disconnected here\. localhost:\d+ has no way to be told/);
        assert.deepEqual(await desk.keyringItems(), []);
        assert.equal((await desk.status('Demo')).state, 'not-authorized');
        return sentence;
    });
});
