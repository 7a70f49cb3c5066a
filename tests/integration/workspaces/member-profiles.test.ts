import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { userKey } from '../../../functions/identity/store/keys.ts';
import type { PlainWrite, Table } from '../../../functions/platform/table/index.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { beforeItWrites } from './meanwhile.ts';
import { createTenancy, type Resident, type Tenancy } from './tenancy.ts';

let backend: Backend;
let tenancy: Tenancy;
let owner: Resident;
let minji: Resident;
let id: string;

beforeAll(async () => {
  backend = await startBackend();
  tenancy = createTenancy(backend);
}, 60_000);
afterAll(() => backend?.stop());

beforeEach(async () => {
  [owner, minji] = [await tenancy.settle('user', 'owner'), await tenancy.settle('user', 'minji')];
  id = await tenancy.found(owner);
});

const join = () => tenancy.join(id, minji, 'viewer', owner);
const leave = async () => {
  const { token } = owner;
  expect((await tenancy.http('DELETE', `/workspaces/${id}/members/${minji.id}`, { token })).status).toBe(200);
};
/** As the identity context writes it: name and version at once. */
const rename = (name: string) =>
  tenancy.table.write({
    update: userKey(minji.id),
    change: { text: 'SET #name = :name ADD #version :one', values: { name, one: 1 } },
  });
const added = () => ({ type: 'member_added', workspace_id: id, user_id: minji.id }) as const;
const changed = () => ({ type: 'user_changed', user_id: minji.id, version: 2 }) as const;
const rowOf = async (who: Resident) => (await tenancy.rowsOf(id)).find(({ sk }) => sk === `MEMBER#${who.id}`);
const nameOf = async () => (await rowOf(minji))?.['name'];

type Twist = (write: PlainWrite) => PlainWrite;
const asIs: Twist = (write) => write;
/** The control: a copy that holds nothing but that the row exists. */
const withoutVersion: Twist = (write) => ({
  ...write,
  condition: { text: 'attribute_exists(#pk)' },
  otherwise: () => new Error('there is no row'),
});
/** The control: one that holds nothing at all. */
const withoutRow: Twist = ({ condition: _, otherwise: __, ...write }) => write as PlainWrite;

/** The consumer in two steps: it has read all it reads, then it writes. */
function slowly(event: Parameters<Tenancy['notify']>[0], twist: Twist) {
  const [arrived, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const table: Table = {
    ...tenancy.table,
    write: async (write, returning) => {
      arrived.resolve();
      await go.promise;
      return tenancy.table.write(twist(write), returning);
    },
  };
  let done: Promise<void> | undefined;
  return {
    read: async () => {
      done = createTenancy(backend, { table }).notify(event);
      await Promise.race([arrived.promise, done]);
    },
    write: async () => {
      go.resolve();
      await done;
    },
  };
}

/** Every order of two series of steps, each series in its own order. */
const ordersOf = (a: readonly string[], b: readonly string[]): string[][] => {
  const [first, second] = [a[0], b[0]];
  if (first === undefined || second === undefined) return [[...a, ...b]];
  return [
    ...ordersOf(a.slice(1), b).map((rest) => [first, ...rest]),
    ...ordersOf(a, b.slice(1)).map((rest) => [second, ...rest]),
  ];
};
const orders = ordersOf(
  ['joins', 'its event reads', 'its event writes'],
  ['is renamed', 'that event reads', 'that event writes'],
);

async function play(order: readonly string[], twist: Twist): Promise<unknown> {
  const [joining, renaming] = [slowly(added(), twist), slowly(changed(), twist)];
  const steps: Record<string, () => Promise<unknown>> = {
    joins: join,
    'its event reads': joining.read,
    'its event writes': joining.write,
    'is renamed': () => rename('Kim Minji'),
    'that event reads': renaming.read,
    'that event writes': renaming.write,
  };
  for (const step of order) await steps[step]?.();
  return nameOf();
}

describe('who is renamed while joining', () => {
  it.each(orders.map((order) => [order.join(', ')] as const))('has the new name in the end: %s', async (order) => {
    expect(await play(order.split(', '), asIs)).toBe('Kim Minji');
  });

  it('would keep the old one in some order, if versions were not held', async () => {
    const ends: unknown[] = [];
    for (const order of orders) {
      [minji, id] = [await tenancy.settle('user', 'minji'), await tenancy.found(owner)];
      ends.push(await play(order, withoutVersion));
    }
    expect(ends).toContain('minji');
  });
});

describe('an event', () => {
  it('that comes again, or late, never brings an older name back', async () => {
    await join();
    const late = slowly(added(), asIs);
    await late.read();
    await rename('Kim Minji');
    await tenancy.notify(changed());
    const complete = await rowOf(minji);
    expect(complete).toMatchObject({ name: 'Kim Minji', email: minji.email, profile_version: 2, role: 'viewer' });
    await late.write();
    expect(await rowOf(minji)).toEqual(complete);
    for (const event of [added(), changed(), added()]) await tenancy.notify(event);
    expect(await rowOf(minji)).toEqual(complete);
  });

  it('reaches every workspace of a user, and no row of another', async () => {
    await join();
    const others = [await tenancy.found(minji), await tenancy.found(minji)];
    await rename('Kim Minji');
    await tenancy.notify(changed());
    for (const workspaceId of [id, ...others]) {
      const rows = (await tenancy.rowsOf(workspaceId)).filter(({ type }) => type === 'member');
      const named = rows.filter(({ name }) => name === 'Kim Minji').map(({ user_id }) => user_id);
      expect(named).toEqual([minji.id]);
    }
  });

  it('of who has left meanwhile makes no row; without its condition it would', async () => {
    for (const [twist, left] of [
      [asIs, undefined],
      [withoutRow, 'minji'],
    ] as const) {
      await join();
      const event = slowly(added(), twist);
      await event.read();
      await leave();
      await event.write();
      expect(await nameOf()).toBe(left);
    }
  });

  it('of nobody has no effect', async () => {
    await tenancy.notify({ type: 'user_changed', user_id: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a', version: 2 });
    await tenancy.notify({ ...added(), user_id: '01926f3c-7b4e-7d10-9c3a-5b1f0e2d4c6a' });
    expect((await tenancy.rowsOf(id)).filter(({ type }) => type === 'member')).toHaveLength(1);
  });
});

describe('a member', () => {
  it('is listed by name before its row says it, and the same after', async () => {
    await join();
    const list = async () =>
      (await tenancy.http('GET', `/workspaces/${id}/members`, { token: owner.token })).body.data.members;
    const before = await list();
    expect(before.map(({ name }: { name: string }) => name)).toEqual(['owner', 'minji']);
    await tenancy.notify(added());
    expect(await list()).toEqual(before);
    await tenancy.notify({ ...added(), user_id: owner.id });
    expect(await list()).toEqual(before);
  });

  it('keeps the name that comes while its role changes', async () => {
    await join();
    await tenancy.notify(added());
    const comes = async () => {
      await rename('Kim Minji');
      await tenancy.notify(changed());
    };
    const { http } = createTenancy(backend, { table: beforeItWrites(tenancy.table, comes) });
    const path = `/workspaces/${id}/members/${minji.id}`;
    expect((await http('PUT', path, { token: owner.token, body: { role: 'admin' } })).status).toBe(200);
    expect(await rowOf(minji)).toMatchObject({ name: 'Kim Minji', role: 'admin', profile_version: 2 });
  });
});
