// SPDX-FileCopyrightText: 2026 The Mooring authors
// SPDX-License-Identifier: GPL-3.0-or-later

// MCP servers of every age and make, open and with OAuth: authorize, list, call, refresh, disconnect in each.

import { scenario } from '../scenario.mjs';
import { behindOidc, look, session, sessions, stateless, visitAll } from '../zoo.mjs';
import { guardedServer, openServer, sdkDemo } from '../zooservers.mjs';

/** The examples of the SDK that have this tool send notifications first, on the stream on which the answer comes. */
const stream = { call: ['start-notification-stream', '{"interval": 10, "count": 2}'], says: /sending (2|periodic) notifications every 10ms$/ };
const greet = { call: ['greet', '{"name": "Robin"}'], says: /^Hello, Robin!$/ };
const example = (name, path) => openServer('sdk-example.mjs', ['--example', name], path);
const guardedExample = (name, path) => guardedServer({ script: 'sdk-example.mjs', args: ['--example', name], path });
const framework = ({ transport, oidc = [], path }) => guardedServer({ script: 'mcp-framework.mjs', args: ['--transport', transport], oidc, path });

/** No sessions, so there is none to leave. */
const sessionless = {
    protocol: '2025-11-25',
    meet: ['POST /mcp server/discover → 400'],
    talk: what => [...session, `POST /mcp ${what} → 200`],
};
/** The stream comes first; what is posted is answered on it. */
const onStream = place => ({
    protocol: '2024-11-05',
    verb: 'GET',
    meet: [`POST ${place} server/discover → 404`, `POST ${place} initialize → 404`],
    talk: what => [`GET ${place} → 200`, ...['initialize', 'notifications/initialized', what].map(method => `POST /messages ${method} → 202`)],
});

/** What comes after a look below the path, in vain. */
const atTheRoot = [
    'GET /.well-known/oauth-protected-resource → 200',
    'GET /.well-known/oauth-authorization-server → 200',
    'POST /reg → 201',
    'POST /token authorization_code → 200',
];

const rows = [
    { name: 'SDK 1.x, sessions, open', ...sessions, ...greet, start: example('simpleStreamableHttp') },
    {
        name: 'SDK 1.x, sessions, its own provider',
        ...sessions, ...greet,
        start: sdkDemo,
        first: [...look, 'POST /register → 201', 'POST /token authorization_code → 200'],
        revokes: [],
    },
    {
        name: 'SDK 1.x, JSON answers, open',
        ...sessions, ...greet,
        // It has no way to end a session.
        talk: what => [...session, `POST /mcp ${what} → 200`, 'DELETE /mcp → 404'],
        start: example('jsonResponseStreamableHttp'),
    },
    { name: 'SDK 1.x, no sessions, open', ...sessionless, ...stream, start: example('simpleStatelessStreamableHttp') },
    behindOidc({ name: 'SDK 1.x, no sessions, oidc-provider', ...sessionless, ...stream, start: guardedExample('simpleStatelessStreamableHttp') }),
    { name: 'SDK 1.x, HTTP+SSE, open', ...onStream('/mcp'), ...stream, start: example('simpleSseServer') },
    behindOidc({ name: 'SDK 1.x, HTTP+SSE, oidc-provider', ...onStream('/mcp'), ...stream, start: guardedExample('simpleSseServer') }),
    { name: 'SDK 1.x, both ages, open', ...onStream('/sse'), ...stream, start: example('sseAndStreamableHttpCompatibleServer', '/sse') },
    { name: 'SDK 2.x, open', ...stateless, call: ['add', '{"a": 19, "b": 23}'], says: /^42$/, start: openServer('mcp-modern.mjs') },
    behindOidc({ name: 'SDK 2.x, oidc-provider', start: guardedServer({ script: 'mcp-modern.mjs' }) }),
    behindOidc({
        name: 'mcp-framework, Streamable HTTP',
        ...sessions,
        start: framework({ transport: 'http-stream', oidc: ['--client-auth', 'none', '--jwt'] }),
        first: [
            'POST /mcp server/discover → 401',
            'GET /.well-known/oauth-protected-resource/mcp → 404',
            ...atTheRoot,
        ],
        revokes: ['POST /token/revocation → 200', 'POST /token/revocation → 400'],
        outlives: true,
    }),
    behindOidc({
        name: 'mcp-framework, HTTP+SSE',
        ...onStream('/sse'),
        start: framework({ transport: 'sse', path: '/sse' }),
        // A POST to its address is 404 with a token or without. That a GET is 401 does not yet tell its age, so it is asked again.
        first: [
            'POST /sse server/discover → 404',
            'POST /sse initialize → 404',
            'GET /sse → 401',
            'GET /.well-known/oauth-protected-resource/sse → 404',
            ...atTheRoot,
        ],
        // It remembers for five minutes what it was told about a token.
        outlives: true,
    }),
];

await scenario({}, context => visitAll(context, rows));
