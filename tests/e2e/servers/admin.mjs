// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

import { createServer } from 'node:http';
import express from 'express';
import { forgetTappedRequests, leaveUntapped, tappedRequests, tappedSecrets } from './tap.mjs';

/** Asks the authorization server about a token as a resource server does (RFC 7662). */
export async function introspect({ url, clientId, clientSecret, method }, token) {
    const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');
    const [headers, fields] = method === 'client_secret_post'
        ? [{}, { client_id: clientId, client_secret: clientSecret }] : [{ Authorization: `Basic ${basic}` }, {}];
    const answer = await fetch(url, { method: 'POST', headers, body: new URLSearchParams({ token, ...fields }) });
    if (!answer.ok)
        throw new Error(`introspection answered ${answer.status}`);
    return answer.json();
}

function counts(records) {
    const result = {};
    for (const { method, path, grantType } of records) {
        const place = path.replace(/^(\/auth|\/interaction)\/[^/]+/, '$1/…');
        const name = grantType ? `${method} ${place} ${grantType}` : `${method} ${place}`;
        result[name] = (result[name] ?? 0) + 1;
    }
    return result;
}

/**
 * The door for the test: what was asked, which secrets were issued, what a token is worth, and the settings. It listens on
 * a port of its own, on 127.0.0.1, and is not part of what the app talks to. Returns its address.
 */
export function startAdmin({ port, issuer, introspection, settings, store, typedClients, held }) {
    const app = express();
    app.use(express.json());
    app.get('/state', (_req, res) => res.json({ issuer, settings, typedClients, held: held.answers, counts: counts(tappedRequests()) }));
    app.get('/requests', (_req, res) => res.json(tappedRequests()));
    app.get('/counts', (_req, res) => res.json(counts(tappedRequests())));
    app.get('/secrets', (_req, res) => res.json(tappedSecrets()));
    app.post('/introspect', async (req, res) => res.json(await introspect(introspection, req.body.token)));
    app.post('/knows', (req, res) => res.json({ known: store.knows(req.body.token) }));
    app.post('/settings', (req, res) => {
        const unknown = Object.keys(req.body).filter(name => !(name in settings));
        if (unknown.length > 0)
            return res.status(400).json({ unknown });
        return res.json(Object.assign(settings, req.body));
    });
    app.post('/reset', (_req, res) => {
        forgetTappedRequests();
        res.json({});
    });
    app.post('/end-token', (req, res) => res.json({ ended: store.revoke(req.body.token, { family: false }) }));
    app.post('/end-family', (req, res) => res.json({ ended: store.revoke(req.body.token, { family: true }) }));
    const server = leaveUntapped(createServer(app));
    return new Promise(resolve => server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`)));
}
