// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// A real MCP server made with mcp-framework, protected by its OAuth provider and the tokens of oidc.mjs. `--transport`: sse
// (2024-11-05) or http-stream (2025-11-25). It asks about each token where it may, else it reads it as a JWT.

import './tap.mjs';

import { getRequestContext, MCPServer, MCPTool, OAuthAuthProvider } from 'mcp-framework';
import { until } from '../lib.mjs';
import { authorizationServerMetadata, guardOptions, whoAmI } from './guard.mjs';

const options = guardOptions({ transport: { type: 'string', default: 'http-stream' } });
const endpoint = options.transport === 'sse' ? '/sse' : '/mcp';
const resource = new URL(endpoint, options.url).href;

class WhoAmI extends MCPTool {
    name = 'whoami';
    description = 'Tells for whom the server works';
    schema = {};

    async execute() {
        const { token, sub, client_id: clientId, scope } = getRequestContext();
        return whoAmI({ token, clientId, scopes: scope.split(' '), extra: { account: sub } });
    }
}

function validation({ issuer, jwks_uri: jwksUri }) {
    if (!options.introspection)
        return { type: 'jwt', audience: resource, issuer, jwksUri };
    const { url, clientId, clientSecret } = options.introspection;
    return { type: 'introspection', audience: resource, issuer, introspection: { endpoint: url, clientId, clientSecret } };
}

const metadata = await authorizationServerMetadata(options.issuer);
const provider = new OAuthAuthProvider({ authorizationServers: [metadata.issuer], resource, validation: validation(metadata) });
const server = new MCPServer({ name: 'harbour-framework', version: '1.0.0', basePath: import.meta.dirname,
    transport: { type: options.transport, options: { port: options.port, endpoint, auth: { provider, endpoints: { sse: true, messages: true } } } } });
server.addTool(WhoAmI);
// That resolves only when the server has ended.
server.start();
await until('its health', () => fetch(new URL('/health', resource)).then(answer => answer.ok, () => false));
console.log(JSON.stringify({ ready: true, url: resource }));
