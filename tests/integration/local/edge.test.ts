import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createEdge } from '../../../local/edge/create-edge.ts';

const listen = (server: Server): Promise<number> =>
  new Promise((done) => server.listen(0, '127.0.0.1', () => done((server.address() as AddressInfo).port)));

describe('the edge', () => {
  let api: Server;
  let edge: Server;
  let base: string;
  let folder: string;
  const received: IncomingMessage[] = [];
  const upgraded: IncomingMessage[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'skyclust-site-'));
    mkdirSync(join(folder, 'docs'));
    mkdirSync(join(folder, 'api/v1'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<h1>dashboard</h1>');
    writeFileSync(join(folder, 'docs/index.html'), '<h1>docs</h1>');
    writeFileSync(join(folder, 'api/v1/openapi.json'), '{"openapi":"3.1.0"}');
    writeFileSync(join(folder, '..', 'outside.txt'), 'secret');
    const sockets = new WebSocketServer({ noServer: true });
    sockets.on('connection', (socket) => socket.on('message', (data, binary) => socket.send(data, { binary })));
    api = createServer(async (incoming, response) => {
      received.push(incoming);
      const body = await buffer(incoming);
      const hash = createHash('sha256').update(body).digest('hex');
      response.writeHead(201, { 'content-type': 'application/json', etag: '"7"', 'set-cookie': ['a=1', 'b=2'] });
      response.end(JSON.stringify({ url: incoming.url, hash, length: body.length }));
    });
    api.on('upgrade', (incoming, socket, head) => {
      upgraded.push(incoming);
      if (incoming.url?.includes('refuse'))
        return socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 4\r\n\r\nnope');
      sockets.handleUpgrade(incoming, socket, head, (made) => sockets.emit('connection', made));
    });
    const emulatorPort = await listen(api);
    edge = createEdge({
      emulatorPort,
      httpApiId: 'http1',
      socketApiId: 'ws1',
      originSecret: 'the-secret',
      siteFolder: folder,
    });
    base = `http://127.0.0.1:${await listen(edge)}`;
  });
  afterAll(() => {
    for (const server of [edge, api]) {
      server.closeAllConnections();
      server.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['/api/v1/vms?status=a&status=b', '/health', '/health/ready', '/debug/config', '/api/v1/a%2Fb'])(
    'passes %s on to the HTTP API as it is',
    async (path) => {
      const answer = await fetch(`${base}${path}`, { headers: { 'x-own': 'yes' } });
      expect(answer.status).toBe(201);
      expect(answer.headers.get('etag')).toBe('"7"');
      expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      expect(await answer.json()).toMatchObject({ url: `/_aws/execute-api/http1/$default${path}` });
      expect(received.at(-1)?.headers).toMatchObject({
        'x-own': 'yes',
        'x-origin-verify': 'the-secret',
        'x-viewer-address': '127.0.0.1',
      });
    },
  );

  it("has the edge's own word on what browsers may do, for pages and for answers", async () => {
    const page = (await fetch(`${base}/`)).headers;
    expect(page.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.get('x-frame-options')).toBe('DENY');
    const answer = (await fetch(`${base}/health`)).headers;
    expect(answer.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.get('x-content-type-options')).toBe('nosniff');
  });

  it('lets no client say what only the edge may say', async () => {
    const spoofed = {
      'x-origin-verify': 'guess',
      'x-viewer-address': '203.0.113.9',
      'X-Forwarded-For': '203.0.113.9',
      'x-forwarded-host': 'evil.example',
      forwarded: 'for=203.0.113.9',
    };
    await fetch(`${base}/health`, { headers: spoofed });
    const headers = received.at(-1)?.headers ?? {};
    expect(headers['x-origin-verify']).toBe('the-secret');
    expect(headers['x-viewer-address']).toBe('127.0.0.1');
    expect(headers['x-forwarded-for']).toBe('203.0.113.9, 127.0.0.1');
    expect(headers['x-forwarded-proto']).toBe('http');
    expect(headers['x-forwarded-host']).toBeUndefined();
    expect(headers.forwarded).toBeUndefined();
  });

  it('cannot be told by Connection to drop what it adds', async () => {
    await new Promise<void>((done, fail) => {
      const headers = { connection: 'close, x-origin-verify, x-viewer-address' };
      const sent = request(`${base}/health`, { headers }, (answer) => answer.resume().on('end', done));
      sent.on('error', fail).end();
    });
    expect(received.at(-1)?.headers).toMatchObject({
      'x-origin-verify': 'the-secret',
      'x-viewer-address': '127.0.0.1',
    });
  });

  it('passes 10 MB on byte for byte', async () => {
    const body = randomBytes(10 * 1024 * 1024);
    const answer = await fetch(`${base}/api/v1/upload`, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({
      length: body.length,
      hash: createHash('sha256').update(body).digest('hex'),
    });
  });

  it('serves the site: the dashboard, the docs, the OpenAPI document', async () => {
    expect(await (await fetch(`${base}/`)).text()).toBe('<h1>dashboard</h1>');
    expect(await (await fetch(`${base}/docs`)).text()).toBe('<h1>docs</h1>');
    const openapi = await fetch(`${base}/api/v1/openapi.json`);
    expect(openapi.headers.get('content-type')).toContain('application/json');
    expect(await openapi.json()).toEqual({ openapi: '3.1.0' });
  });

  it.each(['/nothing', '/../outside.txt', '/%2e%2e/outside.txt', '/docs/..%2f..%2foutside.txt', '/%00', '/%'])(
    'answers 404 at %s',
    async (path) => {
      const status = await new Promise((done, fail) => {
        const { hostname, port } = new URL(base);
        request({ hostname, port, path }, (answer) => done(answer.resume().statusCode))
          .on('error', fail)
          .end();
      });
      expect(status).toBe(404);
    },
  );

  it('answers 405 to a write to a file, 426 to a plain request for /ws, and 502 when the API is gone', async () => {
    expect((await fetch(`${base}/docs`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${base}/ws`)).status).toBe(426);
    const gone = createEdge({
      emulatorPort: 1,
      httpApiId: 'a',
      socketApiId: 'b',
      originSecret: 'c',
      siteFolder: folder,
    });
    const port = await listen(gone);
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(502);
    gone.close();
  });

  it('joins a WebSocket both ways, text and bytes, and says where it comes from', async () => {
    const socket = new WebSocket(`${base.replace('http', 'ws')}/ws?v=1`, {
      headers: { 'x-viewer-address': '203.0.113.9' },
    });
    await new Promise((done, fail) => socket.on('open', done).on('error', fail));
    const answers: unknown[] = [];
    const both = new Promise<void>((done) =>
      socket.on('message', (data, binary) => {
        answers.push(binary ? data : data.toString());
        if (answers.length === 2) done();
      }),
    );
    const bytes = randomBytes(100_000);
    socket.send('hello');
    socket.send(bytes);
    await both;
    expect(answers).toEqual(['hello', bytes]);
    expect(upgraded.at(-1)?.url).toBe('/_aws/execute-api/ws1/ws?v=1');
    expect(upgraded.at(-1)?.headers).toMatchObject({
      'x-origin-verify': 'the-secret',
      'x-viewer-address': '127.0.0.1',
    });
    const closed = new Promise((done) => socket.on('close', done));
    socket.close(4000);
    expect(await closed).toBe(4000);
  });

  it('passes the refusal of a WebSocket on', async () => {
    const socket = new WebSocket(`${base.replace('http', 'ws')}/ws?refuse=1`);
    const status = await new Promise((done) =>
      socket.on('unexpected-response', (_, answer) => done(answer.statusCode)).on('error', () => {}),
    );
    expect(status).toBe(403);
  });
});
