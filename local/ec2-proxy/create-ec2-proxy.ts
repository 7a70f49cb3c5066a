import {
  createServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
  request as send,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { idempotencyKeyOf, type Launch, type LaunchStore, parametersHash } from './client-tokens.ts';
import { describeQuery, ec2Error, instanceIds, isAllTerminated, toRunInstancesAnswer } from './xml.ts';

/** One call as it came in: `action` as `RunInstances`, `params` as the query protocol has them. */
export interface Ec2Request {
  action: string;
  params: URLSearchParams;
}

/**
 * What a test makes of a call.
 * - `error`: refused without effect, with EC2's code and status;
 * - `throttle`: RequestLimitExceeded, 503;
 * - `drop`: the connection ends without an answer, `before` or `after` the effect: a timeout to the caller.
 */
export type Ec2Fault =
  | { kind: 'error'; code: string; message?: string; status?: number }
  | { kind: 'throttle' }
  | { kind: 'drop'; when: 'before' | 'after' };

export interface Ec2ProxyOptions {
  /** Where moto is, as `http://127.0.0.1:5000`. */
  target: string;
  /** Asked on each call; what it answers is done instead, and counted by kind in `faults`. */
  onRequest?: (request: Ec2Request) => Ec2Fault | undefined;
  /** Where launches with a ClientToken are remembered; in memory alone when left out. */
  store?: LaunchStore;
}

export interface Ec2Proxy {
  server: Server;
  /** How often each kind of fault fired, and how often each action was called. */
  faults: Map<Ec2Fault['kind'], number>;
  calls: Map<string, number>;
}

interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

const memoryStore = (): LaunchStore => {
  const launches = new Map<string, Launch>();
  return {
    get: (key) => launches.get(key),
    set: (key, launch) => launches.set(key, launch),
    delete: (key) => launches.delete(key),
  };
};

const count = <K>(counts: Map<K, number>, key: K): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

/**
 * An EC2 that honours ClientToken, which moto accepts and ignores. As EC2 documents it: the same token with the same
 * parameters answers the same instances as they are now; with others, IdempotentParameterMismatch; when they are
 * terminated, IdempotentInstanceTerminated. Two calls at once with one token launch once.
 */
export const createEc2Proxy = (options: Ec2ProxyOptions): Ec2Proxy => {
  const store = options.store ?? memoryStore();
  const faults: Ec2Proxy['faults'] = new Map();
  const calls: Ec2Proxy['calls'] = new Map();
  const inFlight = new Map<string, Promise<unknown>>();
  const forward = (headers: IncomingHttpHeaders, body: Buffer) => callTarget(options.target, headers, body);

  const launch = async (key: string, hash: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> => {
    const known = store.get(key);
    if (known !== undefined) {
      if (known.hash !== hash)
        return ec2Error(
          400,
          'IdempotentParameterMismatch',
          'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).',
        );
      const now = await forward(headers, Buffer.from(describeQuery(known.instanceIds)));
      const text = now.body.toString();
      if (now.status === 200 && isAllTerminated(text)) {
        return ec2Error(
          400,
          'IdempotentInstanceTerminated',
          'The client token you have provided is associated with a terminated instance. Please use a different client token.',
        );
      }
      if (now.status === 200) return { ...now, body: Buffer.from(toRunInstancesAnswer(text)) };
      // moto was ended by force before it saved that launch: as far as it knows nothing ever ran.
      store.delete(key);
    }
    const answer = await forward(headers, body);
    if (answer.status === 200) store.set(key, { hash, instanceIds: instanceIds(answer.body.toString()) });
    return answer;
  };

  const serialised = async (key: string, work: () => Promise<Answer>): Promise<Answer> => {
    const before = inFlight.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    inFlight.set(key, mine);
    try {
      return await mine;
    } finally {
      if (inFlight.get(key) === mine) inFlight.delete(key);
    }
  };

  const server = createServer(async (request, response) => {
    try {
      const body = await buffer(request);
      const params = new URLSearchParams(body.toString());
      const action = params.get('Action') ?? '';
      count(calls, action);
      const fault = options.onRequest?.({ action, params });
      if (fault !== undefined) count(faults, fault.kind);
      if (fault?.kind === 'error')
        return reply(response, ec2Error(fault.status ?? 400, fault.code, fault.message ?? fault.code));
      if (fault?.kind === 'throttle')
        return reply(response, ec2Error(503, 'RequestLimitExceeded', 'Request limit exceeded.'));
      if (fault?.when === 'before') return void request.socket.destroy();
      const key = idempotencyKeyOf(action, params, request.headers.authorization);
      const answer = await (key === undefined
        ? forward(request.headers, body)
        : serialised(key, () => launch(key, parametersHash(params), request.headers, body)));
      if (fault?.when === 'after') return void request.socket.destroy();
      reply(response, answer);
    } catch (error) {
      reply(response, ec2Error(503, 'Unavailable', `cannot reach EC2: ${(error as Error).message}`));
    }
  });
  return { server, faults, calls };
};

const reply = (response: ServerResponse, { status, headers, body }: Answer): void => {
  response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
};

const callTarget = (target: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Answer> =>
  new Promise((done, fail) => {
    const { connection: _, 'transfer-encoding': __, host: ___, ...rest } = headers;
    const upstream = send(
      target,
      { method: 'POST', headers: { ...rest, 'content-length': body.length } },
      async (answer) => {
        const type = answer.headers['content-type'] ?? 'text/xml';
        buffer(answer).then(
          (data) => done({ status: answer.statusCode ?? 502, headers: { 'content-type': type }, body: data }),
          fail,
        );
      },
    );
    upstream.on('error', fail);
    upstream.end(body);
  });
