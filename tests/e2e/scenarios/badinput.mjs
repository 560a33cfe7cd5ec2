// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What a person hears when something is wrong, in the terminal, and that nothing is lost by it.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { freePort, startPair } from '../lib.mjs';
import { scenario } from '../scenario.mjs';

/** A page for people, as a mistyped address gives it. */
async function startWebPage() {
    const page = createServer((_request, answer) => answer.writeHead(200, { 'Content-Type': 'text/html' }).end('<!DOCTYPE html><title>Welcome</title><h1>Boats</h1>'));
    await new Promise(resolve => page.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${page.address().port}/mcp`, stop: () => page.close() };
}

async function addresses({ desk, check, page }) {
    const rows = [
        ['no URL', ['add', 'not a url'], 2, 'invalid-input', /^There is no address of a server in this\.$/],
        ['http to a public name', ['add', 'http://mcp.example.com/mcp'], 6, 'refused-by-policy', /^mcp\.example\.com would be reached without encryption\. .*https:\/\/\.$/],
        ['unknown host', ['probe', 'https://nobody.invalid/mcp'], 4, 'network', /^There is no host called nobody\.invalid\. Check the address and the network\.$/],
        ['refused port', ['probe', `http://127.0.0.1:${await freePort()}/mcp`], 4, 'network', /^Nothing answers at 127\.0\.0\.1:\d+: the connection was refused\.$/],
        ['a web page', ['probe', page.url], 7, 'protocol', /^There is a web page at this address, but no MCP server\./],
    ];
    for (const [what, words, code, kind, sentence] of rows)
        await check(`${what}: exit ${code}`, async () => {
            const error = await desk.fails(words, code, kind);
            assert.match(error.sentence, sentence);
            return error.sentence;
        });
    await check('nothing of it was added', async () => assert.deepEqual((await desk.ok(['list'])).connections, []));
}

async function denied(desk, url) {
    await desk.ok(['add', url, '--name', 'Tides']);
    const before = await desk.keyringItems();
    const error = await desk.fails(['authorize', 'Tides'], 3, 'denied', { env: { MOORING_PERSON_DOES: 'deny' } });
    const connection = await desk.status('Tides');
    assert.deepEqual([connection.state, connection.signedIn], ['not-authorized', false]);
    assert.deepEqual(await desk.keyringItems(), before);
    return error.sentence;
}

/** A keyring that is locked reads as empty: that must not look like a sign-out. */
async function locked(desk, oidc) {
    await desk.ok(['authorize', 'Tides']);
    await desk.lockKeyring();
    const before = oidc.requests().length;
    const browsers = desk.opened().length;
    const error = await desk.fails(['call', 'Tides', 'whoami'], 5, 'keychain-locked');
    assert.match(error.sentence, /^GNOME Keyring is locked\. Unlock it with its password/);
    assert.equal((await desk.fails(['authorize', 'Tides'], 5, 'keychain-locked')).sentence, error.sentence);
    assert.equal(oidc.requests().length, before, 'the provider was asked although the tokens cannot be read');
    assert.equal(desk.opened().length, browsers, 'a browser was opened for a sign-in that cannot be kept');
    assert.equal((await desk.status('Tides')).signedIn, true);
    return error.sentence;
}

async function unlocked(desk, oidc) {
    await desk.unlockKeyring();
    const { text } = await desk.ok(['call', 'Tides', 'whoami']);
    assert.equal(JSON.parse(text).account, 'robin@harbour.example');
    assert.equal(oidc.requests().filter(record => record.path === '/auth' && record.fields).length, 2, 'the browser was needed again');
    assert.equal((await desk.ok(['disconnect', 'Tides'])).outcome, 'revoked');
}

async function typedClient(desk, oidc) {
    const { typedClients } = await oidc.ask('/state');
    const typed = typedClients.find(client => client.client_secret);
    const words = ['authorize', 'Berths', '--client-id', typed.client_id, '--client-secret-stdin'];
    const { connection } = await desk.ok(words, { input: `${typed.client_secret}\n` });
    assert.equal(connection.state, 'authorized');
    const { text } = await desk.ok(['call', 'Berths', 'whoami']);
    assert.equal(JSON.parse(text).clientId, typed.client_id);
    const kept = (await desk.keyringItems()).length;
    assert.equal((await desk.ok(['disconnect', 'Berths'])).outcome, 'revoked');
    // The registration outlives the sign-in, and its secret with it.
    assert.deepEqual([kept, (await desk.keyringItems()).length], [2, 1]);
    return `${typed.client_id}; keyring: 2 items, then 1`;
}

async function needsClient(desk) {
    const error = await desk.fails(['authorize', 'Berths'], 3, 'sign-in-needed');
    assert.match(error.sentence, /does not register apps by itself\. .*http:\/\/127\.0\.0\.1:\d+\/.*--client-id/);
    assert.deepEqual(desk.opened(), []);
    return error.sentence;
}

await scenario({ kinds: ['access_token', 'refresh_token', 'code', 'code_verifier', 'client_secret'] }, async ({ desk, check, servers }) => {
    const page = await startWebPage();
    await addresses({ desk, check, page });
    page.stop();
    const closed = await startPair({ folder: desk.folder, name: 'closed', kind: 'sessions', oidcArgs: ['--no-registration'] });
    servers.push(closed.oidc, closed.server);
    await check('no registration there: exit 3, and what to do', async () => {
        await desk.ok(['add', closed.url, '--name', 'Berths']);
        return needsClient(desk);
    });
    await check('a client id and its secret, typed in', () => typedClient(desk, closed.oidc));
    const { oidc, server, url } = await startPair({ folder: desk.folder, name: 'open', kind: 'stateless' });
    servers.push(oidc, server);
    await check('consent denied: exit 3', () => denied(desk, url));
    await check('locked keyring: exit 5, no sign-out', () => locked(desk, oidc));
    await check('unlocked again: works without a browser', () => unlocked(desk, oidc));
});
