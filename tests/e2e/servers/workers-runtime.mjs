// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// What a program for Cloudflare Workers needs of its platform: the module cloudflare:workers and a key-value namespace. Import it
// before anything that imports that module.

import { register } from 'node:module';

const platform = 'export class WorkerEntrypoint { constructor(ctx, env) { Object.assign(this, { ctx, env }); } }';
const hooks = `const url = ${JSON.stringify(`data:text/javascript,${encodeURIComponent(platform)}`)};
export const resolve = (specifier, context, next) => specifier === 'cloudflare:workers' ? { url, shortCircuit: true } : next(specifier, context);`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

/** A KV namespace in memory. */
export class KeyValues {
    #entries = new Map();

    #entry(key) {
        const entry = this.#entries.get(key);
        if (entry && entry.ends <= Date.now())
            this.#entries.delete(key);
        return this.#entries.get(key);
    }

    async get(key, options) {
        const value = this.#entry(key)?.value ?? null;
        return value !== null && (options?.type ?? options) === 'json' ? JSON.parse(value) : value;
    }

    async getWithMetadata(key, options) {
        return { value: await this.get(key, options), metadata: this.#entry(key)?.metadata ?? null };
    }

    async put(key, value, { expirationTtl, expiration, metadata } = {}) {
        const ends = expiration ? expiration * 1000 : expirationTtl ? Date.now() + expirationTtl * 1000 : Infinity;
        this.#entries.set(key, { value, ends, metadata });
    }

    async delete(key) {
        this.#entries.delete(key);
    }

    /** Not part of the real one: for tests. */
    deleteAll(prefix) {
        for (const key of this.#entries.keys())
            if (key.startsWith(prefix))
                this.#entries.delete(key);
    }

    async list({ prefix = '' } = {}) {
        const names = [...this.#entries.keys()].filter(name => name.startsWith(prefix) && this.#entry(name)).sort();
        return { keys: names.map(name => ({ name, metadata: this.#entries.get(name).metadata })), list_complete: true };
    }
}

/** The context of one request: work that goes on after the answer. */
export const requestContext = () => ({ waitUntil: promise => promise.catch(error => console.error(error)), passThroughOnException: () => {}, props: {} });
