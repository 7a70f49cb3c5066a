import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { touchedItems } from './dynamodb-calls.ts';
import { type ActiveRule, type FaultRule, fires, fittingItems, refusalOf } from './dynamodb-faults.ts';

export type { ActiveRule, DynamodbFault, FaultRule } from './dynamodb-faults.ts';

export interface DynamodbProxyOptions {
  /** Where DynamoDB is. A function is asked at each call, for a proxy that is made before what it stands before. */
  target: string | (() => string);
}

export interface DynamodbProxy {
  url: string;
  /** The first rule that fires for a call decides; a call that none fires for goes through untouched. */
  add(rule: FaultRule): ActiveRule;
  remove(rule: ActiveRule): void;
  clear(): void;
  /** How often each operation came in, with or without a fault. */
  calls: ReadonlyMap<string, number>;
  /** How often each rule since the start fired, all together. */
  fired(): number;
  stop(): Promise<void>;
}

/**
 * Stands before DynamoDB and lets go wrong what goes wrong on AWS and never here. To put it before the functions of a
 * stack:
 *
 *   const proxy = await startDynamodbProxy({ target: () => `http://127.0.0.1:${emulatorPort}` });
 *   startStack({ emulatorEnv: ({ ports }) => { emulatorPort = ports.emulator; return { AWS_ENDPOINT_URL_DYNAMODB: proxy.url }; } });
 *   const rule = proxy.add({ fault: 'conflict', operation: 'TransactWriteItems', pk: /^WS#/, times: 2 });
 */
export async function startDynamodbProxy({ target }: DynamodbProxyOptions): Promise<DynamodbProxy> {
  let rules: ActiveRule[] = [];
  const all: ActiveRule[] = [];
  const calls = new Map<string, number>();

  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1] ?? '';
    calls.set(operation, (calls.get(operation) ?? 0) + 1);
    const call = { operation, touched: operation === '' ? [] : touchedItems(JSON.parse(body.toString())) };
    const rule = rules.find((each) => fittingItems(each, call).length > 0 && fires(each));
    const refusal = rule && refusalOf(rule.fault, call, fittingItems(rule, call));
    if (refusal !== undefined) {
      response.writeHead(refusal.status, { 'content-type': 'application/x-amz-json-1.0' }).end(refusal.body);
      return;
    }
    if (rule?.fault === 'drop-before') request.socket.destroy();
    if (rule?.fault === 'drop-before' || rule?.fault === 'hang-before') return;
    const url = typeof target === 'string' ? target : target();
    pass(url, request, body, (answer) => {
      if (rule?.fault === 'drop-after') request.socket.destroy();
      else if (rule?.fault !== 'hang-after') reply(response, answer);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: (rule) => {
      const active = { ...rule, fitted: 0, fired: 0 };
      rules.push(active);
      all.push(active);
      return active;
    },
    remove: (rule) => {
      rules = rules.filter((each) => each !== rule);
    },
    clear: () => {
      rules = [];
    },
    calls,
    fired: () => all.reduce((sum, { fired }) => sum + fired, 0),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

const reply = (response: ServerResponse, { status, headers, body }: Answer): void => {
  const { 'transfer-encoding': _, connection: __, ...rest } = headers;
  response.writeHead(status, { ...rest, 'content-length': body.length }).end(body);
};

const pass = (url: string, request: IncomingMessage, body: Buffer, done: (answer: Answer) => void): void => {
  const { connection: _, ...headers } = request.headers;
  const upstream = send(`${url}${request.url}`, { method: request.method ?? 'POST', headers }, (answer) => {
    buffer(answer).then(
      (data) => done({ status: answer.statusCode ?? 502, headers: answer.headers, body: data }),
      () => request.socket.destroy(),
    );
  });
  upstream.on('error', () => request.socket.destroy());
  upstream.end(body);
};
