// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The desktop of one scenario: Mooring's two programs with everything that they say kept in files, the person's browser, the
// keyring and the screen. It expects to run inside tests/support/with-keyring.sh, which brings the session.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Canary, ProcessWatch } from './canary.mjs';
import { here, parseJson, patience, run, until } from './lib.mjs';

const secretService = ['call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', '/org/freedesktop/secrets', '--method'];
const proxies = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap(name => [name, name.toUpperCase()]);

/** How the record of an authorization server names a token. */
export const nameOfSecret = value => createHash('sha256').update(value).digest('hex').slice(0, 16);

/** A folder for PATH with the stand-in for xdg-open. Qt 6.4 takes a path apart at its spaces, and both the project's
 *  and the scratch folder's may have some. */
function openerFolder() {
    const folder = mkdtempSync(join('/', 'tmp', 'mooring-opener-'));
    symlinkSync(join(here, 'bin/xdg-open'), join(folder, 'xdg-open'));
    process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
    return folder;
}

export class Desk {
    /** `bin` has the programs, `folder` is for what is kept of the run. */
    constructor({ bin, folder, name }) {
        Object.assign(this, { bin, folder, name, logs: join(folder, 'logs'), openedFile: join(folder, 'opened'), runs: 0, windows: 0, helpers: [] });
        const home = process.env.HOME;
        const browserHome = join(folder, 'private', 'browser');
        for (const path of [this.logs, browserHome, join(home, 'tmp'), join(folder, 'screenshots')])
            mkdirSync(path, { recursive: true });
        this.env = { ...process.env, PATH: `${openerFolder()}:${process.env.PATH}`, TMPDIR: join(home, 'tmp'), LC_ALL: 'C.UTF-8', QT_LOGGING_RULES: '*=true',
            MOORING_OPENED: this.openedFile, MOORING_OPENED_WITH: `${this.openedFile}-with`, MOORING_BROWSER_LOG: join(this.logs, 'browser.log'), MOORING_BROWSER_HOME: browserHome,
            MOORING_SHOTS: join(folder, 'screenshots'), MOORING_PERSON_DOES: 'allow' };
        proxies.forEach(variable => delete this.env[variable]);
        this.watch = new ProcessWatch({ matching: /^(mooring|mooringctl|xdg-open)$/, every: 40 });
    }

    /** Runs mooringctl; what it printed is kept. */
    async ctl(words, { input = '', env = {}, timeout = 90000 } = {}) {
        const ended = await run(join(this.bin, 'mooringctl'), words, { input, timeout, cleanEnv: { ...this.env, ...env } });
        const file = `mooringctl-${String(++this.runs).padStart(3, '0')}-${words.find(word => !word.startsWith('-')) ?? 'nothing'}.log`;
        writeFileSync(join(this.logs, file), `${words.join(' ')}\n${ended.stdout}${ended.stderr}exit ${ended.code}\n`);
        return ended;
    }

    /** The one JSON object that `mooringctl --json` prints when it ends well. */
    async ok(words, options) {
        const ended = await this.ctl(['--json', ...words], options);
        const value = parseJson(ended);
        assert.equal(ended.code, 0, `mooringctl ${words.join(' ')}: exit ${ended.code}, ${value.error?.kind}: ${value.error?.sentence} ${value.error?.detail ?? ''}`);
        return value;
    }

    /** Its sentence, when it must end with this exit code and this kind of error. */
    async fails(words, code, kind, options) {
        const ended = await this.ctl(['--json', ...words], options);
        const { error } = parseJson(ended);
        assert.deepEqual([ended.code, error?.kind], [code, kind], `mooringctl ${words.join(' ')}: ${ended.stdout}`);
        assert.doesNotMatch(error.sentence, /mooring::|%1|nullptr/);
        return error;
    }

    async status(name) {
        return (await this.ok(['status', name])).connection;
    }

    async waitForState(name, state, timeout = patience) {
        let last = '';
        const found = async () => {
            const connection = await this.status(name);
            last = connection.state;
            return connection.state === state && connection;
        };
        return until(`${name} to be ${state}`, found, timeout, 200).catch(error => {
            throw new Error(`${error.message}; it is ${last}`);
        });
    }

