import { createServer, type Server } from 'node:http';
import { proxyRequest, proxyUpgrade, refuse } from './proxy.ts';
import { serveSite } from './site.ts';

export interface EdgeOptions {
  emulatorPort: number;
  httpApiId: string;
  socketApiId: string;
  /** Value of x-origin-verify, by which the origin knows the edge. */
  originSecret: string;
  /** Folder of the static files. */
  siteFolder: string;
}

const isApi = (path: string): boolean =>
  (path.startsWith('/api/v1/') && path !== '/api/v1/openapi.json') ||
  path.startsWith('/health') ||
  path === '/debug/config';

/** One origin for everything, as CloudFront makes it on AWS: see docs/local-runtime.md for the table of paths. */
export const createEdge = (options: EdgeOptions): Server => {
  const { emulatorPort, originSecret: secret } = options;
  const http = { emulatorPort, secret, apiId: options.httpApiId, stage: '$default' };
  const socketApi = { emulatorPort, secret, apiId: options.socketApiId, stage: 'ws' };
  const pathOf = (url = '/'): string => url.split('?', 1)[0] ?? '/';

  const server = createServer({ requestTimeout: 0 }, (request, response) => {
    const path = pathOf(request.url);
    if (isApi(path)) proxyRequest(http, request, response);
    else if (path === '/ws') refuse(response, 426, 'cannot answer at /ws: open a WebSocket');
    else serveSite(options.siteFolder, path, request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    if (pathOf(request.url) === '/ws') proxyUpgrade(socketApi, request, socket, head);
    else socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
  });
  return server;
};
