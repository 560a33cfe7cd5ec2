// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The zoo: real servers of many makes, each visited in the same way. A row of a scenario's table says what its server can and
// which requests that takes; visitAll() does the rest.

import assert from 'node:assert/strict';
import { requestLine, until } from './lib.mjs';
import { Stop } from './scenario.mjs';

/** At once in front of a browser, which is work for a processor; others meanwhile wait for a token to expire. */
const turnsAtOnce = 2;

/**
 * The ways of talking. `meet`: what finding out takes, once for each server. `talk`: the requests of one mooringctl that asks
 * for `what`.
 */
export const stateless = { protocol: '2026-07-28', meet: [], talk: what => ['POST /mcp server/discover → 200', `POST /mcp ${what} → 200`] };
export const session = ['POST /mcp initialize → 200', 'POST /mcp notifications/initialized → 202'];
export const sessions = {
    protocol: '2025-11-25',
    meet: ['POST /mcp server/discover → 400'],
    talk: what => [...session, `POST /mcp ${what} → 200`, 'DELETE /mcp → 200'],
};

/** From the first request to what the authorization server says about itself, if both are just as the specification wants them. */
export const look = [
    'POST /mcp server/discover → 401',
    'GET /.well-known/oauth-protected-resource/mcp → 200',
    'GET /.well-known/oauth-authorization-server → 200',
];

/** A server behind an oidc-provider whose endpoints are below `at`. */
export const behindOidc = ({ at = '', ...row }) => ({
    ...stateless,
    call: ['whoami'],
    says: /"account":"robin@harbour\.example"/,
    first: [...look, `POST ${at}/reg → 201`, `POST ${at}/token authorization_code → 200`],
    expires: 'by time',
    again: talk => [`POST ${at}/token refresh_token → 200`, ...talk],
    revokes: [`POST ${at}/token/revocation → 200`, `POST ${at}/token/revocation → 200`],
    ...row,
});

/** What the app itself has asked of these servers, in the order of arrival. */
export function asked(servers) {
    return servers.flatMap(server => server.requests()).filter(record => record.headers['user-agent']?.startsWith('Mooring'))
        .sort((a, b) => a.time - b.time || a.seq - b.seq);
}

/** The words of a command that Mooring has printed. */
const wordsOf = command => [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);

/** One server and what happens to it. A row's `and` ({ what, work(visit) }) is what happens to it alone. */
class Visit {
    constructor({ desk, check, servers, take }, row) {
        Object.assign(this, { desk, check: (what, work) => check(`${row.name}: ${what}`, work), all: servers, take, row });
    }

    /** Does `work` when it is its turn. */
    async inTurn(work) {
        const leave = await this.take();
        try {
            return await work();
        } finally {
            leave();
        }
    }

    async exactly(expected) {
        const lines = () => asked(this.animal.servers).map(requestLine);
        await until(`${expected.length} requests in the record`, () => lines().length >= expected.length).catch(() => {});
        assert.deepEqual(lines(), expected);
        this.animal.servers.forEach(server => server.forget());
    }

    async starts() {
        this.animal = await this.row.start(this.desk.folder);
        this.all.push(...this.animal.servers);
        const added = await this.desk.ok(['add', this.animal.url, '--name', this.row.name]);
        if (this.row.remedy)
            this.takesOffer(added);
        // What `add` has found out is not asked again: it belongs to the first sign-in. Where there is none, it is over.
        if (!this.row.first)
            this.animal.servers.forEach(server => server.forget());
    }

    /** What stands between the server and a sign-in: `add` keeps the server, and what it prints as the next command leads in. */
    takesOffer({ remedy, next, connection }) {
        const [program, command, name, ...flags] = wordsOf(next);
        assert.deepEqual([remedy, connection.signedIn, program, command, name], [this.row.remedy, false, 'mooringctl', 'authorize', this.row.name]);
        assert.notDeepEqual(flags, [], `${next} bends nothing`);
        this.animal.client = { words: flags };
    }

    async lists() {
        const { tools, server } = await this.desk.ok(['tools', this.row.name]);
        assert.equal(tools.some(tool => tool.name === this.row.call[0]), true, `no tool ${this.row.call[0]}`);
        assert.equal(server.protocolVersion, this.row.protocol);
        return `${server.name} ${server.version}, ${server.protocolVersion}, tools: ${tools.length}`;
    }

    /** A picture of each page would cost more time than all that is checked here. */
    async signIn(words = []) {
        const { connection } = await this.desk.ok(['authorize', this.row.name, ...words], { env: { MOORING_SHOTS: '' } });
        return connection;
    }

    async authorizes() {
        const connection = await this.signIn(this.animal.client?.words);
        assert.deepEqual([connection.state, connection.hasRefreshToken], ['authorized', Boolean(this.row.expires)]);
        assert.equal((await this.desk.keyringKeys()).includes(`connection/${connection.id}`), true);
        const fact = await this.lists();
        await this.exactly([...this.row.first, ...this.row.meet, ...this.row.talk('tools/list')]);
        return fact;
    }

