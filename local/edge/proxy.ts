import { Agent, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { Duplex } from 'node:stream';
import { toOrigin, toViewer } from './headers.ts';

/** An API of the emulator, addressed by path: by Host, as on AWS, the emulator takes /health for its own. */
export interface Origin {
  emulatorPort: number;
  apiId: string;
  stage: string;
  /** Value of x-origin-verify. */
  secret: string;
}

/** The emulator closes a connection that was idle for 75 seconds; a request that is on its way by then would be lost. */
const idleMs = 30_000;
const agent = new Agent({ keepAlive: true, timeout: idleMs });

const hostOf = ({ emulatorPort }: Origin): string => `127.0.0.1:${emulatorPort}`;
const prefixOf = ({ apiId, stage }: Origin): string => `/_aws/execute-api/${apiId}/${stage}`;

/** Passes a request to the API and its answer back, both as streams. */
export const proxyRequest = (origin: Origin, request: IncomingMessage, response: ServerResponse): void => {
  const upstream = send({
    host: '127.0.0.1',
    port: origin.emulatorPort,
    method: request.method ?? 'GET',
    path: `${prefixOf(origin)}${request.url}`,
    headers: toOrigin(request, hostOf(origin), origin.secret),
    agent,
  });
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, toViewer(answer.headers));
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  upstream.on('error', (error) => refuse(response, 502, `cannot reach the API: ${error.message}`));
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
};

export const refuse = (response: ServerResponse, status: number, message: string): void => {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
};

const headerLines = (headers: string[]): string =>
  headers.reduce((text, part, index) => text + (index % 2 === 0 ? `${part}: ` : `${part}\r\n`), '');

/** Opens a WebSocket at the API and joins the two sockets; a refusal is passed on as the API gave it. */
export const proxyUpgrade = (origin: Origin, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
  const upstream = send({
    host: '127.0.0.1',
    port: origin.emulatorPort,
    // The path is the stage's own: /ws.
    path: `${prefixOf(origin)}${(request.url ?? '').slice('/ws'.length)}`,
    headers: { ...toOrigin(request, hostOf(origin), origin.secret), connection: 'Upgrade', upgrade: 'websocket' },
    agent: false,
  });
  upstream.on('upgrade', (answer, other, first) => {
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headerLines(answer.rawHeaders)}\r\n`);
    if (first.length > 0) socket.write(first);
    if (head.length > 0) other.write(head);
    socket.pipe(other).pipe(socket);
    for (const [from, to] of [
      [socket, other],
      [other, socket],
    ] as const) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  upstream.on('response', (answer) => {
    socket.write(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${headerLines(answer.rawHeaders)}\r\n`);
    answer.pipe(socket);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('error', () => upstream.destroy());
  upstream.end();
};
