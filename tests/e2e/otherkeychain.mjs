// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The main job where another program than GNOME Keyring is the keychain: the real window, browser and services, and the real program.

import assert from 'node:assert/strict';
import { patience, startPair, until } from './lib.mjs';
import { scenario } from './scenario.mjs';
import { Screen, Window } from './screen.mjs';

class Story {
    constructor(desk, screen, { oidc, url }, program) {
        Object.assign(this, { desk, screen, oidc, url, program });
    }

    refreshes() {
        return this.oidc.requests().filter(record => record.grantType === 'refresh_token');
    }

    async signsIn() {
        this.window = await Window.start(this.screen);
        await this.screen.press('ctrl+n');
        await this.window.inFront('Add a server', 2);
        await this.screen.type(this.url);
        await this.screen.press('Return');
        await until('the browser', () => this.desk.opened().length === 1);
        const connections = async () => (await this.desk.ok(['list'])).connections;
        await until('the connection to be authorized', async () => (await connections())[0]?.state === 'authorized', patience, 200);
        [{ name: this.name }] = await connections();
        await this.window.inFront('Mooring');
        await this.screen.picture(`signed-in-${this.program}`, { still: false });
    }

    async saysWhere() {
        const { keychain } = await this.desk.status(this.name);
        assert.match(keychain, new RegExp(`^${this.program}`));
        return keychain;
    }

    /** Ended at the service, as if its time were over. */
    async renewsOnce() {
        this.oidc.forget();
        const { value } = this.oidc.secrets().find(secret => secret.kind === 'access_token');
        await this.oidc.endToken(value);
        const { text } = await this.desk.ok(['call', this.name, 'whoami']);
        const [refresh, ...more] = this.refreshes();
        assert.deepEqual([refresh.status, more.length, refresh.issued.access_token], [200, 0, JSON.parse(text).token]);
        assert.equal(this.desk.opened().length, 1, 'the browser was needed again');
        return 'one refresh, and its token was used';
    }

    async opensAgain() {
        assert.equal(await this.window.end(() => this.screen.press('alt+F4')), 0);
        this.window = await Window.start(this.screen);
        assert.equal((await this.desk.status(this.name)).signedIn, true);
        await this.desk.ok(['tools', this.name]);
        assert.equal(this.desk.opened().length, 1, 'the browser was needed again');
    }

    async disconnects(items) {
        assert.ok((await items()).length > 0, 'the keychain never had anything');
        assert.equal((await this.desk.ok(['disconnect', this.name])).outcome, 'revoked');
        const tokens = this.oidc.secrets().filter(secret => ['access_token', 'refresh_token'].includes(secret.kind));
        for (const { value } of tokens)
            assert.deepEqual(await this.oidc.introspect(value), { active: false });
        assert.deepEqual(await items(), []);
        assert.equal(await this.window.end(() => this.screen.press('ctrl+q')), 0);
        return `${tokens.length} tokens, all dead; ${this.program} is empty`;
    }
}

/** `program` is what Mooring calls it; `items(desk)` tells what of Mooring is in it. */
export const otherKeychain = (program, items) => scenario({}, async ({ desk, check, servers }) => {
    const pair = await startPair({ folder: desk.folder, name: 'harbour', kind: 'stateless', oidcArgs: ['--access-ttl', '300'] });
    servers.push(pair.oidc, pair.server);
    const story = new Story(desk, await Screen.start(desk), pair, program);
    await check('an address, Enter: the browser, consent, authorized', () => story.signsIn());
    await check(`it is kept in ${program}`, () => story.saysWhere());
    await check('the token is over: renewed once', () => story.renewsOnce());
    await check('opened again: still signed in, no browser', () => story.opensAgain());
    await check('disconnected: revoked, and nothing is left', () => story.disconnects(() => items(desk)));
});
