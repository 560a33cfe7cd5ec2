// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createRemoteJWKSet, jwtVerify } from 'jose';
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

/** What a resource server is told about a token (RFC 7662). */
async function askAbout(introspection, token) {
    const answer = await introspect(introspection, token);
    return answer.active && answer.token_type === 'Bearer' ? answer : undefined;
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
