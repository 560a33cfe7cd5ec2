// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Mooring on real parts: `node run.mjs [BIN [SCENARIO…]]`. BIN has the programs (build/dev/bin without it). Each scenario has a
// session, a keyring and a home folder of its own, with a space in its path. Pictures, logs and records of requests go to
// MOORING_ARTIFACTS (without it: artifacts beside BIN). The last line says "N passed, N failed".

import { spawn } from 'node:child_process';
import { closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { here } from './lib.mjs';

const scenarios = ['window', 'killed', 'zoo-providers', 'requests', 'zoo-servers', 'sdkdemo', 'badinput', 'zoo-window', 'kwallet', 'keepassxc'];
/** Where it isn't GNOME Keyring. */
const keychains = { kwallet: '--kwallet', keepassxc: '--keepassxc' };
/** Most of the time is waiting for tokens to expire, so two at once are nearly free. */
const atOnce = 2;
const patience = 600000;
/** A browser that is just ending may still write. */
const gone = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 };

const bin = resolve(process.argv[2] ?? join(here, '../../build/dev/bin'));
const artifacts = resolve(process.env.MOORING_ARTIFACTS ?? join(bin, '../artifacts'));
const chosen = process.argv.length > 3 ? process.argv.slice(3) : scenarios;
const scratch = mkdtempSync(join(tmpdir(), 'mooring e2e '));
const running = new Set();
const total = { passed: 0, failed: 0 };

function count(name, word, text) {
    ++total[word === 'PASS' ? 'passed' : 'failed'];
    console.log(`${word} ${name}: ${text}`);
}

/** What a scenario leaves for whoever wants to look, without the secrets. */
function keep(name, folder) {
    rmSync(join(folder, 'private'), gone);
    cpSync(folder, join(artifacts, 'e2e', name), { recursive: true, filter: path => path !== join(folder, 'screenshots') });
    if (existsSync(join(folder, 'screenshots')))
        cpSync(join(folder, 'screenshots'), join(artifacts, 'screenshots', 'e2e', name), { recursive: true });
}

async function play(name) {
    const [folder, temporary] = ['files', 'home'].map(part => join(scratch, name, part));
    for (const path of [folder, temporary])
        mkdirSync(path, { recursive: true });
    for (const place of ['e2e', 'screenshots/e2e'])
        rmSync(join(artifacts, place, name), gone);
    const words = [join(here, '../support/with-keyring.sh'), ...(keychains[name] ? [keychains[name]] : []), process.execPath, join(here, 'scenarios', `${name}.mjs`), bin, folder];
    const log = openSync(join(folder, 'session.log'), 'a');
    const child = spawn(words[0], words.slice(1), { stdio: ['ignore', 'pipe', log], env: { ...process.env, TMPDIR: temporary } });
    closeSync(log);
    running.add(child);
    const timer = setTimeout(() => child.kill('SIGTERM'), patience);
    let ended = false;
    createInterface({ input: child.stdout }).on('line', line => {
        const [, word, text] = /^(PASS|FAIL) (.*)$/.exec(line) ?? [];
        ended ||= line === 'END';
        if (word)
            count(name, word, text);
        else if (line !== 'END')
            console.log(`     ${name}: ${line}`);
    });
    const code = await new Promise(done => child.once('close', done));
    clearTimeout(timer);
    running.delete(child);
    if (!ended)
        count(name, 'FAIL', `did not come to its end (exit ${code})`);
    keep(name, folder);
}

async function playAll() {
    const waiting = [...chosen];
    const player = async () => {
        while (waiting.length > 0)
            await play(waiting.shift());
    };
    await Promise.all(Array.from({ length: atOnce }, player));
}

for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
        running.forEach(child => child.kill('SIGTERM'));
        process.exitCode = 130;
    });

const missing = ['mooring', 'mooringctl'].filter(program => !existsSync(join(bin, program)));
missing.forEach(program => count('run', 'FAIL', `${program} is not in ${bin}`));
const started = Date.now();
try {
    if (missing.length === 0)
        await playAll();
} finally {
    rmSync(scratch, gone);
}
console.log(`Took ${Math.round((Date.now() - started) / 1000)} s. Pictures, logs and requests: ${artifacts}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode ||= total.failed > 0 || total.passed === 0 ? 1 : 0;
