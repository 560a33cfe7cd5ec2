// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// KeePassXC in the place of the desktop's keyring: tokens live in the person's database.

import { otherKeychain } from '../otherkeychain.mjs';

async function items(desk) {
    return (await desk.askKeyring('SearchItems', "{'server': 'Mooring'}")).match(/\/org\/freedesktop\/secrets\/collection\/[^']+/g) ?? [];
}

await otherKeychain('KeePassXC', items);
