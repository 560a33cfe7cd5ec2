// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Two services of different make, added and signed in to one after the other in the real window, by keyboard.

import assert from 'node:assert/strict';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../lib.mjs';
import { scenario } from '../scenario.mjs';
import { Screen, Window } from '../screen.mjs';
import { asked, onlyOwnTokens } from '../zoo.mjs';
import { betterAuth, workersOAuth } from '../zooservers.mjs';

class Story {
    constructor(desk, screen) {
        Object.assign(this, { desk, screen });
    }

    async opens() {
        this.window = await Window.start(this.screen);
    }

    async connection({ url }) {
        return (await this.desk.ok(['list'])).connections.find(connection => connection.url === url);
    }

    /** The browser calls its pictures the same at each service. */
    keepBrowserPictures(name) {
        const folder = this.desk.env.MOORING_SHOTS;
        for (const file of readdirSync(folder).filter(file => file.startsWith('browser-')))
            renameSync(join(folder, file), join(folder, `${name}-${file}`));
    }

    async signsIn(name, animal) {
        const before = this.desk.opened().length;
        await this.screen.press('ctrl+n');
        await this.window.inFront('Add a server', 2);
        await this.screen.type(animal.url);
        // The request, then what it leads to: the server's metadata and the service's.
        await until('the look at the server', () => asked(animal.servers).filter(record => record.status).length >= 3);
        await this.screen.picture(`${name}-1-looked`);
        await this.screen.press('Return');
        await until('the connection to be authorized', async () => (await this.connection(animal))?.state === 'authorized', 30000, 200);
        await this.window.inFront('Mooring');
        await this.screen.press('alt+2');
        await until('the list of tools', () => asked(animal.servers).some(record => record.rpc?.method === 'tools/list'));
        await this.screen.picture(`${name}-2-tools`);
        await this.screen.press('alt+1');
        await this.screen.picture(`${name}-3-authorized`, { still: false });
        this.keepBrowserPictures(name);
        const { headline, hasRefreshToken } = await this.connection(animal);
        assert.deepEqual([this.desk.opened().length - before, hasRefreshToken], [1, true]);
        return headline;
    }

    /** What was authorized first has not suffered from the second. */
    async bothWork(animals) {
        for (const animal of animals) {
            const { text } = await this.desk.ok(['call', (await this.connection(animal)).id, 'whoami']);
            assert.equal(JSON.parse(text).account, 'robin@harbour.example');
        }
    }

    async leaves(animals) {
        const outcomes = [];
        for (const animal of animals)
            outcomes.push((await this.desk.ok(['disconnect', (await this.connection(animal)).id])).outcome);
        assert.deepEqual(outcomes, ['revoked', 'not-supported']);
        assert.deepEqual(await this.desk.keyringItems(), []);
        await this.screen.picture('both-disconnected', { still: false });
        assert.equal(await this.window.end(() => this.screen.press('ctrl+q')), 0);
    }
}

await scenario({}, async ({ desk, check, servers }) => {
    // In its last minute the window counts seconds, and no picture would hold still.
    const [worker, site] = [await workersOAuth(desk.folder), await betterAuth('600')(desk.folder)];
    servers.push(...worker.servers, ...site.servers);
    const story = new Story(desk, await Screen.start(desk));
    await check('the window opens', () => story.opens());
    await check('a Cloudflare Worker: added, authorized, tools', () => story.signsIn('worker', worker));
    await check('a site with better-auth: the same', () => story.signsIn('site', site));
    await check('both work', () => story.bothWork([worker, site]));
    await check('no server was given what another has issued', () => onlyOwnTokens([{ name: 'worker', animal: worker }, { name: 'site', animal: site }]));
    await check('disconnected, the window shows it', () => story.leaves([worker, site]));
});
