import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import { userStore } from '../../../functions/identity/index.ts';
import { createApi } from '../../../functions/platform/api/create-api.ts';
import type { Table, Write } from '../../../functions/platform/table/types.ts';
import { quotaMove } from '../../../functions/workspaces/index.ts';
import { createMemberStore } from '../../../functions/workspaces/store/member-store.ts';
import { createQuotaStore } from '../../../functions/workspaces/store/quota-store.ts';
import { createWorkspaceStore } from '../../../functions/workspaces/store/workspace-store.ts';
import { workspaceUseCases } from '../../../functions/workspaces/use-cases/index.ts';
import { type Http, spentOf } from '../../support/http-client.ts';
import { createInProcessHttp } from '../../support/in-process-api.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { addMember, makeWorkspace, type Person, register } from '../../support/people.ts';
import { createIdentityApi, type IdentityApi, statusOf } from './identity-api.ts';
import { withoutConditions } from './unguarded-table.ts';

let backend: Backend;
let api: IdentityApi;
let http: Http;
let admin: Person;
let minji: Person;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());

function workspacesApi(table: Table) {
  const workspaces = workspaceUseCases({
    workspaces: createWorkspaceStore(table),
    members: createMemberStore(table),
    quotas: createQuotaStore(table),
    users: userStore(table),
    credentials: { removals: async () => [] },
  });
  return createApi(workspaceRoutes, workspaces, { ...api.dependencies, table });
}

beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
  const { table } = api;
  http = createInProcessHttp({ ...api.handlers, 'workspaces-api': workspacesApi(table) });
  [admin, minji] = [await register(http, 'admin'), await register(http, 'minji')];
});

const remove = (person: Person, id: string) => http('DELETE', `/users/${id}`, { token: person.token });
const membersOf = async (workspaceId: string): Promise<string[]> => {
  const { body } = await http('GET', `/workspaces/${workspaceId}/members`, { token: admin.token });
  return body.data.members.map(({ user_id }: { user_id: string }) => user_id);
};

const stands = async (workspaceId: string) =>
  (await api.table.queryAll({ pk: `WS#${workspaceId}` })).some(({ sk }) => ['WS', 'QUOTA'].includes(sk));
const hold = (workspaceId: string, moves: { vms?: number; credentials?: number }) =>
  api.table.transact([quotaMove(workspaceId, moves)]);

