// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { calculateJwkThumbprint, createRemoteJWKSet, EmbeddedJWK, jwtVerify } from 'jose';
import { introspect } from './admin.mjs';

/**
 * Command line and environment of an MCP server: `--port`, `--issuer` (without it, it is open), `--scope`, and the right to
 * introspect in MOORING_INTROSPECTION (JSON with url, clientId, clientSecret), because an argument would show the secret to
 * `ps`. Without that right, tokens are taken for JWTs.
 */
export function guardOptions(extra = {}) {
    const { values } = parseArgs({ options: {
        port: { type: 'string' },
        issuer: { type: 'string' },
        scope: { type: 'string', default: 'mcp:tools' },
        ...extra,
    } });
    const port = Number(values.port);
    return { ...values, port, url: new URL(`http://127.0.0.1:${port}/mcp`), introspection: JSON.parse(process.env.MOORING_INTROSPECTION ?? 'null') };
}

/** The authorization server's own description of itself. */
export async function authorizationServerMetadata(issuer) {
    const answer = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
    return answer.json();
}

/** Tokens whose key was shown with the request that is being looked at. */
const proven = new Map();

/** What a resource server is told about a token (RFC 7662). One that is bound to a key counts only with it (RFC 9449). */
async function askAbout(introspection, token) {
    const answer = await introspect(introspection, token);
    const times = proven.get(token) ?? 0;
    proven.set(token, times - 1);
    const type = times > 0 ? 'DPoP' : 'Bearer';
    return answer.active && answer.token_type === type ? answer : undefined;
}

async function isProof(proof, { method, url, token, thumbprint, seen }) {
    const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ['ES256'] });
    const fresh = !seen.has(payload.jti) && Math.abs(payload.iat - Date.now() / 1000) < 60;
    seen.add(payload.jti);
    return fresh && payload.htm === method && payload.htu === url.href
        && payload.ath === createHash('sha256').update(token).digest('base64url')
        && await calculateJwkThumbprint(protectedHeader.jwk) === thumbprint;
}

/** In front of what takes bearer tokens only: lets nobody pass but with a token and the proof of its key (RFC 9449 section 7). */
export function dpopGate({ introspection, url }, metadataUrl) {
    const seen = new Set();
    const refuse = (res, error) => res.status(401)
        .set('WWW-Authenticate', `DPoP algs="ES256", resource_metadata="${metadataUrl}"${error ? `, error="${error}"` : ''}`).json({ error });
    return async (req, res, next) => {
        const [scheme, token] = (req.headers.authorization ?? '').split(' ');
        if (scheme.toLowerCase() !== 'dpop' || !token)
            return refuse(res);
        const { active, cnf } = await introspect(introspection, token);
        const good = active && await isProof(req.headers.dpop ?? '', { method: req.method, url, token, thumbprint: cnf?.jkt, seen })
            .catch(() => false);
        if (!good)
            return refuse(res, 'invalid_token');
        proven.set(token, (proven.get(token) ?? 0) + 1);
        req.headers.authorization = `Bearer ${token}`;
        return next();
    };
}

/** What a token tells by itself (RFC 9068). */
function readerOfTokens({ issuer, jwks_uri: keys }) {
    const keySet = createRemoteJWKSet(new URL(keys));
    return token => jwtVerify(token, keySet, { issuer, typ: 'at+jwt' }).then(({ payload }) => payload, () => undefined);
}

/** A verifier as both SDKs want it. `invalid` makes the error that means 401. */
export function tokenVerifier({ introspection }, metadata, invalid) {
    const learn = introspection ? token => askAbout(introspection, token) : readerOfTokens(metadata);
    return {
        verifyAccessToken: async token => {
            const facts = await learn(token);
            if (!facts)
                throw invalid('The access token is not active');
            return {
                token,
                clientId: facts.client_id,
                scopes: (facts.scope ?? '').split(' ').filter(Boolean),
                expiresAt: facts.exp,
                resource: URL.canParse(facts.aud) ? new URL(facts.aud) : undefined,
                extra: { account: facts.sub },
            };
        },
    };
}

/** What the `whoami` tool tells: never the token, only a short name of it by which a test sees that it changed. */
export function whoAmI(authInfo) {
    const token = createHash('sha256').update(authInfo.token).digest('hex').slice(0, 16);
    return { account: authInfo.extra.account, clientId: authInfo.clientId, scopes: authInfo.scopes, token };
}

export const textResult = text => ({ content: [{ type: 'text', text }] });
