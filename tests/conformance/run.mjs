// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The official MCP conformance suite against Mooring's core: `node run.mjs [CLIENT [SCENARIO…]]`. CLIENT is conformanceclient
// (build/dev/bin without it). What the suite and the client said goes to MOORING_ARTIFACTS/conformance (without it: artifacts
// beside the build). The last line says "N passed, N failed", counted in scenarios.

import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const client = resolve(process.argv[2] ?? join(here, '../../build/dev/bin/conformanceclient'));
const chosen = process.argv.slice(3);
const artifacts = join(resolve(process.env.MOORING_ARTIFACTS ?? join(dirname(client), '../artifacts')), 'conformance');
/** The suite wants Node 22, which comes with it. */
const node = join(here, 'node_modules/node/bin/node');
const referee = join(here, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const patience = 180000;

const legs = [
    { title: 'requirements 2025-11-25', options: ['--requirements', '2025-11-25'], version: '2025-11-25' },
    { title: 'requirements 2026-07-28', options: ['--requirements', '2026-07-28'], version: '2026-07-28' },
    { title: 'suite all', options: ['--suite', 'all'] },
];

/** Here the right thing is to stop, with a reason. */
const refusals = new Set([
    'auth/scope-retry-limit', 'auth/resource-mismatch', 'auth/iss-supported-missing', 'auth/iss-wrong-issuer', 'auth/iss-unexpected',
    'auth/iss-normalized', 'auth/metadata-issuer-mismatch',
]);
const refused = 3;

const folderOf = leg => leg.title.replaceAll(' ', '-');
const quoted = text => `'${text.replaceAll("'", "'\\''")}'`;

/** One run of the suite; everything it says is in the folder afterwards. */
async function play(folder, options) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const [exits, log] = [join(folder, 'exits'), join(folder, 'suite.log')];
    const command = `${quoted(join(here, 'launch.sh'))} ${quoted(client)}`;
    const out = openSync(log, 'a');
    const child = spawn(node, [referee, 'client', '--command', command, ...options, '-o', join(folder, 'results')], {
        stdio: ['ignore', out, out], env: { ...process.env, MOORING_CONFORMANCE_EXITS: exits },
    });
    const timer = setTimeout(() => child.kill('SIGTERM'), patience);
    const code = await new Promise(done => child.once('close', done));
    clearTimeout(timer);
    closeSync(out);
    return { code, said: readFileSync(log, 'utf8'), checks: checksIn(join(folder, 'results')), exits: exitsIn(exits) };
}

function exitsIn(path) {
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
    return new Map(lines.map(line => [line.slice(line.indexOf(' ') + 1), Number(line.slice(0, line.indexOf(' ')))]));
}

/** The checks of each scenario, from folders that are called NAME-2026-11-25T09-00-00-000Z. */
function checksIn(folder, prefix = '') {
    const found = new Map();
    for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
        const file = join(folder, entry, 'checks.json');
        if (existsSync(file))
            found.set(prefix + entry.replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, ''), JSON.parse(readFileSync(file, 'utf8')));
        else
            checksIn(join(folder, entry), `${prefix}${entry}/`).forEach((checks, name) => found.set(name, checks));
    }
    return found;
}

/** What one scenario came to, and what is wrong with that. */
function judge(name, checks, exit) {
    const count = status => (checks ?? []).filter(check => check.status === status).length;
    const row = { name, passed: count('SUCCESS'), failed: count('FAILURE'), warned: count('WARNING'), exit: exit ?? 'none', faults: [] };
    const wanted = refusals.has(name) ? refused : 0;
    if (!checks)
        row.faults.push('the suite has no result');
    for (const check of (checks ?? []).filter(one => one.status === 'FAILURE' || one.status === 'WARNING'))
        row.faults.push(`${check.status.toLowerCase()}: ${check.id}: ${check.errorMessage ?? check.description}`);
    if (exit === undefined)
        row.faults.push('the client did not end in time');
    else if (exit > 128)
        row.faults.push(`the client was ended by signal ${exit - 128}`);
    else if (exit !== wanted)
        row.faults.push(`the client ended with ${exit} instead of ${wanted}`);
    row.skipped = row.faults.length === 0 && row.passed === 0 && count('SKIPPED') > 0;
    return row;
}

