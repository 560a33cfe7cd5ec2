// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

import { errors } from 'oidc-provider';

/**
 * What oidc-provider remembers, in memory. The library's own store forgets after a thousand entries, which a campaign of
 * refreshes reaches; this one does not, adds a grace period for rotated refresh tokens, and makes a second use that
 * runs at the same time as the first one fail as surely as one that comes later.
 */
export class Store {
    constructor(settings) {
        this.settings = settings;
        this.entries = new Map();
        this.byUid = new Map();
    }

    /** The factory that oidc-provider calls once per kind of thing. */
    adapterFor(kind) {
        return new Adapter(this, kind);
    }

    /** Ends one access token before its time, or, with its family, everything that came from the same consent. */
    revoke(value, { family }) {
        for (const kind of ['AccessToken', 'RefreshToken']) {
            const payload = this.entries.get(`${kind}:${value}`);
            if (!payload)
                continue;
            this.entries.delete(`${kind}:${value}`);
            if (family)
                this.revokeFamily(payload.grantId);
            return true;
        }
        return false;
    }

    /** Whether this token would still be taken. A JWT is not kept, so it is never known. */
    knows(value) {
        return ['AccessToken', 'RefreshToken'].some(kind => this.entries.get(`${kind}:${value}`)?.ends > Date.now());
    }

    revokeFamily(grantId) {
        for (const [key, payload] of this.entries)
            if (payload.grantId === grantId)
                this.entries.delete(key);
        this.entries.delete(`Grant:${grantId}`);
    }
}

class Adapter {
    constructor(store, kind) {
        this.store = store;
        this.kind = kind;
    }

    key(id) {
        return `${this.kind}:${id}`;
    }

    async upsert(id, payload, expiresIn) {
        const ends = expiresIn ? Date.now() + expiresIn * 1000 : Infinity;
        this.store.entries.set(this.key(id), { ...payload, ends });
        if (payload.uid)
            this.store.byUid.set(payload.uid, id);
    }

    async find(id) {
        const payload = this.store.entries.get(this.key(id));
        if (!payload || payload.ends <= Date.now())
            return undefined;
        const { ends, consumedAt, ...known } = payload;
        if (consumedAt && this.inGrace(payload))
            delete known.consumed;
        return known;
    }

    async findByUid(uid) {
        return this.find(this.store.byUid.get(uid));
    }

    async findByUserCode() {
        return undefined;
    }

    async consume(id) {
        const payload = this.store.entries.get(this.key(id));
        if (payload.consumedAt && !this.inGrace(payload)) {
            this.store.revokeFamily(payload.grantId);
            throw new errors.InvalidGrant('already used');
        }
        payload.consumedAt ??= Date.now();
        payload.consumed ??= Math.floor(payload.consumedAt / 1000);
    }

    async destroy(id) {
        this.store.entries.delete(this.key(id));
    }

    async revokeByGrantId(grantId) {
        this.store.revokeFamily(grantId);
    }

    inGrace(payload) {
        return this.kind === 'RefreshToken' && Date.now() - payload.consumedAt < this.store.settings.grace * 1000;
    }
}
