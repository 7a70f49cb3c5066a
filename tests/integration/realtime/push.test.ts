import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { principalKey } from '../../../functions/platform/auth/principal.ts';
import { presenceKey } from '../../../functions/realtime/store/keys.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { until } from '../../support/until.ts';
import { here, openSquare, type Square, there } from './square.ts';

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

async function workspaceOf(...userIds: string[]) {
  const workspaceId = await square.found();
  for (const userId of userIds) await square.join(workspaceId, userId);
  return workspaceId;
}
const settle = () => square.settle();
const placesOf = async (userId: string) => Object.keys((await square.table.get(presenceKey(userId)))?.['c'] ?? {});

describe('an event of a workspace', () => {
  it('reaches its members on all of their connections, and nobody else', async () => {
    const [member, other, stranger] = [await settle(), await settle(), await settle()];
    const workspaceId = await workspaceOf(member, other);
    await workspaceOf(stranger);
    const sockets = [await square.enter(member), await square.enter(member), await square.enter(other)];
    const foreign = await square.enter(stranger);
    await square.push({ workspace_id: workspaceId, id: 'first', version: 7 });
    for (const socket of sockets) {
      const event = await until('the event came', () => socket.events()[0]);
      expect(Object.keys(event).toSorted()).toEqual(['data', 'id', 'timestamp', 'type', 'version']);
      expect(event).toMatchObject({
        type: 'vm_status_changed',
        id: 'first',
        version: 7,
        data: { workspace_id: workspaceId },
      });
    }
    expect(await foreign.eventsSoFar()).toEqual([]);
  });

  it('stops at once for who is removed, and comes to who joins, on the same connection', async () => {
    const [member, other] = [await settle(), await settle()];
    const workspaceId = await workspaceOf(member);
    const [first, second] = [await square.enter(member), await square.enter(other)];
    await square.push({ workspace_id: workspaceId });
    await until('the events came', () => first.events().length === 1);
    await square.leave(workspaceId, member);
    await square.join(workspaceId, other);
    await square.push({ workspace_id: workspaceId });
    await until('the events came', () => second.events().length === 1);
    expect(await first.eventsSoFar()).toHaveLength(1);
  });

  it('reaches nobody whose session has ended: those connections are closed', async () => {
    const member = await settle();
    const workspaceId = await workspaceOf(member);
    const [ended, open] = [await square.enter(member, here), await square.enter(member, there)];
    await square.signOut(member, here);
    await square.push({ workspace_id: workspaceId });
    await until('the events came', () => open.events().length === 1 && ended.closed);
    expect(ended.events()).toEqual([]);
    expect(await placesOf(member)).toHaveLength(1);
  });

  it('reaches no disabled user', async () => {
    const member = await settle();
    const workspaceId = await workspaceOf(member);
    const socket = await square.enter(member);
    const change = { text: 'SET #state = :state', values: { state: 'disabled' } };
    await square.table.write({ update: principalKey(member), change });
    await square.push({ workspace_id: workspaceId });
    await until('the connection is closed', () => socket.closed);
    expect(socket.events()).toEqual([]);
  });

  it('waits for a fresh token when the token has expired, on the same connection', async () => {
    const member = await settle();
    const workspaceId = await workspaceOf(member);
    const socket = await square.enter(member);
    square.clock.now = new Date(square.clock.now.getTime() + 3_601_000);
    await square.push({ workspace_id: workspaceId });
    expect(await socket.ask({ type: 'subscribe', topics: [`workspace:${workspaceId}`] })).toMatchObject({
      code: 'UNAUTHORIZED',
    });
    await socket.ask({ type: 'auth', token: square.token(member) });
    await square.push({ workspace_id: workspaceId, id: 'fresh' });
    expect(await until('the event came', () => socket.events()[0])).toMatchObject({ id: 'fresh' });
    expect(await socket.eventsSoFar()).toHaveLength(1);
  });

  it('does not reach a connection that left the workspace out, until it comes back', async () => {
    const member = await settle();
    const workspaceId = await workspaceOf(member);
    const [narrow, wide] = [await square.enter(member), await square.enter(member)];
    const topics = [`workspace:${workspaceId}`];
    await narrow.ask({ type: 'unsubscribe', topics });
    await square.push({ workspace_id: workspaceId });
    await until('the events came', () => wide.events().length === 1);
    expect(await narrow.eventsSoFar()).toEqual([]);
    await narrow.ask({ type: 'subscribe', topics });
    await square.push({ workspace_id: workspaceId });
    await until('the events came', () => narrow.events().length === 1);
  });
});