    async calls() {
        const { text } = await this.desk.ok(['call', this.row.name, ...this.row.call]);
        assert.match(text, this.row.says);
        return text;
    }

    async callsAgain() {
        await this.calls();
        await this.exactly(this.row.talk('tools/call'));
    }

    /** Its time is over. That another process renewed meanwhile cannot be, because nobody else uses the connection. */
    async expires() {
        const { expiresAt } = await this.desk.status(this.row.name);
        await until('the end of the access token', () => Date.now() > Date.parse(expiresAt), 60000, 100);
    }

    async renews() {
        if (this.row.expires === 'refused')
            await this.animal.endTokens();
        await this.calls();
        await this.exactly(this.row.again(this.row.talk('tools/call')));
    }

    async disconnects() {
        const { id } = await this.desk.status(this.row.name);
        const { outcome, sentence } = await this.desk.ok(['disconnect', this.row.name]);
        assert.equal(outcome, this.row.revokes.length > 0 ? 'revoked' : 'not-supported');
        await this.exactly(this.row.revokes);
        assert.deepEqual((await this.desk.keyringKeys()).filter(key => key.includes(id)), []);
        assert.equal((await this.desk.status(this.row.name)).signedIn, false);
        if (this.row.revokes.length > 0)
            await this.isOver();
        return sentence;
    }

    /** No token that was ever issued opens anything. */
    async isOver() {
        for (const { kind, value } of this.animal.servers.flatMap(server => server.secrets())) {
            if (kind === 'access_token' && !this.row.outlives)
                assert.equal((await fetch(this.animal.url, { method: this.row.verb ?? 'POST', headers: { Authorization: `Bearer ${value}` } })).status, 401);
            if (kind === 'access_token' || kind === 'refresh_token')
                assert.equal(await this.animal.knows(value, kind), false, `the ${kind} is still good`);
        }
    }

    async leaves() {
        await this.desk.ok(['remove', this.row.name]);
        await Promise.all(this.animal.servers.map(server => server.stop()));
    }

    async signedIn() {
        await this.inTurn(async () => {
            await this.check('authorize, list', () => this.authorizes());
            await this.check('call', () => this.callsAgain());
        });
        if (this.row.expires) {
            await (this.row.expires === 'by time' && this.expires());
            await this.inTurn(() => this.check('exactly one refresh', () => this.renews()));
        }
        await this.inTurn(() => this.check('disconnect', () => this.disconnects()));
    }

    async open() {
        await this.inTurn(async () => {
            await this.check('list', async () => {
                const fact = await this.lists();
                // What it is was found out when it was added.
                await this.exactly(this.row.talk('tools/list'));
                return fact;
            });
            await this.check('call', () => this.callsAgain());
        });
    }

    /** Leaves nothing behind that would look like a fault of the next. */
    async failed(error) {
        if (!(error instanceof Stop))
            throw error;
        await this.desk.ctl(['remove', '--force', this.row.name]);
    }

    async go() {
        await this.inTurn(() => this.check('added', () => this.starts()));
        await (this.row.first ? this.signedIn() : this.open());
        if (this.row.and)
            await this.inTurn(() => this.check(this.row.and.what, () => this.row.and.work(this)));
        await this.leaves();
    }
}

/** A gate that lets `count` in at once; who is let in gets the function that leaves. */
function gate(count) {
    const waiting = [];
    let free = count;
    const leave = () => waiting.length > 0 ? waiting.shift()(leave) : ++free;
    return () => new Promise(enter => free > 0 ? (--free, enter(leave)) : waiting.push(enter));
}

/** Each credential that a server was given came from that very service. Takes [{ name, animal }]. */
export function onlyOwnTokens(visits) {
    let count = 0;
    for (const { name, animal } of visits) {
        const records = animal.servers.flatMap(server => server.everything());
        const own = new Set(records.flatMap(record => Object.values(record.issued ?? {})));
        for (const { path, authorization, hashes = {} } of records) {
            const { client_secret: _secret, code_verifier: _verifier, ...given } = hashes;
            const tokens = [...Object.values(given), ...authorization?.scheme === 'bearer' ? [authorization.hash] : []];
            count += tokens.length;
            assert.deepEqual(tokens.filter(token => !own.has(token)), [], `${name} was given at ${path} what it had not issued`);
        }
    }
    return `${count} tokens and codes, each at home`;
}

/** Visits all of them; what is wrong with one does not keep from the next. */
export async function visitAll(context, rows) {
    const take = gate(turnsAtOnce);
    const visits = rows.map(row => new Visit({ ...context, take }, row));
    await Promise.all(visits.map(visit => visit.go().catch(error => visit.failed(error))));
    await context.check('nothing is left in the keychain', async () => assert.deepEqual(await context.desk.keyringKeys(), []));
    const met = visits.filter(visit => visit.animal);
    await context.check('no server was given what another has issued', () => onlyOwnTokens(met.map(({ row, animal }) => ({ name: row.name, animal }))));
}
