import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '../../../contracts/routes.ts';
import { hashApiKey } from '../../../functions/platform/auth/api-key.ts';
import { recentAuditRows } from '../../support/audit-rows.ts';
import { spentOf } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { steadyAhead } from '../../support/steady-hour.ts';
import { createIdentityApi, type IdentityApi } from './identity-api.ts';
import { withoutConditions } from './unguarded-table.ts';

const hourMs = 3_600_000;

let backend: Backend;
let api: IdentityApi;
let admin: Person;
let minji: Person;

beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());
beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
  [admin, minji] = [await register(api.http, 'admin'), await register(api.http, 'minji')];
});

const make = (by: Person, body: object = {}, headers = {}, { http } = api) =>
  http('POST', '/auth/api-keys', { token: by.token, body: { name: 'deployments', ...body }, headers });
const keyOf = async (by: Person, body: object = {}) => {
  const { data } = (await make(by, body)).body;
  return data as { id: string; key: string };
};
const list = async (by: Person) =>
  (await api.http('GET', '/auth/api-keys?limit=100', { token: by.token })).body.data.api_keys;
const withKey = (key: string, method = 'GET', path = '/auth/me', body?: object) =>
  api.http(method, path, { headers: { 'x-api-key': key }, ...(body && { body }) });
const change = (person: Person, body: object) => api.http('PUT', `/users/${person.id}`, { token: admin.token, body });
const itemOf = (person: Person, id: string) => api.table.get({ pk: `USER#${person.id}`, sk: `APIKEY#${id}` });

describe('a key', () => {
  it('is shown once, and stored as its hash alone', async () => {
    const { status, body } = await make(minji, { name: ' deployments ' });
    expect(status).toBe(201);
    const { key, ...shown } = body.data;
    expect(key).toMatch(/^sk_[\w-]{86}$/);
    expect(shown).toEqual({
      id: expect.any(String),
      name: 'deployments',
      prefix: key.slice(0, 15),
      role: 'user',
      expires_at: null,
      created_at: expect.any(String),
      last_used_at: null,
    });
    expect(await list(minji)).toEqual([shown]);
    const item = await itemOf(minji, shown.id);
    expect(item?.['hash']).toEqual(hashApiKey(key));
    const kept = await api.table.queryAll({ pk: `USER#${minji.id}` });
    expect(JSON.stringify(kept)).not.toContain(key.slice(20));
  });

  it('is not shown again to a repeat of its idempotency key, which makes none', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const first = await make(minji, {}, headers);
    const again = await make(minji, {}, headers);
    expect([again.status, again.body.data]).toEqual([201, { ...first.body.data, key: null, already_shown: true }]);
    expect(await list(minji)).toHaveLength(1);
  });

  it('that has ended since is still what its idempotency key was answered', async () => {
    const body = { expires_at: new Date(Date.now() + 60_000).toISOString() };
    const headers = { 'idempotency-key': randomUUID() };
    const first = await make(minji, body, headers);
    api.advance(120_000);
    const again = await make(minji, body, headers);
    expect([again.status, again.body.data]).toEqual([201, { ...first.body.data, key: null, already_shown: true }]);
    expect((await make(minji, body, { 'idempotency-key': randomUUID() })).status).toBe(400);
    expect(await list(minji)).toHaveLength(1);
  });

  it('calls in its user’s name, and says when it did so last', async () => {
    const { id, key } = await keyOf(minji);
    const { status, body } = await withKey(key);
    expect([status, body.data.id]).toEqual([200, minji.id]);
    const [{ last_used_at }] = await list(minji);
    expect(Math.abs(Date.now() - Date.parse(last_used_at))).toBeLessThan(60_000);
    const rows = await recentAuditRows(api.table, minji.id);
    expect(rows.filter((row) => row['key_id'] === id).map((row) => [row['user_id'], row['action']])).toEqual([
      [minji.id, 'read'],
    ]);
  });

  it('costs one conditional write and, at the same time, one read more than a token', async () => {
    api.advance(steadyAhead());
    const { key } = await keyOf(minji);
    await withKey(key);
    const [byKey, byToken] = [await withKey(key), await api.http('GET', '/auth/me', { token: minji.token })];
    const [mine, theirs] = [spentOf(byKey), spentOf(byToken)];
    expect([mine.trips - theirs.trips, mine.wcu - theirs.wcu, mine.rcu - theirs.rcu]).toEqual([1, 0, 1]);
  });

  it('is its user’s own: nobody else lists or revokes it', async () => {
    const { id, key } = await keyOf(minji);
    expect(await list(admin)).toEqual([]);
    const { status } = await api.http('DELETE', `/auth/api-keys/${id}`, { token: admin.token });
    expect(status).toBe(404);
    expect((await withKey(key)).status).toBe(200);
  });
});