describe('an event for one user or for admins', () => {
  it('reaches those alone', async () => {
    const [user, admin] = [await settle(), await square.settle({ role: 'admin' })];
    await workspaceOf(user, admin);
    const [own, other] = [await square.enter(user), await square.enter(admin)];
    await square.push({ user_id: user, id: 'own' });
    await square.push({ audience: 'admins', id: 'admins' });
    expect(await until('the event came', () => own.events()[0])).toMatchObject({ id: 'own' });
    expect(await until('the event came', () => other.events()[0])).toMatchObject({ id: 'admins' });
    expect([await own.eventsSoFar(), await other.eventsSoFar()].map(({ length }) => length)).toEqual([1, 1]);
  });

  it('reaches nobody who was admin once', async () => {
    const admin = await square.settle({ role: 'admin' });
    const socket = await square.enter(admin);
    await square.table.write({
      update: principalKey(admin),
      change: { text: 'SET #role = :role', values: { role: 'user' } },
    });
    await square.push({ audience: 'admins' });
    await square.push({ user_id: admin, id: 'own' });
    expect((await socket.eventsSoFar()).map(({ id }) => id)).toEqual(['own']);
  });
});

describe('a connection that cannot be sent to', () => {
  it('is forgotten when it is gone', async () => {
    const member = await settle();
    const workspaceId = await workspaceOf(member);
    await square.enter(member);
    const [gone = ''] = await placesOf(member);
    const here = await square.enter(member);
    square.gateway.vanish(gone);
    await square.push({ workspace_id: workspaceId });
    await until('the events came', () => here.events().length === 1);
    const places = await placesOf(member);
    expect([places.length, places.includes(gone)]).toEqual([1, false]);
  });

  it('since its client does not read is closed and forgotten; the event is everybody else’s', async () => {
    const [member, other] = [await settle(), await settle()];
    const workspaceId = await workspaceOf(member, other);
    const [stuck, fine] = [await square.enter(member), await square.enter(other)];
    const [connectionId = ''] = await placesOf(member);
    square.gateway.failing.set(connectionId, 429);
    square.gateway.managed.length = 0;
    await square.push({ workspace_id: workspaceId });
    await until('the connection is closed', () => stuck.closed);
    await until('the events came', () => fine.events().length === 1);
    expect(await placesOf(member)).toEqual([]);
    const tries = square.gateway.managed.filter((call) => call === `POST ${connectionId}`).length;
    expect(tries).toBeGreaterThan(1);
    await square.push({ workspace_id: workspaceId });
    expect(square.gateway.managed.filter((call) => call === `POST ${connectionId}`)).toHaveLength(tries);
  });

  it('hinders no other; the event fails as a whole and may come again with the same id', async () => {
    const [member, other] = [await settle(), await settle()];
    const workspaceId = await workspaceOf(member, other);
    const [failing, fine] = [await square.enter(member), await square.enter(other)];
    const [connectionId = ''] = await placesOf(member);
    square.gateway.failing.set(connectionId, 500);
    const event = { workspace_id: workspaceId, id: 'again' };
    await expect(square.push(event)).rejects.toThrow('1 of 2 sockets failed');
    await until('the events came', () => fine.events().length === 1);
    square.gateway.failing.delete(connectionId);
    await square.push(event);
    expect(await until('the event came', () => failing.events()[0])).toMatchObject({ id: 'again' });
    expect(fine.events().map(({ id }) => id)).toEqual(['again', 'again']);
  });
});
