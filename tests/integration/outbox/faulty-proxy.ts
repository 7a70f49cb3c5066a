import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * What happens to one request on its way to a service and back.
 * - `drop`: the connection ends before the service sees it · `lose`: the service does it, then the connection ends
 * - `cut`: half of the answer comes back · `page`: a page of some proxy, status 503
 * - any other word: the service's own error of that name, undone
 */
export type Fault = 'drop' | 'lose' | 'cut' | 'page' | (string & {});

export interface FaultyProxy {
  endpoint: string;
  /** The faults of the next requests, in order; those that follow go through. */
  faults: Fault[];
  /** The faults that were met. A test checks it: a fault that never fired proves nothing. */
  fired: Fault[];
  stop(): Promise<void>;
}

export async function startFaultyProxy(upstream: string): Promise<FaultyProxy> {
  const [faults, fired]: [Fault[], Fault[]] = [[], []];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const fault = faults.shift();
    if (fault !== undefined) fired.push(fault);
    if (fault === 'drop') return void request.socket.destroy();
    if (fault === 'page') return void response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Busy</h1>');
    if (fault !== undefined && fault !== 'lose' && fault !== 'cut') return refuse(response, fault);
    const answer = await pass(upstream, request, body);
    if (fault === 'lose') request.socket.destroy();
    else if (fault === 'cut') cut(response, answer);
    else response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, faults, fired, stop };
}

function refuse(response: ServerResponse, name: string): void {
  response.writeHead(name.startsWith('Internal') ? 500 : 400, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify({ __type: name, message: `${name} was injected` }));
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
}

function cut(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, headers);
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

function pass(upstream: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((done, fail) => {
    const passed = forward(`${upstream}${url}`, { method, headers }, async (answer) => {
      done({ status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) });
    });
    passed.on('error', fail);
    passed.end(body);
  });
}
