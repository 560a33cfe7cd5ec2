// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Services of different makes and demands, added and signed in to one after the other in the real window, by keyboard.

import assert from 'node:assert/strict';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { patience, until } from '../lib.mjs';
import { scenario } from '../scenario.mjs';
import { Screen, Window } from '../screen.mjs';
import { asked, onlyOwnTokens } from '../zoo.mjs';
import { betterAuth, guardedServer, workersOAuth } from '../zooservers.mjs';

// In its last minute the window counts seconds, and no picture would hold still.
const ttl = '600';
const modern = (oidc, args) => guardedServer({ script: 'mcp-modern.mjs', args, oidc: ['--access-ttl', ttl, ...oidc] });

/**
 * `looks`: requests until it is known what is there: the first, then what it leads to, which is the server's metadata and the
 * service's. `asks`: something is to be confirmed before the sign-in.
 */
const rows = [
    { name: 'worker', what: 'a Cloudflare Worker', start: workersOAuth },
    { name: 'site', what: 'a site with better-auth', start: betterAuth(ttl), outcome: 'not-supported' },
    { name: 'pushed', what: 'pushed requests required', start: modern(['--par', 'required']) },
    { name: 'bound', what: 'tokens bound to a key', start: modern(['--dpop-required'], ['--dpop']) },
    { name: 'listless', what: 'no PKCE list, one confirmation', start: modern(['--no-pkce-list']), looks: 4, asks: true },
];

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

    /** Enter goes to the question and never answers it. */
    async confirms(name) {
        const before = this.desk.opened().length;
        await this.screen.press('Return');
        await this.screen.picture(`${name}-1-question`);
        assert.equal(this.desk.opened().length, before, 'a browser was opened before the question was answered');
        await this.screen.press('space');
    }

    async signsIn({ name, animal, looks = 3, asks }) {
        const before = this.desk.opened().length;
        await this.screen.press('ctrl+n');
        await this.window.inFront('Add a server', 2);
        await this.screen.type(animal.url);
        await until('the look at the server', () => asked(animal.servers).filter(record => record.status).length >= looks);
        await this.screen.picture(`${name}-1-looked`);
        await (asks ? this.confirms(name) : this.screen.press('Return'));
        await until('the connection to be authorized', async () => (await this.connection(animal))?.state === 'authorized', patience, 200);
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

    /** What was authorized first has not suffered from what came after it. */
    async allWork() {
        for (const { animal } of rows) {
            const { text } = await this.desk.ok(['call', (await this.connection(animal)).id, 'whoami']);
            assert.equal(JSON.parse(text).account, 'robin@harbour.example');
        }
    }

    async leaves() {
        for (const { name, animal, outcome = 'revoked' } of rows)
            assert.equal((await this.desk.ok(['disconnect', (await this.connection(animal)).id])).outcome, outcome, name);
        assert.deepEqual(await this.desk.keyringItems(), []);
        await this.screen.picture('all-disconnected', { still: false });
        assert.equal(await this.window.end(() => this.screen.press('ctrl+q')), 0);
    }
}

await scenario({}, async ({ desk, check, servers }) => {
    for (const row of rows) {
        row.animal = await row.start(desk.folder);
        servers.push(...row.animal.servers);
    }
    const story = new Story(desk, await Screen.start(desk));
    await check('the window opens', () => story.opens());
    for (const row of rows)
        await check(`${row.what}: added, authorized, tools`, () => story.signsIn(row));
    await check('all of them work', () => story.allWork());
    await check('no server was given what another has issued', () => onlyOwnTokens(rows));
    await check('disconnected, the window shows it', () => story.leaves());
});
