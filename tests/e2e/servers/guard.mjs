// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { introspect } from './admin.mjs';

/**
 * Command line and environment of a protected MCP server: `--port`, `--issuer`, `--scope`, and the right to introspect
 * in MOORING_INTROSPECTION (JSON with url, clientId, clientSecret), because an argument would show the secret to `ps`.
 */
export function guardOptions(extra = {}) {
    const { values } = parseArgs({ options: {
        port: { type: 'string' },
        issuer: { type: 'string' },
        scope: { type: 'string', default: 'mcp:tools' },
        ...extra,
    } });
    const port = Number(values.port);
    return { ...values, port, url: new URL(`http://127.0.0.1:${port}/mcp`), introspection: JSON.parse(process.env.MOORING_INTROSPECTION) };
}

/** The authorization server's own description of itself. */
export async function authorizationServerMetadata(issuer) {
    const answer = await fetch(`${issuer}/.well-known/oauth-authorization-server`);
    return answer.json();
}

/** A verifier as both SDKs want it: RFC 7662 at the authorization server, `invalid` makes the error that means 401. */
export function introspectingVerifier(introspection, invalid) {
    return {
        verifyAccessToken: async token => {
            const answer = await introspect(introspection, token);
            if (!answer.active || answer.token_type !== 'Bearer')
                throw invalid('The access token is not active');
            return {
                token,
                clientId: answer.client_id,
                scopes: (answer.scope ?? '').split(' ').filter(Boolean),
                expiresAt: answer.exp,
                resource: URL.canParse(answer.aud) ? new URL(answer.aud) : undefined,
                extra: { account: answer.sub },
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
