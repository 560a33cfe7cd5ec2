// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// On KDE: tokens live in KWallet.

import assert from 'node:assert/strict';
import { run } from '../lib.mjs';
import { otherKeychain } from '../otherkeychain.mjs';

const service = ['call', '--session', '--dest', 'org.kde.kwalletd5', '--object-path', '/modules/kwalletd5', '--method'];

async function ask(method, ...args) {
    const answer = await run('gdbus', [...service, `org.kde.KWallet.${method}`, ...args]);
    assert.equal(answer.code, 0, answer.stderr);
    return answer.stdout;
}

async function entries() {
    const [handle] = /\d+/.exec(await ask('open', 'kdewallet', '0', 'test'));
    return (await ask('entryList', handle, 'Mooring', 'test')).match(/'[^']*connection\/[^']*'/g) ?? [];
}

await otherKeychain('KWallet', entries);