    /** The addresses that were handed to xdg-open so far. */
    opened() {
        return existsSync(this.openedFile) ? readFileSync(this.openedFile, 'utf8').split('\n').filter(Boolean) : [];
    }

    async askKeyring(method, ...args) {
        const answer = await run('gdbus', [...secretService, `org.freedesktop.Secret.Service.${method}`, ...args]);
        assert.equal(answer.code, 0, answer.stderr);
        return answer.stdout;
    }

    /** Paths of all items in the keyring, which is Mooring's alone here. */
    async keyringItems() {
        return (await this.askKeyring('SearchItems', '@a{ss} {}')).match(/\/org\/freedesktop\/secrets\/collection\/[^']+/g) ?? [];
    }

    /** What the items are for: connection/ID or registration/ID, with /GENERATION.N behind it for a part of a large one. */
    async keyringKeys() {
        const attributes = path => run('gdbus', ['call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', path, '--method',
            'org.freedesktop.DBus.Properties.Get', 'org.freedesktop.Secret.Item', 'Attributes']);
        const answers = await Promise.all((await this.keyringItems()).map(attributes));
        return answers.map(({ stdout }) => /'user': '[^']*?\/((?:connection|registration)\/[^']+)'/.exec(stdout)?.[1] ?? stdout);
    }

    async lockKeyring() {
        await this.askKeyring('Lock', "['/org/freedesktop/secrets/collection/login']");
    }

    /** A daemon that takes over is the only way to unlock without a window. */
    async unlockKeyring() {
        const daemon = spawn('gnome-keyring-daemon', ['--replace', '--foreground', '--unlock', '--components=secrets'], { stdio: ['pipe', 'ignore', 'ignore'] });
        this.helpers.push(daemon);
        daemon.stdin.end(process.env.MOORING_TEST_KEYRING_PASSWORD);
        const property = ['call', '--session', '--dest', 'org.freedesktop.secrets', '--object-path', '/org/freedesktop/secrets/collection/login', '--method',
            'org.freedesktop.DBus.Properties.Get', 'org.freedesktop.Secret.Collection', 'Locked'];
        await until('the unlocked keyring', async () => (await run('gdbus', property)).stdout.includes('<false>'));
    }

    /** Looks for each of these secrets in all that Mooring has left anywhere; tells how much was looked at. */
    searchForSecrets(servers, wanted) {
        const programs = this.windows > 0 ? ['mooring', 'mooringctl'] : ['mooringctl'];
        this.watch.stop();
        const secrets = servers.flatMap(server => server.secrets());
        const kinds = new Set(secrets.map(secret => secret.kind));
        assert.deepEqual(wanted.filter(kind => !kinds.has(kind)), [], 'a kind of secret that was never there cannot be searched for');
        const canary = new Canary(secrets);
        const log = readdirSync(this.logs).map(file => readFileSync(join(this.logs, file), 'utf8')).join('\n');
        assert.match(log, /^qt\.core\..*$/m, 'the log of Qt was not on');
        assert.match(log, /^mooring\.http: \w+ .* 200$/m, 'the log of Mooring was not on');
        const places = [this.logs, process.env.HOME, ...(this.opened().length > 0 ? [this.openedFile, `${this.openedFile}-with`] : [])];
        assert.deepEqual(canary.searchFiles(places), []);
        assert.deepEqual(canary.searchProcesses(this.watch), []);
        const seen = new Set(this.watch.seen.values());
        assert.deepEqual(programs.flatMap(name => [`${name} cmdline`, `${name} environ`]).filter(part => !seen.has(part)), [], 'never seen');
        return `${secrets.length} secrets in ${canary.size} forms; ${canary.filesRead} files with ${Math.ceil(canary.bytesRead / 1024)} KiB, ${this.watch.seen.size} arguments and environments of processes: 0 hits`;
    }

    async close() {
        this.watch.stop();
        this.helpers.reverse().forEach(child => child.kill('SIGTERM'));
    }
}
