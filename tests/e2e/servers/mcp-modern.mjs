// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// A real stateless MCP server (2026-07-28) made of the parts of @modelcontextprotocol/server 2.x and protected by the tokens
// of oidc.mjs, or open to all without --issuer. It refuses older clients unless started with --legacy stateless.

import './tap.mjs';

import { createServer } from 'node:http';
import { createMcpExpressApp, getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter, requireBearerAuth } from '@modelcontextprotocol/express';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer, OAuthError, OAuthErrorCode } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { authorizationServerMetadata, dpopGate, guardOptions, textResult, tokenVerifier, whoAmI } from './guard.mjs';

const options = guardOptions({
    legacy: { type: 'string', default: 'reject' },
    'response-mode': { type: 'string', default: 'auto' },
    dpop: { type: 'boolean', default: false },
    'carries-endpoints': { type: 'boolean', default: false },
});

function mcpServer() {
    const server = new McpServer({ name: 'harbour-stateless', title: 'Harbour (stateless)', version: '2.1.0' });
    server.registerTool('echo', { title: 'Echo', description: 'Gives back what it was given', inputSchema: z.object({ text: z.string() }) },
        async ({ text }) => textResult(text));
    server.registerTool('add', { title: 'Add', description: 'Adds two numbers', inputSchema: z.object({ a: z.number(), b: z.number() }) },
        async ({ a, b }) => textResult(String(a + b)));
    server.registerTool('whoami', { title: 'Who am I', description: 'Tells for whom the server works' },
        async context => textResult(JSON.stringify(whoAmI(context.http.authInfo))));
    return server;
}

const handler = toNodeHandler(createMcpHandler(mcpServer, { legacy: options.legacy, responseMode: options['response-mode'] }));

/** Stands in the server's own document what belongs into that of its authorization server, which has none. */
function serveEndpoints(app) {
    const at = path => `${options.issuer}${path}`;
    const endpoints = { issuer: options.issuer, authorization_endpoint: at('/auth'), token_endpoint: at('/token'), registration_endpoint: at('/reg'),
        revocation_endpoint: at('/token/revocation'), userinfo_endpoint: at('/me'), jwks_uri: at('/jwks') };
    app.get('/.well-known/oauth-protected-resource', (_req, res) => res.json({ ...endpoints, resource_identifier: options.url,
        scopes_supported: [options.scope], code_challenge_methods_supported: ['S256'] }));
    return endpoints;
}

async function serveMetadata(app) {
    const metadata = await authorizationServerMetadata(options.issuer);
    app.use(mcpAuthMetadataRouter({ oauthMetadata: metadata, resourceServerUrl: options.url, scopesSupported: [options.scope],
        resourceName: 'Harbour (stateless)' }));
    return metadata;
}

async function protect(app) {
    const metadata = options['carries-endpoints'] ? serveEndpoints(app) : await serveMetadata(app);
    if (options.dpop)
        app.use('/mcp', dpopGate(options, getOAuthProtectedResourceMetadataUrl(options.url)));
    app.use('/mcp', requireBearerAuth({
        verifier: tokenVerifier(options, metadata, message => new OAuthError(OAuthErrorCode.InvalidToken, message)),
        requiredScopes: [options.scope],
        resourceMetadataUrl: options['carries-endpoints'] ? undefined : getOAuthProtectedResourceMetadataUrl(options.url),
        expectedResource: options.url,
    }));
}

const app = createMcpExpressApp();
if (options.issuer)
    await protect(app);
app.all('/mcp', (req, res) => handler(req, res, req.body));

createServer(app).listen(options.port, '127.0.0.1', () => console.log(JSON.stringify({ ready: true, url: options.url.href })));