describe('a key is refused', () => {
  it('in the sentence of a bad token, whatever is wrong with it', async () => {
    const { id, key } = await keyOf(minji);
    const revoked = await keyOf(minji);
    await api.http('DELETE', `/auth/api-keys/${revoked.id}`, { token: minji.token });
    const bytes = Buffer.from(key.slice(3), 'base64url');
    const altered = (at: number) => {
      const other = Buffer.from(bytes);
      other[at] = (other[at] ?? 0) ^ 1;
      return `sk_${other.toString('base64url')}`;
    };
    const foreign = Buffer.from(bytes);
    Buffer.from(admin.id.replaceAll('-', ''), 'hex').copy(foreign, 16);
    // The last of 86 characters has two bits that say nothing.
    const slack = `${key.slice(0, -1)}${String.fromCharCode(key.charCodeAt(key.length - 1) + 1)}`;
    const bad = {
      revoked: revoked.key,
      'another secret': altered(63),
      'another id': altered(15),
      'of nobody': altered(31),
      'of another user': `sk_${foreign.toString('base64url')}`,
      'the same bytes in other characters': slack,
      'cut short': key.slice(0, -1),
      'too long': `${key}A`,
      'another word': key.replace('sk_', 'rt_'),
      'its prefix': key.slice(0, 15),
      'its id': id,
      'its hash': Buffer.from(hashApiKey(key)).toString('base64url'),
      empty: '',
      'a token': minji.token,
    };
    for (const [what, text] of Object.entries(bad)) {
      const { status, body } = await withKey(text);
      expect([status, body.code, body.error, body.data], what).toEqual([
        401,
        'UNAUTHORIZED',
        'a valid token or API key is required',
        {},
      ]);
    }
    expect((await withKey(key)).status).toBe(200);
  });

  it('from the moment on at which it ends', async () => {
    const { key } = await keyOf(minji, { expires_at: new Date(Date.now() + hourMs).toISOString() });
    expect((await withKey(key)).status).toBe(200);
    api.advance(hourMs + 1);
    expect((await withKey(key)).body.code).toBe('UNAUTHORIZED');
  });

  it('from the next request on when its user is disabled, and not when enabled again', async () => {
    const { key } = await keyOf(minji);
    await change(minji, { is_active: false });
    expect((await withKey(key)).body.code).toBe('UNAUTHORIZED');
    await change(minji, { is_active: true });
    expect((await withKey(key)).status).toBe(200);
  });

  it('beside a token, as a request that says two things', async () => {
    const { key } = await keyOf(minji);
    const { status, body } = await api.http('GET', '/auth/me', { token: minji.token, headers: { 'x-api-key': key } });
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
  });

  it('when its user is deleted, and its item goes too', async () => {
    const keys = [await keyOf(minji), await keyOf(minji)];
    expect((await api.http('DELETE', `/users/${minji.id}`, { token: minji.token })).status).toBe(200);
    for (const { id, key } of keys) {
      expect((await withKey(key)).body.code).toBe('UNAUTHORIZED');
      expect(await itemOf(minji, id)).toBeUndefined();
    }
  });
});

