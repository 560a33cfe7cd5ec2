// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// Looks for secrets where none may be: files, logs, and the arguments and environment of processes.

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// A cut-off secret is found by its first characters; anything shorter could not be told from chance.
const prefixLength = 12;

function encodings(value) {
    const utf8 = Buffer.from(value);
    return [value, encodeURIComponent(value), utf8.toString('base64').replace(/=+$/, ''), utf8.toString('base64url'), utf8.toString('hex'),
        Buffer.from(value, 'utf16le').toString('latin1'), [...value].reverse().join('')];
}

/** Finds any of `secrets` ([{ kind, value }]), also percent-encoded, in base64, hex or UTF-16, and reversed. */
export class Canary {
    constructor(secrets) {
        this.needles = new Map();
        for (const { kind, value } of secrets) {
            if (value.length < prefixLength)
                throw new Error(`a ${kind} of ${value.length} characters cannot be searched for`);
            for (const form of encodings(value))
                this.needles.set(form.slice(0, prefixLength), kind);
        }
        this.beginnings = new Uint8Array(0x10000);
        for (const needle of this.needles.keys())
            this.beginnings[needle.charCodeAt(0) << 8 | needle.charCodeAt(1)] = 1;
        this.filesRead = 0;
        this.bytesRead = 0;
    }

    get size() {
        return this.needles.size;
    }

    /** The kinds of secrets that are in this text or buffer. */
    kindsIn(data) {
        const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
        const found = new Set();
        for (let at = 0; at + prefixLength <= bytes.length; ++at) {
            // Two bytes decide most places; the rest is too slow to be done at each of millions.
            if (this.beginnings[bytes[at] << 8 | bytes[at + 1]] === 0)
                continue;
            const kind = this.needles.get(bytes.toString('latin1', at, at + prefixLength));
            if (kind)
                found.add(kind);
        }
        return [...found];
    }

    /** [{ file, kinds }] for a file, or everything below a folder (links not followed). A path that does not exist is an error. */
    searchFiles(paths) {
        return paths.flatMap(path => filesBelow(path)).flatMap(file => {
            const bytes = readFileSync(file);
            ++this.filesRead;
            this.bytesRead += bytes.length;
            const kinds = this.kindsIn(bytes);
            return kinds.length > 0 ? [{ file, kinds }] : [];
        });
    }

    /** [{ process, kinds }] for what a ProcessWatch has seen. */
    searchProcesses(watch) {
        return [...watch.seen].flatMap(([text, process]) => {
            const kinds = this.kindsIn(text);
            return kinds.length > 0 ? [{ process, kinds }] : [];
        });
    }
}

function filesBelow(path) {
    const about = lstatSync(path);
    if (about.isDirectory())
        return readdirSync(path).flatMap(name => filesBelow(join(path, name)));
    return about.isFile() ? [path] : [];
}

function read(path) {
    try {
        return readFileSync(path, 'latin1');
    } catch {
        // The process has ended meanwhile, or it is somebody else's.
        return '';
    }
}

function parentOf(pid) {
    const stat = read(`/proc/${pid}/stat`);
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
}

/**
 * Takes down, again and again, the arguments and environment of the given processes and all that they start. Only what
 * differs from the last time is kept. `matching` instead of process ids takes every process of this user with such a name.
 */
export class ProcessWatch {
    constructor({ pids = [], matching = undefined, every = 50 }) {
        this.roots = new Set(pids);
        this.matching = matching;
        this.seen = new Map();
        this.snapshots = 0;
        this.timer = setInterval(() => this.look(), every);
        this.look();
    }

    watches(pid) {
        for (let at = pid; this.roots.size > 0 && at > 1; at = parentOf(at))
            if (this.roots.has(at))
                return true;
        return this.matching !== undefined && this.matching.test(read(`/proc/${pid}/comm`).trim());
    }

    look() {
        ++this.snapshots;
        for (const name of readdirSync('/proc')) {
            if (!/^\d+$/.test(name) || !this.watches(Number(name)))
                continue;
            for (const part of ['cmdline', 'environ']) {
                const text = read(`/proc/${name}/${part}`);
                if (text)
                    this.seen.set(text, `${read(`/proc/${name}/comm`).trim()} ${part}`);
            }
        }
    }

    stop() {
        this.look();
        clearInterval(this.timer);
    }
}