describe('a user who owns workspaces', () => {
  it('is not deleted while they hold something, and is told which and what', async () => {
    const [empty, vms, shared] = [
      await makeWorkspace(http, minji, 'empty'),
      await makeWorkspace(http, minji, 'machines'),
      await makeWorkspace(http, minji, 'shared'),
    ];
    await hold(vms, { vms: 2, credentials: 1 });
    await addMember(http, minji, shared, admin, 'owner');
    const workspaces = [
      { id: vms, name: 'machines', vms: 2, credentials: 1, members: 0 },
      { id: shared, name: 'shared', vms: 0, credentials: 0, members: 1 },
    ];
    for (const by of [minji, admin]) {
      const { status, body } = await remove(by, minji.id);
      expect([status, body.code, Object.keys(body.data)]).toEqual([409, 'CONFLICT', ['blocking']]);
      expect(
        body.data.blocking.workspaces.toSorted((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)),
      ).toEqual(workspaces.toSorted((a, b) => (a.id < b.id ? -1 : 1)));
    }
    expect(await statusOf(http, minji.token)).toBe(200);
    expect(await stands(empty)).toBe(true);
  });

  it('is deleted with those that hold nothing, and all that they are', async () => {
    const ids = [await makeWorkspace(http, minji, 'one'), await makeWorkspace(http, minji, 'two')];
    expect((await remove(minji, minji.id)).status).toBe(200);
    for (const id of ids) expect(await api.table.queryAll({ pk: `WS#${id}` })).toEqual([]);
    expect(await api.table.queryAll({ pk: `USER#${minji.id}` })).toEqual([]);
  });

  it('costs so much more for each that goes along', async () => {
    const spent: { trips: number; wcu: number; rcu: number }[] = [];
    for (const owned of [0, 1, 2]) {
      const person = await register(http);
      for (let at = 0; at < owned; at += 1) await makeWorkspace(http, person, `workspace ${at}`);
      const { trips, wcu, rcu } = spentOf(await remove(person, person.id));
      spent.push({ trips, wcu, rcu });
    }
    const [none, one, two] = spent;
    expect(none).toEqual({ trips: 4, wcu: 13, rcu: 3 });
    expect(one).toEqual({ trips: 5, wcu: 23, rcu: 5 });
    expect(two).toEqual({ trips: 5, wcu: 33, rcu: 7 });
  });

  it('is deleted with more of them than one transaction holds, also where one was cut off between', async () => {
    const ids: string[] = [];
    for (let at = 0; at < 50; at += 1) ids.push(await makeWorkspace(http, minji, `workspace ${at}`));
    let writes = 0;
    const cut: Table = {
      ...api.table,
      transact: (...given) => {
        writes += 1;
        return writes > 10 ? Promise.reject(new Error('cut off')) : api.table.transact(...given);
      },
    };
    const { status } = await createIdentityApi(cut, { like: api }).http('DELETE', `/users/${minji.id}`, {
      token: minji.token,
    });
    expect([status, writes]).toEqual([500, 11]);
    const left = await Promise.all(ids.map(stands));
    expect(left.filter(Boolean)).toHaveLength(40);
    expect(await api.table.get({ pk: `PRINCIPAL#${minji.id}`, sk: 'PRINCIPAL' })).toMatchObject({ owned: 40 });
    expect((await remove(minji, minji.id)).status).toBe(200);
    for (const id of ids) expect(await api.table.queryAll({ pk: `WS#${id}` })).toEqual([]);
    expect(await api.table.queryAll({ pk: `USER#${minji.id}` })).toEqual([]);
  });

  /** The table, where something else comes in between all reading and the first transaction. */
  function cutInto(event: (writes: readonly Write[]) => Promise<unknown>): Table {
    let isOver = false;
    return {
      ...api.table,
      transact: async (...given) => {
        if (!isOver) {
          isOver = true;
          await event(given[0]);
        }
        return api.table.transact(...given);
      },
    };
  }
  const found = (by: Http, person: Person) =>
    by('POST', '/workspaces', { token: person.token, body: { name: 'just in time' } });

  it('is gone with one that is made while it is deleted', async () => {
    let id = '';
    const table = cutInto(async () => {
      const { status, body } = await found(http, minji);
      expect(status).toBe(201);
      id = body.data.id;
    });
    const deletion = await createIdentityApi(table, { like: api }).http('DELETE', `/users/${minji.id}`, {
      token: minji.token,
    });
    expect([deletion.status, id === '', await stands(id)]).toEqual([200, false, false]);
  });

  it('makes none any more once it is deleted, though it was let in before', async () => {
    let written: readonly Write[] = [];
    const table = cutInto(async (writes) => {
      written = writes;
      expect((await remove(minji, minji.id)).status).toBe(200);
    });
    const creation = await found(createInProcessHttp({ 'workspaces-api': workspacesApi(table) }), minji);
    expect(creation.status).toBe(404);
    const puts = written.flatMap((write) => ('put' in write && write.put.pk.startsWith('WS#') ? [write.put] : []));
    expect(puts.length).toBeGreaterThan(0);
    expect(await api.table.getMany(puts)).toEqual([]);
  });
});

describe('what comes into an empty workspace while its owner is deleted', () => {
  const arrivals = {
    'a VM': (id: string) => hold(id, { vms: 1 }),
    'a credential': (id: string) => hold(id, { credentials: 1 }),
    'a member': async (id: string) => {
      const { status } = await http('POST', `/workspaces/${id}/members`, {
        token: admin.token,
        body: { user_id: admin.id, role: 'member' },
      });
      if (status !== 200) throw new Error(`not added: ${status}`);
    },
  };

  /** The arrival comes when all has been read that the deletion decides by; answers whether it was taken, and what stands after. */
  async function race(arrive: (id: string) => Promise<unknown>, table: Table) {
    const person = await register(http);
    const id = await makeWorkspace(http, person);
    let arrivals = 0;
    const raced: Table = {
      ...table,
      transact: async (writes, token) => {
        if (arrivals === 0) {
          arrivals += 1;
          await arrive(id);
        }
        return table.transact(writes, token);
      },
    };
    const deleting = createIdentityApi(raced, { like: api }).http;
    const { status } = await deleting('DELETE', `/users/${person.id}`, { token: person.token });
    expect(arrivals).toBe(1);
    return { status, stands: await stands(id), person };
  }

  it.each(Object.entries(arrivals))('keeps both where it is %s', async (_, arrive) => {
    const { status, stands: kept, person } = await race(arrive, api.table);
    expect([status, kept, await statusOf(http, person.token)]).toEqual([409, true, 200]);
  });

  it.each(Object.entries(arrivals))('is lost without the condition on the quota: %s (control)', async (_, arrive) => {
    const careless = withoutConditions(api.table, ({ sk }) => sk === 'QUOTA');
    const { status, stands: kept } = await race(arrive, careless);
    expect([status, kept, careless.lifted]).toEqual([200, false, 1]);
  });

  it.each(Object.entries(arrivals))('finds no workspace where it is %s that comes after', async (_, arrive) => {
    const person = await register(http);
    const id = await makeWorkspace(http, person);
    expect((await remove(person, person.id)).status).toBe(200);
    await expect(arrive(id)).rejects.toThrow();
    expect(await api.table.queryAll({ pk: `WS#${id}` })).toEqual([]);
  });
});

