// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// A screen of its own (Xvfb, openbox) and the real window on it, used by keyboard only.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { patience, run, until } from './lib.mjs';

export class Screen {
    static async start(desk) {
        const screen = new this();
        screen.desk = desk;
        screen.pictures = new Map();
        const log = openSync(join(desk.folder, 'screen.log'), 'a');
        const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1366x768x24', '-nolisten', 'tcp'], { stdio: ['ignore', log, log, 'pipe'] });
        desk.helpers.push(server);
        const number = await new Promise((resolve, reject) => {
            createInterface({ input: server.stdio[3] }).once('line', resolve);
            server.once('exit', code => reject(new Error(`Xvfb ended with ${code}`)));
        });
        screen.env = { ...desk.env, DISPLAY: `:${number}`, QT_QPA_PLATFORM: 'xcb' };
        desk.helpers.push(spawn('openbox', ['--sm-disable'], { stdio: ['ignore', log, log], env: screen.env }));
        await until('the window manager', async () => /window id # 0x/.test((await screen.command('xprop', '-root', '_NET_SUPPORTING_WM_CHECK')).stdout));
        desk.pictureOfFailure = () => screen.command('import', '-window', 'root', join(desk.folder, 'screenshots', 'failure.png'));
        return screen;
    }

    command(name, ...args) {
        return run(name, args, { cleanEnv: this.env });
    }

    /** Presses keys as xdotool names them, such as ctrl+n. */
    async press(...keys) {
        const pressed = await this.command('xdotool', 'key', '--clearmodifiers', '--delay', '30', ...keys);
        assert.equal(pressed.code, 0, pressed.stderr);
    }

    async type(text) {
        const typed = await this.command('xdotool', 'type', '--clearmodifiers', '--delay', '8', text);
        assert.equal(typed.code, 0, typed.stderr);
    }

    /** Waits until what is on the screen differs from the last picture. */
    async changes(timeout) {
        await until('a change on the screen', async () => !this.pictures.has((await this.look()).split(' ')[0]), timeout);
    }

    get draft() {
        return join(this.desk.folder, 'draft.png');
    }

    /** Draws what is on the screen into the draft; tells its signature and the number of its colours. */
    async look() {
        assert.equal((await this.command('import', '-window', 'root', '-strip', this.draft)).code, 0);
        return (await this.command('identify', '-format', '%# %k', this.draft)).stdout;
    }

    /** What is on the screen, once it has stopped changing; must differ from every earlier picture unless `again`. */
    async picture(name, { again = false, still = true } = {}) {
        let last = '';
        await until(`a still picture of ${name} that looks like no earlier one`, async () => {
            const now = await this.look();
            const isStill = now === last || !still;
            last = now;
            // What another program has done is a moment later in the window.
            return isStill && (again || !this.pictures.has(now.split(' ')[0]));
        });
        const [signature, colours] = last.split(' ');
        assert.ok(Number(colours) > 20, `the picture of ${name} is empty`);
        this.pictures.set(signature, name);
        const file = join(this.desk.folder, 'screenshots', `${name}.png`);
        rmSync(file, { force: true });
        renameSync(this.draft, file);
        return `${name}.png`;
    }
}

/** A running `mooring`. */
export class Window {
    static async start(screen) {
        const window = new this();
        const { desk } = screen;
        window.screen = screen;
        const log = openSync(join(desk.logs, `mooring-${++desk.windows}.log`), 'a');
        window.child = spawn(join(desk.bin, 'mooring'), [], { stdio: ['ignore', log, log], env: screen.env });
        window.ended = new Promise(resolve => window.child.once('exit', (code, signal) => resolve(signal ?? code)));
        window.ended.then(how => window.how = how);
        await until('the window', async () => (await window.titles()).includes('Mooring'));
        await window.inFront('Mooring');
        return window;
    }

    /** Titles of the visible windows of this process, menus among them. */
    async titles() {
        assert.equal(this.how, undefined, 'mooring has ended');
        const found = await this.screen.command('xdotool', 'search', '--onlyvisible', '--pid', String(this.child.pid));
        const ids = found.stdout.split('\n').filter(Boolean);
        return Promise.all(ids.map(async id => (await this.screen.command('xdotool', 'getwindowname', id)).stdout.trim()));
    }

    /** Waits until the window that has the keyboard has this title and there are so many windows. */
    async inFront(title, count = 1) {
        await until(`${title} in front of ${count} windows`, async () => {
            const active = await this.screen.command('xdotool', 'getactivewindow', 'getwindowname');
            return active.stdout.trim().replace(/ — Mooring$/, '') === title && (await this.titles()).length === count;
        });
    }

    /** How it ended: its exit code, or the name of the signal. */
    async end(how, timeout = patience) {
        await how();
        const timer = new Promise((_, reject) => setTimeout(() => reject(new Error('mooring did not end')), timeout).unref());
        return Promise.race([this.ended, timer]);
    }
}