/** The scenarios of a leg, by the referee's own list; only those that were asked for, if any were. */
function namesOf(leg) {
    const words = leg.version ? ['list', '--requirements', leg.version] : ['list', '--client'];
    const said = spawnSync(node, [referee, ...words], { encoding: 'utf8' }).stdout;
    const part = leg.version ? said.slice(said.indexOf('Client scenarios')) : said;
    const lines = [...part.matchAll(/^ +- (\S+)(?: \[(.*)\])?$/gm)];
    const ours = lines.filter(([, , about]) => !leg.version || about === undefined || about === 'client').map(([, name]) => name);
    return ours.filter(name => chosen.length === 0 || chosen.includes(name));
}

/** Once more, and alone: many at a time on two cores disturb what is measured in milliseconds. */
async function replay(leg, row) {
    const folder = join(artifacts, folderOf(leg), 'alone', row.name.replaceAll('/', '-'));
    const version = leg.version ? ['--spec-version', leg.version, '--force'] : [];
    const again = await play(folder, ['--scenario', row.name, ...version]);
    return judge(row.name, again.checks.get(row.name), again.exits.get(row.name));
}

function show(title, rows) {
    console.log(`\n${title}\n${'scenario'.padEnd(46)} passed failed warned exit`);
    for (const row of rows) {
        const figures = [row.passed, row.failed, row.warned].map(figure => String(figure).padStart(6)).join(' ');
        console.log(`${row.name.padEnd(46)} ${figures} ${String(row.exit).padStart(4)}${row.skipped ? '  does not apply' : ''}`);
    }
    for (const row of rows)
        console.log(row.faults.length === 0 ? `PASS ${title}: ${row.name}` : `FAIL ${title}: ${row.name}: ${row.faults.join('; ')}`);
}

async function playLeg(leg) {
    const names = namesOf(leg);
    let rows = names.map(name => ({ name, faults: ['was not run'] }));
    if (chosen.length === 0) {
        const run = await play(join(artifacts, folderOf(leg)), leg.options);
        const told = Number(/^Running .* \((\d+) scenarios\)/m.exec(run.said)?.[1]);
        if (told !== names.length)
            throw new Error(`${leg.title}: the suite ran ${told} scenarios and lists ${names.length}`);
        rows = names.map(name => judge(name, run.checks.get(name), run.exits.get(name)));
        if (run.code !== 0 && rows.every(row => row.faults.length === 0))
            throw new Error(`${leg.title}: the suite ended with ${run.code}, but every scenario looks well`);
    }
    for (const [index, row] of rows.entries()) {
        if (row.faults.length === 0)
            continue;
        if (chosen.length === 0)
            console.log(`Once more, alone: ${row.name} (${row.faults.join('; ')})`);
        rows[index] = await replay(leg, row);
    }
    show(leg.title, rows);
    return rows;
}

const total = { passed: 0, failed: 0 };
const missing = [client, node, referee].filter(path => !existsSync(path));
for (const path of missing)
    console.log(`FAIL ${path} is not there${path === client ? '' : ': run npm ci in tests/conformance'}`);
total.failed += missing.length;
const started = Date.now();
for (const leg of missing.length === 0 ? legs : []) {
    const rows = await playLeg(leg);
    total.passed += rows.filter(row => row.faults.length === 0).length;
    total.failed += rows.filter(row => row.faults.length > 0).length;
}
console.log(`Took ${Math.round((Date.now() - started) / 1000)} s. What was said: ${artifacts}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
