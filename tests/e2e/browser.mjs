// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// The person in front of a real Chromium: opens the authorization URL, signs in, answers the consent page and waits until
// the app's own page has come. `node browser.mjs [--deny|--never] URL`; or MOORING_PERSON_DOES=deny|never. Exit 0: the app's page
// came, and after consent it was a success page. Pictures go to the folder MOORING_SHOTS. Never prints a query, because a code is in it.

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values, positionals } = parseArgs({ allowPositionals: true, options: {
    deny: { type: 'boolean', default: false },
    never: { type: 'boolean', default: false },
} });
const does = values.deny ? 'deny' : values.never ? 'never' : process.env.MOORING_PERSON_DOES ?? 'allow';
const url = new URL(positionals[0]);
const back = new URL(url.searchParams.get('redirect_uri') ?? 'about:blank');
const patience = Number(process.env.MOORING_PERSON_PATIENCE ?? 30000);
const started = Date.now();

function report(outcome, facts = {}) {
    console.log(JSON.stringify({ outcome, does, host: url.host, milliseconds: Date.now() - started, ...facts }));
}

async function picture(page, name) {
    if (!process.env.MOORING_SHOTS)
        return;
    mkdirSync(process.env.MOORING_SHOTS, { recursive: true });
    await page.screenshot({ path: join(process.env.MOORING_SHOTS, `${name}.png`) });
}

const isBack = address => address.origin === back.origin && address.pathname === back.pathname;

async function signIn(page) {
    await page.fill('#login-user', process.env.MOORING_PERSON ?? 'robin@harbour.example');
    await page.fill('#login-password', process.env.MOORING_PASSWORD ?? 'a quiet harbour');
    await picture(page, 'browser-1-login');
    await page.click('#login-submit');
}

async function answer(page) {
    await picture(page, 'browser-2-consent');
    await page.click(does === 'deny' ? '#consent-deny' : '#consent-allow');
}

/** Resolves with what the page wants now: a sign-in, consent, or nothing because it shows an error. */
async function nextStep(page) {
    const found = await page.waitForSelector('#login-submit, #consent-allow, #error-code', { timeout: patience });
    return found.getAttribute('id');
}

async function walk(page) {
    let last = '';
    for (let step = await nextStep(page); step !== last; step = await nextStep(page)) {
        last = step;
        if (step === 'error-code')
            throw new Error(`the authorization server refused: ${await page.textContent('#error-code')}`);
        if (step === 'consent-allow')
            return answer(page);
        const here = page.url();
        await Promise.all([page.waitForURL(address => address.href !== here, { timeout: patience }), signIn(page)]);
        // Some services take a sign-in for consent.
        if (isBack(new URL(page.url())))
            return undefined;
    }
    throw new Error(`the page did not go on after ${last}`);
}

async function live(page) {
    const arrived = page.waitForResponse(response => isBack(new URL(response.url())), { timeout: patience + 10000 });
    arrived.catch(() => {});
    await page.goto(url.href, { timeout: patience });
    if (does === 'never') {
        await picture(page, 'browser-1-login');
        report('waiting');
        await new Promise(resolve => setTimeout(resolve, patience));
        return 0;
    }
    if (!isBack(new URL(page.url())))
        await walk(page);
    const response = await arrived;
    await page.waitForLoadState('load');
    await picture(page, 'browser-3-back');
    report('back', { status: response.status(), title: await page.title(), text: (await page.innerText('body')).slice(0, 400) });
    return response.ok() || does === 'deny' ? 0 : 1;
}

const executablePath = execFileSync('sh', ['-c', 'command -v chromium || command -v chromium-browser || command -v google-chrome'], { encoding: 'utf8' }).trim();
const args = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--no-default-browser-check',
    '--disable-default-apps', '--metrics-recording-only'];
if (process.getuid?.() === 0)
    args.push('--no-sandbox');
// launch() gives each run an empty profile of its own and removes it afterwards.
const browser = await chromium.launch({ executablePath, headless: true, args });
let code = 1;
try {
    const context = await browser.newContext({ viewport: { width: 900, height: 720 }, colorScheme: process.env.MOORING_COLOURS ?? 'light' });
    code = await live(await context.newPage());
} catch (error) {
    report('failed', { reason: error.message.replace(/https?:\/\/\S+/g, address => address.split('?')[0]).split('\n')[0] });
} finally {
    await browser.close();
}
process.exit(code);
