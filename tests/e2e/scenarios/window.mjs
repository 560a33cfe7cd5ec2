// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The main job as a person lives it, in the real window and by keyboard: add, authorize, look at the tools, let the token
// expire, use it again, close, open again, disconnect.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { nameOfSecret } from '../desk.mjs';
import { appRequests, patience, requestLine, run, startPair, until } from '../lib.mjs';
import { scenario } from '../scenario.mjs';
import { Screen, Window } from '../screen.mjs';

const looked = [
    'POST /mcp server/discover → 401',
    'GET /.well-known/oauth-protected-resource/mcp → 200',
    'GET /.well-known/oauth-authorization-server → 200',
];
const signedIn = ['POST /reg → 201', 'POST /token authorization_code → 200'];
const listed = ['POST /mcp server/discover → 400', 'POST /mcp initialize → 200', 'POST /mcp notifications/initialized → 202', 'POST /mcp tools/list → 200'];

class Story {
    constructor(desk, screen, { oidc, server, url }) {
        Object.assign(this, { desk, screen, oidc, server, url });
    }

    lines() {
        return appRequests([...this.oidc.requests(), ...this.server.requests()]).map(requestLine);
    }

    refreshes() {
        return this.oidc.requests().filter(record => record.grantType === 'refresh_token');
    }

    authorizations() {
        return this.oidc.requests().filter(record => record.path === '/auth' && record.fields).length;
    }

    async opens() {
        this.window = await Window.start(this.screen);
        return this.screen.picture('01-empty');
    }

    async looks() {
        await this.screen.press('ctrl+n');
        await this.window.inFront('Add a server', 2);
        await this.screen.picture('02-add-empty');
        await this.screen.type(this.url);
        await until('the look at the server', () => this.lines().length >= looked.length);
        await this.screen.picture('03-add-looked');
        assert.deepEqual(this.lines(), looked);
        assert.deepEqual(this.desk.opened(), [], 'a browser was opened before anybody asked for it');
    }

    async authorizes() {
        await this.screen.press('Return');
        await until('the browser', () => this.desk.opened().length === 1);
        await this.screen.picture('04-waiting-for-browser', { still: false });
        const connections = async () => (await this.desk.ok(['list'])).connections;
        await until('the connection to be authorized', async () => (await connections())[0]?.state === 'authorized', patience, 200);
        const [connection] = await connections();
        this.name = connection.name;
        await this.window.inFront('Mooring');
        await this.screen.picture('05-authorized', { still: false });
        assert.deepEqual([connection.issuer, connection.resource, connection.hasRefreshToken], [this.oidc.issuer, this.url, true]);
        const address = new URL(this.desk.opened()[0]);
        const names = [...address.searchParams.keys()];
        assert.deepEqual(names, [...new Set(names)]);
        assert.deepEqual(['code_verifier', 'client_secret', 'code'].filter(name => names.includes(name)), []);
        return `${connection.name}: ${connection.headline}`;
    }

    async showsTools() {
        await this.screen.press('alt+2');
        const expected = [...looked, ...signedIn, ...listed];
        await until('the list of tools', () => this.lines().length >= expected.length);
        await this.screen.picture('06-tools');
        assert.deepEqual(this.lines(), expected);
        return `${expected.length} requests from the first look to the tools`;
    }

    async expires() {
        const { value } = this.oidc.secrets().find(secret => secret.kind === 'access_token');
        await this.desk.waitForState(this.name, 'renews-on-use');
        assert.deepEqual(await this.oidc.introspect(value), { active: false });
        await this.screen.press('alt+1');
        await this.screen.picture('07-renews-on-use');
        assert.deepEqual(this.refreshes(), [], 'renewed although nobody wanted anything');
    }

    /** What another process does is seen within a second where the machine has time; how long it took is told. */
    async follows() {
        await this.desk.ok(['rename', this.name, 'Berths']);
        const started = Date.now();
        this.name = 'Berths';
        await this.screen.changes();
        const took = Date.now() - started;
        await this.screen.picture('08-renamed-elsewhere');
        return `seen after ${took} ms`;
    }

