import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maxConnectionsPerUser } from '../../../contracts/realtime/client-messages.ts';
import { type Meter, runMetered } from '../../../functions/platform/meter.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { until } from '../../support/until.ts';
import { openSquare, type Square } from './square.ts';

let backend: Backend;
let square: Square;
let spent: Meter[];
beforeAll(async () => {
  backend = await startBackend();
  square = await openSquare(backend);
  const { handler } = square;
  square.gateway.handler = (event) =>
    runMetered((meter) => {
      spent.push(meter);
      return handler(event);
    });
}, 60_000);
afterAll(async () => {
  await square?.stop();
  await backend?.stop();
});

const figures = (meter: Meter) => ({ trips: meter.read('trips'), wcu: meter.read('wcu'), rcu: meter.read('rcu') });

/** What the work cost, all calls of the handler together. */
async function cost(work: () => Promise<unknown>) {
  await square.gateway.settle();
  spent = [];
  await work();
  await square.gateway.settle();
  const all = spent.map(figures);
  const sum = (of: keyof ReturnType<typeof figures>) => all.reduce((total, each) => total + each[of], 0);
  return [sum('trips'), sum('wcu'), sum('rcu')];
}

describe('a socket costs, in trips, WCU and RCU', () => {
  it('1, 1, 0 to open and as much to be found silent or to ping', async () => {
    spent = [];
    const socket = await square.connect();
    await square.gateway.settle();
    expect(spent.map(figures)).toEqual([{ trips: 1, wcu: 1, rcu: 0 }]);
    expect(await cost(() => socket.ask({ type: 'ping' }))).toEqual([1, 1, 0]);
    expect(await cost(() => socket.ask('no message'))).toEqual([1, 1, 0]);
    const body = JSON.stringify({ connection_id: square.scheduled.at(-1) });
    const timeout = { Records: [{ messageId: '1', body, eventSource: 'aws:sqs' }] } as never;
    const late = await runMetered(async (meter) => {
      await square.handler(timeout);
      return figures(meter);
    });
    expect(late).toEqual({ trips: 1, wcu: 1, rcu: 0 });
  });

  it('3, 2, 2 to authenticate, first and again, and to change topics; 2, 2, 0 to end', async () => {
    const [userId, workspaceId] = [await square.settle(), await square.found()];
    await square.join(workspaceId, userId);
    const socket = await square.connect();
    const auth = () => socket.ask({ type: 'auth', token: square.token(userId) });
    expect(await cost(auth)).toEqual([3, 2, 2]);
    expect(await cost(auth)).toEqual([3, 2, 2]);
    const topics = [`workspace:${workspaceId}`, `execution:${randomUUID()}`];
    expect(await cost(() => socket.ask({ type: 'subscribe', topics }))).toEqual([3, 2, 2]);
    expect(await cost(() => socket.ask({ type: 'unsubscribe', topics }))).toEqual([3, 2, 2]);
    const end = async () => {
      socket.drop();
      await until('the work was done', () => spent.length > 0);
    };
    expect(await cost(end)).toEqual([2, 2, 0]);
  });

  it('1, 1, 0 to be a guest and 2, 2, 0 to change its topics', async () => {
    const socket = await square.connect();
    expect(await cost(() => socket.ask({ type: 'guest' }))).toEqual([1, 1, 0]);
    expect(await cost(() => socket.ask({ type: 'subscribe', topics: [`event:${randomUUID()}`] }))).toEqual([2, 2, 0]);
  });

  it('no more for who has ten connections', async () => {
    const userId = await square.settle();
    for (let nth = 1; nth < maxConnectionsPerUser; nth += 1) await square.enter(userId);
    const socket = await square.connect();
    expect(await cost(() => socket.ask({ type: 'auth', token: square.token(userId) }))).toEqual([3, 2, 2]);
  });
});

describe('an event costs, in trips, WCU and RCU', () => {
  it('two trips for fifty members, and two RCU for each beside the list of them', async () => {
    for (const [members, trips, listing] of [
      [1, 2, 1],
      [10, 2, 1],
      [50, 2, 3],
      [51, 3, 3],
    ] as const) {
      const workspaceId = await square.found();
      for (let nth = 0; nth < members; nth += 1) await square.join(workspaceId, await square.settle());
      const pushed = await runMetered(async (meter) => {
        await square.push({ workspace_id: workspaceId });
        return figures(meter);
      });
      expect({ members, ...pushed }).toEqual({ members, trips, wcu: 0, rcu: listing + 2 * members });
    }
  });

  it('two trips for admins, and two RCU for each beside the list of them', async () => {
    const admins = 3;
    for (let nth = 0; nth < admins; nth += 1) await square.settle({ role: 'admin' });
    const pushed = await runMetered(async (meter) => {
      await square.push({ audience: 'admins' });
      return figures(meter);
    });
    expect(pushed).toEqual({ trips: 2, wcu: 0, rcu: 1 + 2 * admins });
  });

  it('one request for each connection that it is sent to', async () => {
    const [userId, workspaceId] = [await square.settle(), await square.found()];
    await square.join(workspaceId, userId);
    await square.enter(userId);
    await square.enter(userId);
    const sockets = await runMetered(async (meter) => {
      await square.push({ workspace_id: workspaceId });
      return meter.read('sockets');
    });
    expect(sockets).toBe(2);
  });
});
