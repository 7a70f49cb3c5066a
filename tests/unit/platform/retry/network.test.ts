import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../../../functions/platform/retry/failure.ts';
import { createTableClient } from '../../../../functions/platform/table/index.ts';

type Behaviour = (response: ServerResponse) => unknown;

let behave: Behaviour;
let server: Server;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => behave(response));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const portOf = ({ port }: AddressInfo) => port;
const clientAt = (port: number) =>
  createTableClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });

/** The error as the SDK really makes it. */
const errorFrom = (port: number, requestTimeout = 10_000) =>
  clientAt(port)
    .send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } }), { requestTimeout })
    .then(
      () => undefined,
      (error: unknown) => error,
    );

const json = { 'content-type': 'application/x-amz-json-1.0', 'content-length': '100' };

describe('what the network does to a request', () => {
  it.each<[string, Behaviour, number?]>([
    ['a connection that ends without an answer', (response) => response.destroy()],
    [
      'an answer that ends half-way',
      (response) => response.writeHead(200, json).write('{"Item":', () => response.destroy()),
    ],
    ['no answer', () => undefined, 200],
    ['an answer whose rest never comes', (response) => response.writeHead(200, json).write('{"Item":'), 200],
    [
      'a page of some proxy',
      (response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<h1>Busy</h1>'),
    ],
    ['an answer that is no JSON', (response) => response.writeHead(200).end('<h1>Welcome</h1>')],
    ['an error of the service', (response) => response.writeHead(500).end('{"__type":"InternalServerError"}')],
  ])('is lost: %s', async (_, behaviour, timeout) => {
    behave = behaviour;
    expect(judge(await errorFrom(portOf(server.address() as AddressInfo), timeout))).toBe('lost');
  });

  it('is unsent: nobody listens', async () => {
    const closed = createServer();
    await new Promise<void>((done) => closed.listen(0, '127.0.0.1', done));
    const port = portOf(closed.address() as AddressInfo);
    await new Promise((done) => closed.close(done));
    expect(judge(await errorFrom(port))).toBe('unsent');
  });

  it('is refused: the service throttles', async () => {
    behave = (response) =>
      response.writeHead(400).end('{"__type":"com.amazonaws.dynamodb.v20120810#ThrottlingException"}');
    expect(judge(await errorFrom(portOf(server.address() as AddressInfo)))).toBe('refused');
  });
});
