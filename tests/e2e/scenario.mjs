// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The frame of a scenario, a program of its own: `node scenarios/NAME.mjs BIN FOLDER`. One line for each check, starting
// with PASS or FAIL, and END when it has come to its end; run.mjs counts them.

import { basename, resolve } from 'node:path';
import { Desk } from './desk.mjs';

/** A check that failed: those after it make no sense. */
export class Stop extends Error {}

/**
 * Runs `body(desk, check)`, then the search for secrets of `servers` (the array that the body has filled). `kinds`: what must
 * have been among these secrets.
 */
export async function scenario({ kinds = ['access_token', 'refresh_token', 'code', 'code_verifier'] }, body) {
    const [bin, folder] = process.argv.slice(2).map(path => resolve(path));
    const desk = new Desk({ bin, folder, name: basename(process.argv[1], '.mjs') });
    const servers = [];
    const tell = (word, what, started, fact) => console.log(`${word} ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)${fact ? `: ${fact}` : ''}`);
    const check = async (what, work) => {
        const started = Date.now();
        try {
            const fact = await work();
            tell('PASS', what, started, typeof fact === 'string' ? fact : '');
            return fact;
        } catch (error) {
            await desk.pictureOfFailure?.().catch(() => {});
            tell('FAIL', what, started, error.stack.split('\n').slice(0, 24).join(' | '));
            throw new Stop(what);
        }
    };
    const stopped = [];
    try {
        await body({ desk, check, servers });
        await check('no secret in any log, file, argument or environment', () => desk.searchForSecrets(servers, kinds));
    } catch (error) {
        if (!(error instanceof Stop))
            stopped.push(error.stack);
    } finally {
        await desk.close();
        await Promise.all(servers.map(server => server.stop()));
    }
    stopped.forEach(text => console.log(`FAIL the scenario itself: ${text.split('\n').slice(0, 12).join(' | ')}`));
    console.log('END');
    process.exit(0);
}
