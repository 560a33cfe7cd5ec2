// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// All servers, to try something by hand: `node harbour.mjs [oidc.mjs options]`. Ends with Ctrl+C.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHarbour, startSdkDemo } from './lib.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mooring-harbour-'));
const harbour = await startHarbour({ folder, oidcArgs: process.argv.slice(2) });
const demo = await startSdkDemo({ folder });
console.log(`stateless server   ${harbour.statelessUrl}
session server     ${harbour.sessionsUrl}
SDK demo           ${demo.facts.url}
authorization      ${harbour.oidc.issuer} (SDK demo: ${demo.facts.issuer})
for the test       ${harbour.oidc.facts.admin}
sign in as         robin@harbour.example, password: a quiet harbour
records            ${folder}`);
process.once('SIGINT', async () => {
    await Promise.all([harbour.stop(), demo.stop()]);
    process.exit(0);
});
