import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type WebSocket, WebSocketServer } from 'ws';
import type { SocketAnswer, SocketEvent } from '../../../functions/realtime/handle-socket.ts';

export type SocketHandler = (event: SocketEvent) => Promise<SocketAnswer | object>;

/** A WebSocket API in this process: calls the handler as API Gateway would, and has its management endpoint. */
export interface Gateway {
  url: string;
  managementUrl: string;
  handler: SocketHandler;
  open(): string[];
  /** Requests to the management endpoint, as `POST <connection>`. */
  readonly managed: string[];
  /** The status of posts to these connections, instead of sending: 429 is that of a client that does not read. */
  readonly failing: Map<string, number>;
  /** Of these, the client is gone and nobody has been told. */
  vanish(connectionId: string): void;
  /** Until every call of the handler has ended. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

const errorTypes: Readonly<Record<number, string>> = { 410: 'GoneException', 429: 'LimitExceededException' };

export const edgeHeaders = { 'x-origin-verify': 'the edge of the gateway', 'x-viewer-address': '198.51.100.7' };

export async function startGateway(): Promise<Gateway> {
  const sockets = new Map<string, WebSocket>();
  const server = createServer();
  const upgrades = new WebSocketServer({ noServer: true });
  const calls = new Set<Promise<unknown>>();
  const [managed, failing] = [[] as string[], new Map<string, number>()];

  const call = (routeKey: string, connectionId: string, more: Partial<SocketEvent> = {}) => {
    const called = gateway.handler({ requestContext: { routeKey, connectionId }, ...more });
    calls.add(called);
    return called.finally(() => calls.delete(called)) as Promise<SocketAnswer>;
  };

  function accept(socket: WebSocket, connectionId: string): void {
    sockets.set(connectionId, socket);
    socket.on('message', (data, isBinary) => {
      const body = isBinary ? (data as Buffer).toString('base64') : data.toString();
      void call('$default', connectionId, { body, isBase64Encoded: isBinary });
    });
    socket.on('close', () => {
      if (sockets.delete(connectionId)) void call('$disconnect', connectionId);
    });
  }

  server.on('upgrade', async (request, stream, head) => {
    const connectionId = `${randomBytes(9).toString('base64url')}=`;
    const { statusCode } = await call('$connect', connectionId, { headers: request.headers as Record<string, string> });
    if (statusCode !== 200) return void stream.end(`HTTP/1.1 ${statusCode} Refused\r\n\r\n`);
    upgrades.handleUpgrade(request, stream, head, (socket) => accept(socket, connectionId));
  });

  async function manage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const connectionId = decodeURIComponent(request.url?.split('/@connections/')[1] ?? '');
    managed.push(`${request.method} ${connectionId}`);
    const socket = sockets.get(connectionId);
    // What a client does not read keeps nobody from closing its connection.
    const fails = request.method === 'POST' || failing.get(connectionId) !== 429;
    const status = (fails ? failing.get(connectionId) : undefined) ?? (socket === undefined ? 410 : 200);
    if (status !== 200) {
      response.writeHead(status, { 'x-amzn-ErrorType': errorTypes[status] ?? 'InternalServerError' });
      return void response.end('{}');
    }
    if (request.method === 'POST') socket?.send(body);
    else socket?.close();
    response.writeHead(request.method === 'POST' ? 200 : 204).end();
  }
  server.on('request', (request, response) => void manage(request, response));

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const gateway: Gateway = {
    url: `ws://127.0.0.1:${port}/ws`,
    managementUrl: `http://127.0.0.1:${port}/ws`,
    handler: async () => ({ statusCode: 500 }),
    open: () => [...sockets.keys()],
    managed,
    failing,
    vanish(connectionId) {
      const socket = sockets.get(connectionId);
      sockets.delete(connectionId);
      socket?.terminate();
    },
    async settle() {
      while (calls.size > 0) await Promise.allSettled(calls);
    },
    async stop() {
      for (const socket of upgrades.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await gateway.settle();
    },
  };
  return gateway;
}