    async startedTwice() {
        const second = await run(join(this.desk.bin, 'mooring'), [], { cleanEnv: this.screen.env });
        assert.equal(second.code, 0);
        await this.window.inFront('Mooring');
        return `the second one ended after ${second.milliseconds} ms`;
    }

    async usedAgain() {
        const { text } = await this.desk.ok(['call', this.name, 'whoami']);
        const { account, token } = JSON.parse(text);
        assert.equal(account, 'robin@harbour.example');
        const [refresh, ...more] = this.refreshes();
        assert.deepEqual([refresh.status, more.length, refresh.issued.access_token], [200, 0, token]);
        await this.screen.picture('09-renewed', { still: false });
        this.refreshed = token;
        return 'one refresh, and its token was used';
    }

    async closes() {
        assert.equal(await this.window.end(() => this.screen.press('alt+F4')), 0);
    }

    async opensAgain() {
        await this.oidc.settings({ accessTtl: 300 });
        this.window = await Window.start(this.screen);
        const connection = await this.desk.status(this.name);
        assert.equal(connection.signedIn, true);
        await this.screen.picture('10-opened-again', { still: false });
        await this.screen.press('alt+2');
        await until('the list of tools again', () => this.lines().filter(line => line === listed[3]).length === 2);
        assert.ok(this.refreshes().length <= 2, 'renewed more often than it expired');
        assert.deepEqual([this.desk.opened().length, this.authorizations()], [1, 1], 'the browser was needed again');
        await this.screen.press('alt+3');
        await this.screen.picture('11-activity');
        await this.screen.press('alt+4');
        await this.screen.picture('12-report');
        await this.screen.press('alt+1');
        return connection.headline;
    }

    async disconnects() {
        assert.equal((await this.desk.keyringItems()).length, 1);
        await this.screen.press('F10');
        await until('the menu', async () => (await this.window.titles()).length === 2);
        await this.screen.picture('13-menu');
        await this.screen.press('d');
        await this.window.inFront('Mooring', 2);
        await this.screen.picture('14-confirmation');
        await this.screen.press('Return');
        await this.desk.waitForState(this.name, 'not-authorized');
        await this.window.inFront('Mooring');
        await this.screen.picture('15-disconnected');
        const revocations = this.oidc.requests().filter(record => record.path === '/token/revocation');
        assert.deepEqual(revocations.map(record => [record.tokenTypeHint, record.status]), [['refresh_token', 200], ['access_token', 200]]);
    }

    async isGone() {
        const tokens = this.oidc.secrets().filter(secret => ['access_token', 'refresh_token'].includes(secret.kind));
        for (const { value } of tokens)
            assert.deepEqual(await this.oidc.introspect(value), { active: false });
        assert.ok(tokens.some(({ value }) => nameOfSecret(value) === this.refreshed), 'the refreshed token was not among them');
        assert.deepEqual(await this.desk.keyringItems(), []);
        assert.equal(await this.window.end(() => this.screen.press('ctrl+q')), 0);
        return `${tokens.length} tokens, all dead; the keyring is empty`;
    }
}

await scenario({}, async ({ desk, check, servers }) => {
    const pair = await startPair({ folder: desk.folder, name: 'harbour', kind: 'sessions', oidcArgs: ['--access-ttl', '45'] });
    servers.push(pair.oidc, pair.server);
    const story = new Story(desk, await Screen.start(desk), pair);
    await check('the window opens, with nothing in it', () => story.opens());
    await check('Ctrl+N, an address: the dialog shows what is there', () => story.looks());
    await check('Enter: the browser, consent, authorized', () => story.authorizes());
    await check('the tools', () => story.showsTools());
    await check('the token expires', () => story.expires());
    await check('renamed in the terminal: the window shows it', () => story.follows());
    await check('started a second time: the first window stays', () => story.startedTwice());
    await check('used again: renewed once', () => story.usedAgain());
    await check('the window closes and Mooring ends', () => story.closes());
    await check('opened again: still signed in, no browser', () => story.opensAgain());
    await check('disconnect by keyboard, one confirmation', () => story.disconnects());
    await check('nothing of it is left', () => story.isGone());
});
