// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// An example server of @modelcontextprotocol/sdk 1.x, exactly as it is published: `--example NAME`. Its port is fixed to 3000, so
// it is moved to `--port` when it listens; with --issuer, a guard that wants the tokens of oidc.mjs stands before it.

import './tap.mjs';

import http from 'node:http';
import express from 'express';
import { InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import { requireBearerAuth } from '@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js';
import { getOAuthProtectedResourceMetadataUrl, mcpAuthMetadataRouter } from '@modelcontextprotocol/sdk/server/auth/router.js';
import { authorizationServerMetadata, guardOptions, tokenVerifier } from './guard.mjs';

const options = guardOptions({ example: { type: 'string' } });
const metadata = options.issuer && await authorizationServerMetadata(options.issuer);

function guard(published) {
    const app = express();
    app.disable('x-powered-by');
    app.use(mcpAuthMetadataRouter({ oauthMetadata: metadata, resourceServerUrl: options.url, scopesSupported: [options.scope] }));
    app.use(requireBearerAuth({
        verifier: tokenVerifier(options, metadata, message => new InvalidTokenError(message)),
        requiredScopes: [options.scope],
        resourceMetadataUrl: getOAuthProtectedResourceMetadataUrl(options.url),
        expectedResource: options.url,
    }));
    app.use(published);
    return app;
}

const listen = http.Server.prototype.listen;
http.Server.prototype.listen = function () {
    if (metadata) {
        const [published] = this.listeners('request');
        this.removeAllListeners('request').on('request', guard(published));
    }
    return listen.call(this, options.port, '127.0.0.1', () => console.log(JSON.stringify({ ready: true, url: options.url.href })));
};
await import(`@modelcontextprotocol/sdk/examples/server/${options.example}.js`);
