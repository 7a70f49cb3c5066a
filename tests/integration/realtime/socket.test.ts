import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  maxConnectionsPerUser,
  maxPingsPerConnection,
  maxRequestsPerConnection,
} from '../../../contracts/realtime/client-messages.ts';
import { maxTopics } from '../../../contracts/realtime/topics.ts';
import { principalKey } from '../../../functions/platform/auth/principal.ts';
import { connectionKey, presenceKey } from '../../../functions/realtime/store/keys.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { until } from '../../support/until.ts';
import { openSocket, type SocketClient } from './client.ts';
import { openSquare, type Square, there } from './square.ts';

let backend: Backend;
let square: Square;
beforeAll(async () => {
  backend = await startBackend();
  square = await openSquare(backend);
}, 60_000);
afterAll(async () => {
  await square?.stop();
  await backend?.stop();
});

const timeoutOf = (connectionId: string) => ({
  messageId: connectionId,
  body: JSON.stringify({ connection_id: connectionId }),
  eventSource: 'aws:sqs',
});
const runTimeouts = (connectionIds: string[]) => square.handler({ Records: connectionIds.map(timeoutOf) } as never);
const placesOf = async (userId: string) => Object.keys((await square.table.get(presenceKey(userId)))?.['c'] ?? {});

describe('a connection', () => {
  it('that came past the edge is refused', async () => {
    await expect(openSocket(square.gateway.url)).rejects.toThrow('403');
    await expect(
      openSocket(square.gateway.url, { 'x-origin-verify': 'guess', 'x-viewer-address': '198.51.100.7' }),
    ).rejects.toThrow('403');
  });

  it('is closed when its time is over and nobody has said who they are', async () => {
    square.scheduled.length = 0;
    const silent = await square.connect();
    const user = await square.enter(await square.settle());
    const guest = await square.connect();
    expect(await guest.ask({ type: 'guest' })).toEqual({ type: 'guest_ok' });
    expect(square.scheduled).toHaveLength(3);
    await runTimeouts(square.scheduled);
    await until('the connection is closed', () => silent.closed);
    expect(await user.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    expect(await guest.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    await runTimeouts(square.scheduled);
    expect([user.closed, guest.closed]).toEqual([false, false]);
  });

  it('that authenticates as its time runs out stays, where it has said so before', async () => {
    const userId = await square.settle();
    square.scheduled.length = 0;
    const late = await square.connect();
    const { connections } = square.dependencies;
    const identify = vi.spyOn(connections, 'identify').mockImplementationOnce(async (...given) => {
      await connections.identify(...given);
      await runTimeouts(square.scheduled);
    });
    expect(await late.ask({ type: 'auth', token: square.token(userId) })).toEqual({ type: 'auth_ok', user_id: userId });
    expect(identify).toHaveBeenCalledTimes(2);
    identify.mockRestore();
    expect(await late.ask({ type: 'ping' })).toEqual({ type: 'pong' });
    expect(await placesOf(userId)).toHaveLength(1);
    late.drop();
  });

  it('that authenticates as its time has run out is told and closed', async () => {
    const userId = await square.settle();
    square.scheduled.length = 0;
    const late = await square.connect();
    const { connections } = square.dependencies;
    let answer: unknown;
    const remove = vi.spyOn(connections, 'removeUnidentified').mockImplementationOnce(async (id) => {
      const removed = await connections.removeUnidentified(id);
      answer = await late.ask({ type: 'auth', token: square.token(userId) });
      return removed;
    });
    await runTimeouts(square.scheduled);
    remove.mockRestore();
    expect(answer).toEqual({ type: 'auth_error', code: 'UNAUTHORIZED' });
    await until('the connection is closed', () => late.closed);
    await square.gateway.settle();
    expect(await placesOf(userId)).toEqual([]);
  });

  it('is of one user for good', async () => {
    const [first, second] = [await square.settle(), await square.settle()];
    const socket = await square.enter(first);
    expect(await socket.ask({ type: 'auth', token: square.token(second) })).toMatchObject({
      type: 'error',
      code: 'CONFLICT',
    });
    expect(await socket.ask({ type: 'guest' })).toMatchObject({ type: 'error', code: 'CONFLICT' });
    expect(await placesOf(second)).toEqual([]);
    expect(await socket.ask({ type: 'auth', token: square.token(first, { sessionId: there }) })).toEqual({
      type: 'auth_ok',
      user_id: first,
    });
    const guest = await square.connect();
    await guest.ask({ type: 'guest' });
    expect(await guest.ask({ type: 'auth', token: square.token(second) })).toEqual({
      type: 'auth_ok',
      user_id: second,
    });
  });

  it('with a bad, an expired or a signed-out token is told and closed', async () => {
    const userId = await square.settle();
    const out = square.token(userId, { sessionId: 'ended' });
    for (const token of ['rubbish', square.token(userId, { expiresInSeconds: 0 }), square.token(randomUUID()), out]) {
      const socket = await square.connect();
      expect(await socket.ask({ type: 'auth', token })).toEqual({ type: 'auth_error', code: 'UNAUTHORIZED' });
      await until('the connection is closed', () => socket.closed);
    }
    const disabled = {
      update: principalKey(userId),
      change: { text: 'SET #state = :state', values: { state: 'disabled' } },
    };
    await square.table.write(disabled);
    const socket = await square.connect();
    expect(await socket.ask({ type: 'auth', token: square.token(userId) })).toEqual({
      type: 'auth_error',
      code: 'UNAUTHORIZED',
    });
    expect(await placesOf(userId)).toEqual([]);
  });

  it('leaves nothing behind when it ends', async () => {
    const userId = await square.settle();
    const socket = await square.enter(userId);
    const [connectionId = ''] = await placesOf(userId);
    expect(await square.table.get(connectionKey(connectionId))).toMatchObject({
      user_id: userId,
      ttl: expect.any(Number),
    });
    socket.drop();
    await until('no connection is on record', async () => (await placesOf(userId)).length === 0);
    expect(await square.table.get(connectionKey(connectionId))).toBeUndefined();
  });

  it('may ask five hundred things, then it is closed', async () => {
    const userId = await square.settle();
    const socket = await square.enter(userId);
    const [connectionId = ''] = await placesOf(userId);
    const change = { text: 'SET #requests = :requests', values: { requests: maxRequestsPerConnection - 1 } };
    await square.table.write({ update: connectionKey(connectionId), change });
    const topics = [`execution:${randomUUID()}`];
    expect(await socket.ask({ type: 'subscribe', topics })).toEqual({ type: 'subscribed', topics });
    expect(await socket.ask({ type: 'subscribe', topics })).toMatchObject({ type: 'error', code: 'RATE_LIMITED' });
    await until('the connection is closed', () => socket.closed);
  });
});

describe('a connection of nobody', () => {
  it.each([
    ['pings', { type: 'ping' }, { type: 'pong' }, maxPingsPerConnection],
    ['requests', 'no message', { type: 'error', code: 'VALIDATION_ERROR' }, maxRequestsPerConnection],
  ] as const)('is closed after too many %s', async (counter, frame, answer, most) => {
    square.scheduled.length = 0;
    const socket = await square.connect();
    expect(await socket.ask(frame)).toMatchObject(answer);
    const change = { text: 'SET #count = :count', values: { count: most - 1 }, names: { count: counter } };
    await square.table.write({ update: connectionKey(square.scheduled[0] ?? ''), change });
    expect(await socket.ask(frame)).toMatchObject(answer);
    expect(await socket.ask(frame)).toMatchObject({ type: 'error', code: 'RATE_LIMITED' });
    await until('the connection is closed', () => socket.closed);
  });
});

describe('a user', () => {
  it('has ten connections: the eleventh closes the oldest, which is told why', async () => {
    const userId = await square.settle();
    const sockets: SocketClient[] = [];
    for (let nth = 0; nth <= maxConnectionsPerUser; nth += 1) {
      square.clock.now = new Date(square.clock.now.getTime() + 1);
      sockets.push(await square.enter(userId));
    }
    await until('the connection is closed', () => sockets[0]?.closed);
    expect(sockets[0]?.got.at(-1)).toMatchObject({ type: 'error', code: 'RATE_LIMITED' });
    expect(sockets.filter(({ closed }) => closed)).toHaveLength(1);
    expect(await placesOf(userId)).toHaveLength(maxConnectionsPerUser);
  });

  it('has ten however many authenticate at once, and no socket stays open without a place', async () => {
    const userId = await square.settle();
    const sockets = await Promise.all(Array.from({ length: 30 }, () => square.connect()));
    const answers = await Promise.all(
      sockets.map((socket) => socket.ask({ type: 'auth', token: square.token(userId) })),
    );
    await square.gateway.settle();
    // One that lost every race was told to try again.
    const tryAgain = answers.filter(({ code }) => code === 'SERVICE_UNAVAILABLE').length;
    expect(await placesOf(userId)).toHaveLength(maxConnectionsPerUser);
    await until(
      'the connections that are too many are closed',
      () => sockets.filter(({ closed }) => !closed).length === maxConnectionsPerUser + tryAgain,
    );
    const workspaceId = await square.found();
    await square.join(workspaceId, userId);
    await square.push({ workspace_id: workspaceId });
    await until(
      'the events came',
      () => sockets.filter((socket) => socket.events().length === 1).length === maxConnectionsPerUser,
    );
  });
});

describe('the topics of a connection', () => {
  it('are kept whatever order messages of one moment are handled in', async () => {
    const userId = await square.settle();
    const socket = await square.enter(userId);
    const topics = Array.from({ length: 8 }, () => `execution:${randomUUID()}`);
    for (const topic of topics) socket.send({ type: 'subscribe', topics: [topic] });
    await until(
      'all subscriptions are answered',
      () => socket.got.filter(({ type }) => type === 'subscribed').length === topics.length,
    );
    const [place] = Object.values(
      (await square.table.get(presenceKey(userId)))?.['c'] as Record<string, { on: string[] }>,
    );
    expect(place?.on.toSorted()).toEqual(topics.toSorted());
  });

  it('outlive a fresh token', async () => {
    const [userId, workspaceId] = [await square.settle(), await square.found()];
    await square.join(workspaceId, userId);
    const socket = await square.enter(userId);
    await socket.ask({ type: 'unsubscribe', topics: [`workspace:${workspaceId}`] });
    await socket.ask({ type: 'auth', token: square.token(userId, { expiresInSeconds: 7_200 }) });
    await square.push({ workspace_id: workspaceId });
    expect(await socket.eventsSoFar()).toEqual([]);
  });

  it('of a guest are fifty events at most', async () => {
    const guest = await square.connect();
    await guest.ask({ type: 'guest' });
    const topics = Array.from({ length: maxTopics }, () => `event:${randomUUID()}`);
    expect(await guest.ask({ type: 'subscribe', topics })).toMatchObject({ type: 'subscribed' });
    const one = [`event:${randomUUID()}`];
    expect(await guest.ask({ type: 'subscribe', topics: one })).toMatchObject({ type: 'error', code: 'CONFLICT' });
    expect(await guest.ask({ type: 'unsubscribe', topics: topics.slice(1) })).toMatchObject({ type: 'unsubscribed' });
    expect(await guest.ask({ type: 'subscribe', topics: one })).toEqual({ type: 'subscribed', topics: one });
    expect(await guest.ask({ type: 'subscribe', topics: [`workspace:${randomUUID()}`] })).toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});
