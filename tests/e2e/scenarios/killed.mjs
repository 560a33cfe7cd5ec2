// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The window ends in the middle of a refresh: the provider has taken the old refresh token and made a new one, and its answer is
// on the way. Ends it must survive: killed, told to end, closed. The provider forgives the old token for 30 s.

import assert from 'node:assert/strict';
import { startPair, until } from '../lib.mjs';
import { scenario } from '../scenario.mjs';
import { Screen, Window } from '../screen.mjs';

const name = 'Tides';
/** Long enough that nobody ends in it by chance; in milliseconds. */
const heldFor = 3000;

class Story {
    constructor(desk, screen, { oidc, url }) {
        Object.assign(this, { desk, screen, oidc, url });
    }

    refreshes() {
        return this.oidc.requests().filter(record => record.grantType === 'refresh_token');
    }

    async signsIn() {
        await this.desk.ok(['add', this.url, '--name', name]);
        return (await this.desk.ok(['authorize', name])).connection.headline;
    }

    /** Renew now in the window, until the provider has done its part and holds the answer back. */
    async inTheMiddle() {
        const window = await Window.start(this.screen);
        const held = async () => (await this.oidc.ask('/state')).held;
        await until('the end of earlier answers', async () => await held() === 0);
        await this.oidc.settings({ delayAfterToken: heldFor });
        this.oidc.forget();
        await this.screen.press('Home');
        await this.screen.press('ctrl+r');
        await until('the answer that is held back', async () => await held() === 1);
        await this.oidc.settings({ delayAfterToken: 0 });
        return window;
    }

    async whoAmI() {
        const { text } = await this.desk.ok(['call', name, 'whoami']);
        const { account, token } = JSON.parse(text);
        assert.equal(account, 'robin@harbour.example');
        assert.equal(this.desk.opened().length, 1, 'the browser was needed again');
        return token;
    }

    /** The answer is lost, and only the old refresh token is known here. */
    async killed() {
        const window = await this.inTheMiddle();
        assert.equal(await window.end(() => window.child.kill('SIGKILL')), 'SIGKILL');
        await until('the end of that request', () => this.refreshes().length === 1);
        const [lost] = this.refreshes();
        assert.equal(lost.cutShort, true, 'the answer came through, so nothing was tested');
        const old = this.oidc.secrets().find(secret => secret.kind === 'access_token').value;
        assert.deepEqual(await this.oidc.endToken(old), { ended: true });

        const again = await Window.start(this.screen);
        assert.equal((await this.desk.status(name)).signedIn, true);
        const token = await this.whoAmI();
        const [, second, ...more] = this.refreshes();
        assert.deepEqual([second.status, second.hashes.refresh_token, second.issued.access_token, more.length], [200, lost.hashes.refresh_token, token, 0]);
        await this.desk.waitForState(name, 'authorized');
        await this.screen.picture('killed-and-opened-again', { still: false });
        assert.equal(await again.end(() => this.screen.press('alt+F4')), 0);
        return 'same refresh token taken again, 0 browsers';
    }

    /** Mooring waits for the answer before it ends, so nothing is lost. */
    async endsInOrder(how) {
        const window = await this.inTheMiddle();
        const started = Date.now();
        assert.equal(await window.end(() => how(window)), 0);
        const took = Date.now() - started;
        const [refresh, ...more] = this.refreshes();
        assert.deepEqual([refresh.status, refresh.cutShort, more.length], [200, false, 0]);
        assert.ok(refresh.milliseconds >= heldFor, 'the answer was not held back');
        const again = await Window.start(this.screen);
        assert.equal(await this.whoAmI(), refresh.issued.access_token, 'another token than the one that was waited for');
        assert.equal(this.refreshes().length, 1);
        assert.equal(await again.end(() => this.screen.press('alt+F4')), 0);
        return `ended ${took} ms later with the new token kept, 0 browsers`;
    }
}

await scenario({}, async ({ desk, check, servers }) => {
    const pair = await startPair({ folder: desk.folder, name: 'harbour', kind: 'stateless', oidcArgs: ['--grace', '30', '--access-ttl', '300'] });
    servers.push(pair.oidc, pair.server);
    const story = new Story(desk, await Screen.start(desk), pair);
    await check('signed in', () => story.signsIn());
    await check('kill -9 in the middle of a refresh', () => story.killed());
    await check('SIGTERM in the middle of a refresh', () => story.endsInOrder(window => window.child.kill('SIGTERM')));
    await check('closed in the middle of a refresh', () => story.endsInOrder(() => story.screen.press('alt+F4')));
    await check('disconnect', async () => assert.equal((await desk.ok(['disconnect', name])).outcome, 'revoked'));
    await check('the keyring is empty', async () => assert.deepEqual(await desk.keyringItems(), []));
});
