// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// A real MCP server with sessions (2025-11-25), made of the parts of @modelcontextprotocol/sdk 1.x and protected by the
// tokens of oidc.mjs.

import './tap.mjs';

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { createMcpExpressApp } from '@modelcontextprotocol/sdk/server/express.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { authorizationServerMetadata, guardOptions, textResult, tokenVerifier, whoAmI } from './guard.mjs';

const options = guardOptions({ json: { type: 'boolean', default: false } });

function mcpServer() {
    const server = new McpServer({ name: 'harbour-sessions', title: 'Harbour (sessions)', version: '1.4.0' });
    server.registerTool('echo', { title: 'Echo', description: 'Gives back what it was given', inputSchema: { text: z.string() } },
        async ({ text }) => textResult(text));
    server.registerTool('add', { title: 'Add', description: 'Adds two numbers', inputSchema: { a: z.number(), b: z.number() } },
        async ({ a, b }) => textResult(String(a + b)));
    server.registerTool('whoami', { title: 'Who am I', description: 'Tells for whom the server works' },
        async ({ authInfo }) => textResult(JSON.stringify(whoAmI(authInfo))));
    return server;
}

const transports = new Map();

function refuse(res, status, code, message) {
    res.status(status).json({ jsonrpc: '2.0', error: { code, message }, id: null });
}

async function openSession() {
    const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        enableJsonResponse: options.json,
        onsessioninitialized: id => transports.set(id, transport),
    });
    transport.onclose = () => transports.delete(transport.sessionId);
    await mcpServer().connect(transport);
    return transport;
}

async function serve(req, res) {
    const id = req.headers['mcp-session-id'];
    if (id && !transports.has(id))
        return refuse(res, 404, -32001, 'Session not found');
    if (!id && !(req.method === 'POST' && isInitializeRequest(req.body)))
        return refuse(res, 400, -32000, 'Bad Request: No valid session ID provided');
    const transport = id ? transports.get(id) : await openSession();
    return transport.handleRequest(req, res, req.body);
}

const app = createMcpExpressApp();
const metadata = await authorizationServerMetadata(options.issuer);
app.use(mcpAuthMetadataRouter({ oauthMetadata: metadata, resourceServerUrl: options.url,
    scopesSupported: [options.scope], resourceName: 'Harbour (sessions)' }));
app.all('/mcp', requireBearerAuth({
    verifier: tokenVerifier(options, metadata, message => new InvalidTokenError(message)),
    requiredScopes: [options.scope],
    resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(options.url),
    expectedResource: options.url,
}), serve);

createServer(app).listen(options.port, '127.0.0.1', () => console.log(JSON.stringify({ ready: true, url: options.url.href })));
