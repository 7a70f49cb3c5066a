import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Table } from '../../../functions/platform/table/types.ts';
import type { HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { createIdentityApi, type IdentityApi, login } from './identity-api.ts';
import { withoutConditions } from './unguarded-table.ts';

let backend: Backend;
let api: IdentityApi;
let admin: Person;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());
beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
  admin = await register(api.http, 'admin');
});

type Act = (api: IdentityApi, by: Person, id: string) => Promise<HttpAnswer>;
const acts: Record<string, Act> = {
  demoted: ({ http }, { token }, id) => http('PUT', `/users/${id}`, { token, body: { role: 'user' } }),
  disabled: ({ http }, { token }, id) => http('PUT', `/users/${id}`, { token, body: { is_active: false } }),
  deleted: ({ http }, { token }, id) => http('DELETE', `/users/${id}`, { token }),
};

async function promote(count: number): Promise<Person[]> {
  const people = await Promise.all(Array.from({ length: count }, () => register(api.http)));
  for (const { id } of people) await api.http('PUT', `/users/${id}`, { token: admin.token, body: { role: 'admin' } });
  return people;
}

/** The active admins, by the set that guards them and by what their calls are allowed by. */
async function adminsOf(table: Table, people: readonly Person[]) {
  const principals = await table.getMany(people.map(({ id }) => ({ pk: `PRINCIPAL#${id}`, sk: 'PRINCIPAL' })));
  const listed = (await table.get({ pk: 'SYSTEM', sk: 'ADMINS' }))?.['ids'] as Set<string> | undefined;
  const allowed = principals.filter(({ role, state }) => role === 'admin' && state === 'active');
  return { listed: listed?.size ?? 0, allowed: allowed.length };
}

for (const [done, act] of Object.entries(acts)) {
  describe(`the last admin, ${done}`, () => {
    it('is CONFLICT, and stays the admin', async () => {
      const { status, body } = await act(api, admin, admin.id);
      expect([status, body.code, body.error]).toEqual([409, 'CONFLICT', 'there must be at least one active admin']);
      expect((await api.http('GET', '/auth/me', { token: admin.token })).body.data.role).toBe('admin');
      expect((await login(api.http, admin.email)).status).toBe(200);
    });

    it('may be so once there is another one', async () => {
      const [second] = await promote(1);
      expect((await act(api, admin, admin.id)).status).toBe(200);
      expect((await act(api, second as Person, second?.id ?? '')).status).toBe(409);
    });

    it('is never the outcome of many at once: one is left', async () => {
      const people = [admin, ...(await promote(7))];
      const answers = await Promise.all(people.map((person) => act(api, person, person.id)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(1);
      expect(await adminsOf(api.table, people)).toEqual({ listed: 1, allowed: 1 });
    });

    it('without the condition is none that is left (control)', async () => {
      const people = [admin, ...(await promote(7))];
      const unguarded = withoutConditions(api.table, ({ sk }) => sk === 'ADMINS');
      const bare = createIdentityApi(unguarded, { like: api });
      await Promise.all(people.map((person) => act(bare, person, person.id)));
      expect(unguarded.lifted).toBe(8);
      expect(await adminsOf(api.table, people)).toEqual({ listed: 0, allowed: 0 });
    });
  });
}

it('an admin who is disabled does not count, and counts again when enabled', async () => {
  const [second] = await promote(1);
  const set = (is_active: boolean) =>
    api.http('PUT', `/users/${second?.id}`, { token: admin.token, body: { is_active } });
  const demote = () => acts['demoted']?.(api, admin, admin.id);
  expect((await set(false)).status).toBe(200);
  expect((await demote())?.status).toBe(409);
  expect((await set(true)).status).toBe(200);
  expect((await demote())?.status).toBe(200);
});

it('two admins who demote each other at once leave one', async () => {
  for (let round = 0; round < 10; round += 1) {
    api = createIdentityApi((await backend.makeTable()).table);
    admin = await register(api.http, 'admin');
    const [second] = await promote(1);
    const other = second as Person;
    const demote = acts['demoted'] as Act;
    const answers = await Promise.all([demote(api, admin, other.id), demote(api, other, admin.id)]);
    expect(answers.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1);
    expect(await adminsOf(api.table, [admin, other])).toEqual({ listed: 1, allowed: 1 });
  }
});