describe('a user’s API keys', () => {
  const make = async () => {
    const { status, body } = await http('POST', '/auth/api-keys', { token: minji.token, body: { name: 'late' } });
    if (status !== 201) throw new Error(`not made: ${status}`);
    return String(body.data.id);
  };
  const revoke = (id: string) => http('DELETE', `/auth/api-keys/${id}`, { token: minji.token });

  it.each([
    ['one is made', () => make()],
    ['one is made in the place of another', (before: string) => revoke(before).then(make)],
  ])('go with it, also where %s when they have been read', async (_, change) => {
    const before = await make();
    let lists = 0;
    let listing: Promise<unknown> | undefined;
    const deleting: Table = {
      ...api.table,
      queryAll: (query) => {
        const found = api.table.queryAll(query).then(async (items) => {
          lists += 1;
          if (lists === 1) await change(before);
          return items;
        });
        listing = found;
        return found;
      },
      // A read that goes out beside the list comes after it.
      getMany: (keys) =>
        Promise.resolve()
          .then(() => listing)
          .then(() => api.table.getMany(keys)),
    };
    const path = `/users/${minji.id}`;
    const { status } = await createIdentityApi(deleting, { like: api }).http('DELETE', path, { token: admin.token });
    expect([status, lists]).toEqual([200, 2]);
    expect(await api.table.queryAll({ pk: `USER#${minji.id}` })).toEqual([]);
  });
});

describe('a member of others’ workspaces', () => {
  it('leaves them with its account, also as an owner beside the first', async () => {
    const [one, two] = [await makeWorkspace(http, admin, 'one'), await makeWorkspace(http, admin, 'two')];
    await addMember(http, admin, one, minji, 'member');
    await addMember(http, admin, two, minji, 'owner');
    expect((await remove(minji, minji.id)).status).toBe(200);
    for (const id of [one, two]) {
      expect(await membersOf(id)).toEqual([admin.id]);
      expect(await api.table.get({ pk: `WS#${id}`, sk: 'QUOTA' })).toMatchObject({ members: 1, owners: 1 });
    }
  });

  it('of more than one transaction holds leaves them all', async () => {
    const owners = [admin, await register(http)] as const;
    const ids: string[] = [];
    for (let at = 0; at < 60; at += 1) {
      const owner = owners[at % 2] as Person;
      const id = await makeWorkspace(http, owner, `workspace ${at}`);
      await addMember(http, owner, id, minji, at % 3 === 0 ? 'owner' : 'viewer');
      ids.push(id);
    }
    expect((await remove(minji, minji.id)).status).toBe(200);
    for (const [at, id] of ids.entries()) expect(await membersOf(id)).toEqual([owners[at % 2]?.id]);
    expect(await api.table.get({ pk: `PRINCIPAL#${minji.id}`, sk: 'PRINCIPAL' })).toBeUndefined();
  });

  it('is not deleted half when it is added somewhere at the same time', async () => {
    const id = await makeWorkspace(http, admin);
    for (let round = 0; round < 10; round += 1) {
      const person = await register(http);
      const [deletion, addition] = await Promise.all([
        remove(person, person.id),
        http('POST', `/workspaces/${id}/members`, { token: admin.token, body: { user_id: person.id, role: 'member' } }),
      ]);
      const isGone = deletion.status === 200;
      expect([200, 409]).toContain(deletion.status);
      expect((await membersOf(id)).includes(person.id)).toBe(!isGone);
      expect(addition.status === 404 ? isGone : addition.status === 200).toBe(true);
    }
  });
});

it('the last admin leaves no workspace for a deletion that is refused', async () => {
  const owner = await register(http);
  const ids: string[] = [];
  const second = await register(http);
  for (let at = 0; at < 49; at += 1) {
    const maker = at < 48 ? owner : second;
    const id = await makeWorkspace(http, maker, `workspace ${at}`);
    await addMember(http, maker, id, admin, 'member');
    ids.push(id);
  }
  expect((await remove(admin, admin.id)).status).toBe(409);
  const principal = await api.table.get({ pk: `PRINCIPAL#${admin.id}`, sk: 'PRINCIPAL' });
  expect(Object.keys(principal?.['ws'] as object)).toHaveLength(ids.length);
});