describe('what a key may do', () => {
  it('is its own role, and no more than its user’s as it is now', async () => {
    const whole = await keyOf(admin);
    const narrow = await keyOf(admin, { role: 'user' });
    const reads = async ({ key }: { key: string }) => (await withKey(key, 'GET', `/users/${minji.id}`)).status;
    expect([await reads(whole), await reads(narrow)]).toEqual([200, 404]);
    expect((await withKey(narrow.key)).body.data.permissions).toEqual([]);
    await change(minji, { role: 'admin' });
    await api.http('PUT', `/users/${admin.id}`, { token: minji.token, body: { role: 'user' } });
    expect(await reads(whole)).toBe(404);
    expect((await list(admin)).map(({ role }: { role: string }) => role)).toEqual(['user', 'user']);
  });

  it('is never more than its maker might: such a key is not made', async () => {
    const { status, body } = await make(minji, { role: 'admin' });
    expect([status, body.code]).toEqual([403, 'FORBIDDEN']);
    expect(await list(minji)).toEqual([]);
  });

  it('is no more than a viewer where it is one', async () => {
    const { key } = await keyOf(minji, { role: 'viewer' });
    expect((await withKey(key, 'PUT', `/users/${minji.id}`, { name: 'Kim Minji' })).status).toBe(200);
  });

  it('is nothing that takes a session', async () => {
    const { id, key } = await keyOf(admin);
    const refused = Object.values(routes).filter(({ sessionOnly, fn }) => sessionOnly === true && fn !== 'system-api');
    expect(refused.map((route) => route.id)).toEqual(
      expect.arrayContaining(['auth.logout', 'apikeys.create', 'apikeys.list', 'apikeys.delete']),
    );
    for (const route of refused) {
      const { status, body } = await withKey(key, route.method, route.path.replace('{id}', id), route.body && {});
      expect([status, body.code, body.error], route.id).toEqual([
        403,
        'FORBIDDEN',
        'this takes a signed-in session, not an API key',
      ]);
    }
    expect(await list(admin)).toHaveLength(1);
  });

  it('is not to make an admin, who would outlive it', async () => {
    const { key } = await keyOf(admin);
    const newcomer = { email: 'newcomer@example.com', password: 'correct horse 1' };
    const refused = [
      await withKey(key, 'POST', '/users', { ...newcomer, role: 'admin' }),
      await withKey(key, 'PUT', `/users/${minji.id}`, { role: 'admin' }),
    ];
    for (const { status, body } of refused)
      expect([status, body.code, body.error]).toEqual([
        403,
        'FORBIDDEN',
        'this takes a signed-in session, not an API key',
      ]);
    expect((await withKey(key, 'POST', '/users', newcomer)).status).toBe(201);
    expect((await withKey(key, 'PUT', `/users/${minji.id}`, { role: 'viewer' })).status).toBe(200);
    expect((await change(minji, { role: 'admin' })).status).toBe(200);
  });

  it('is neither to change an address nor to delete its own user', async () => {
    const { key } = await keyOf(admin);
    const own = `/users/${admin.id}`;
    expect((await withKey(key, 'PUT', own, { email: 'other@example.com' })).body.code).toBe('FORBIDDEN');
    expect((await withKey(key, 'PUT', `/users/${minji.id}`, { email: 'other@example.com' })).body.code).toBe(
      'FORBIDDEN',
    );
    expect((await withKey(key, 'DELETE', own)).body.code).toBe('FORBIDDEN');
    expect((await withKey(key, 'DELETE', `/users/${minji.id}`)).status).toBe(200);
  });
});

describe('the number of a user’s keys', () => {
  const most = 20;

  it('is 20 however many are made at once, and revoking makes room', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => make(minji)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(most);
    const refused = answers.filter(({ status }) => status !== 201);
    for (const { status, body } of refused) expect([status, body.data]).toEqual([409, { max: most }]);
    expect(await list(minji)).toHaveLength(most);
    const [one] = made;
    const revoke = () => api.http('DELETE', `/auth/api-keys/${one?.body.data.id}`, { token: minji.token });
    expect((await Promise.all([revoke(), revoke(), revoke()])).map(({ status }) => status).toSorted()).toEqual([
      200, 404, 404,
    ]);
    expect((await Promise.all([make(minji), make(minji)])).map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });

  it('is passed where the count does not guard (control)', async () => {
    const table = withoutConditions(api.table, ({ sk }) => sk === 'PRINCIPAL');
    const careless = createIdentityApi(table, { like: api });
    for (let at = 0; at < most; at += 1) await make(minji);
    expect((await make(minji, {}, {}, careless)).status).toBe(201);
    expect(table.lifted).toBeGreaterThan(0);
    expect(await list(minji)).toHaveLength(most + 1);
  });
});

describe('the limit of a key', () => {
  it('is its own, counted exactly, and not its user’s', async () => {
    const tight = createIdentityApi(api.table, { like: api, limits: { api_key: 5, user: 1_000 } });
    const { key } = await keyOf(minji);
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => tight.http('GET', '/auth/me', { headers: { 'x-api-key': key } })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    for (const { status, headers } of answers) {
      expect(headers.get('x-ratelimit-limit')).toBe('5');
      if (status !== 200) expect([status, headers.get('retry-after') === null]).toEqual([429, false]);
    }
    expect((await tight.http('GET', '/auth/me', { token: minji.token })).status).toBe(200);
    const other = await keyOf(minji);
    expect((await tight.http('GET', '/auth/me', { headers: { 'x-api-key': other.key } })).status).toBe(200);
  });
});

describe('making a key is refused', () => {
  it('with an end that has passed, or a name of nothing', async () => {
    for (const body of [{ expires_at: new Date(Date.now() - 1).toISOString() }, { name: ' ' }, { role: 'root' }])
      expect((await make(minji, body)).body.code, JSON.stringify(body)).toBe('VALIDATION_ERROR');
  });
});
