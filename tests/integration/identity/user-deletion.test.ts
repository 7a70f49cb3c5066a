import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { workspaceRoutes } from '../../../contracts/workspaces/routes.ts';
import { userStore } from '../../../functions/identity/index.ts';
import { createApi } from '../../../functions/platform/api/create-api.ts';
import { createMemberStore } from '../../../functions/workspaces/store/member-store.ts';
import { createQuotaStore } from '../../../functions/workspaces/store/quota-store.ts';
import { createWorkspaceStore } from '../../../functions/workspaces/store/workspace-store.ts';
import { workspaceUseCases } from '../../../functions/workspaces/use-cases/index.ts';
import type { Http } from '../../support/http-client.ts';
import { createInProcessHttp } from '../../support/in-process-api.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { addMember, makeWorkspace, type Person, register } from '../../support/people.ts';
import { createIdentityApi, type IdentityApi, statusOf } from './identity-api.ts';

let backend: Backend;
let api: IdentityApi;
let http: Http;
let admin: Person;
let minji: Person;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());
beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
  const { table } = api;
  const workspaces = workspaceUseCases({
    workspaces: createWorkspaceStore(table),
    members: createMemberStore(table),
    quotas: createQuotaStore(table),
    users: userStore(table),
    credentials: { removals: async () => [] },
  });
  http = createInProcessHttp({
    ...api.handlers,
    'workspaces-api': createApi(workspaceRoutes, workspaces, api.dependencies),
  });
  [admin, minji] = [await register(http, 'admin'), await register(http, 'minji')];
});

const remove = (person: Person, id: string) => http('DELETE', `/users/${id}`, { token: person.token });
const membersOf = async (workspaceId: string): Promise<string[]> => {
  const { body } = await http('GET', `/workspaces/${workspaceId}/members`, { token: admin.token });
  return body.data.members.map(({ user_id }: { user_id: string }) => user_id);
};

describe('a user who owns workspaces', () => {
  it('is not deleted, and is told how many block it', async () => {
    await makeWorkspace(http, minji, 'one');
    await makeWorkspace(http, minji, 'two');
    for (const by of [minji, admin]) {
      const { status, body } = await remove(by, minji.id);
      expect([status, body.code, body.data]).toEqual([409, 'CONFLICT', { blocking: { workspaces: 2 } }]);
    }
    expect(await statusOf(http, minji.token)).toBe(200);
  });

  it('is deleted once they are gone', async () => {
    const id = await makeWorkspace(http, minji);
    await http('DELETE', `/workspaces/${id}`, { token: minji.token });
    expect((await remove(minji, minji.id)).status).toBe(200);
  });

  it('is never left without an owner by a race of the two', async () => {
    for (let round = 0; round < 10; round += 1) {
      const person = await register(http);
      const [deletion, creation] = await Promise.all([
        remove(person, person.id),
        http('POST', '/workspaces', { token: person.token, body: { name: 'just in time' } }),
      ]);
      const isGone = deletion.status === 200;
      expect([200, 409]).toContain(deletion.status);
      expect(creation.status === 201).toBe(!isGone);
    }
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
      expect(addition.status).toBe(isGone ? 404 : 200);
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
