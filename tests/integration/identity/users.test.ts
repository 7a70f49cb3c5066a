import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addressees } from '../../../functions/identity/index.ts';
import { recentAuditRows } from '../../support/audit-rows.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { addressOf, createIdentityApi, type IdentityApi, login, password, statusOf } from './identity-api.ts';
import { mailOf } from './mailbox.ts';

let backend: Backend;
let api: IdentityApi;
let admin: Person;
let minji: Person;
let other: Person;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());
beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
  admin = await register(api.http, 'admin');
  [minji, other] = [await register(api.http, 'minji'), await register(api.http, 'other')];
});

const get = (person: Person, id: string) => api.http('GET', `/users/${id}`, { token: person.token });
const put = (person: Person, id: string, body: Record<string, unknown>, headers: Record<string, string> = {}) =>
  api.http('PUT', `/users/${id}`, { token: person.token, body, headers });
const setRole = (id: string, role: string) => put(admin, id, { role });

describe('a user', () => {
  it('is read by itself and by who may read users, and is NOT_FOUND to anybody else', async () => {
    const missing = await get(admin, randomUUID());
    const foreign = await get(other, minji.id);
    const plain = ({ body }: typeof missing) => ({ ...body, request_id: '', timestamp: '' });
    expect([missing.status, foreign.status]).toEqual([404, 404]);
    expect(plain(foreign)).toEqual(plain(missing));
    for (const reader of [minji, admin]) {
      const { status, body, headers } = await get(reader, minji.id);
      expect([status, headers.get('etag')]).toEqual([200, '"1"']);
      expect(body.data).toMatchObject({ id: minji.id, email: minji.email, role: 'user', email_verified: false });
      expect(Object.keys(body.data)).not.toContain('version');
    }
  });

  it('knows itself, and what it may do', async () => {
    const [mine, admins] = [
      await api.http('GET', '/auth/me', { token: minji.token }),
      await api.http('GET', '/auth/me', { token: admin.token }),
    ];
    expect(mine.body.data).toMatchObject({ id: minji.id, email: minji.email, permissions: [] });
    expect(admins.body.data.permissions).toHaveLength(8);
  });

  it('changes its names and image, a viewer too', async () => {
    await setRole(minji.id, 'viewer');
    const image = 'https://example.com/minji.png';
    const { status, body, headers } = await put(minji, minji.id, {
      name: '김 민지',
      username: 'minji 2',
      profile_image: image,
    });
    expect([status, headers.get('etag')]).toEqual([200, '"3"']);
    expect(body.data).toMatchObject({ name: '김 민지', username: 'minji 2', profile_image: image, role: 'viewer' });
    expect((await put(minji, minji.id, { profile_image: null })).body.data.profile_image).toBeNull();
    expect((await login(api.http, minji.email)).body.data.user).toMatchObject({ name: '김 민지', profile_image: null });
  });

  it('that changes nothing keeps its version', async () => {
    const { status, headers } = await put(minji, minji.id, { name: 'minji' });
    expect([status, headers.get('etag')]).toEqual([200, '"1"']);
    expect((await put(minji, minji.id, {})).status).toBe(200);
  });

  it('changes neither its own role nor whether it is active, nor anybody else', async () => {
    for (const body of [{ role: 'admin' }, { is_active: false }, { name: 'minji', role: 'user' }]) {
      expect((await put(minji, minji.id, body)).status, JSON.stringify(body)).toBe(403);
    }
    expect((await put(minji, other.id, { name: 'mine now' })).status).toBe(404);
    expect((await api.http('DELETE', `/users/${other.id}`, { token: minji.token })).status).toBe(404);
    expect((await get(admin, other.id)).body.data.name).toBe('other');
  });

  it('refuses what it does not know or can not be', async () => {
    for (const body of [
      { id: randomUUID() },
      { email_verified: true },
      { role: 'owner' },
      { name: 'a' },
      { profile_image: 'http://example.com/a.png' },
      { email: 'x' },
    ]) {
      expect((await put(admin, minji.id, body)).status, JSON.stringify(body)).toBe(400);
    }
    expect((await put(admin, randomUUID(), { name: 'nobody' })).status).toBe(404);
  });

  it('is changed only as it was read, where If-Match says what that was', async () => {
    expect((await put(minji, minji.id, { name: 'one' }, { 'if-match': '"1"' })).status).toBe(200);
    const stale = await put(minji, minji.id, { name: 'two' }, { 'if-match': '"1"' });
    expect([stale.status, stale.body.code, stale.body.data.version]).toEqual([409, 'CONFLICT', 2]);
  });

  it('of many changes at once loses none in silence', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => put(minji, minji.id, { name: `name ${at}` })),
    );
    const done = answers.filter(({ status }) => status === 200).length;
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(10 - done);
    expect((await get(minji, minji.id)).headers.get('etag')).toBe(`"${done + 1}"`);
  });
});

describe("a user's address", () => {
  it('moves with its sign-in, is unverified, and frees the old one', async () => {
    const email = addressOf('New');
    expect((await put(minji, minji.id, { email })).body.data).toMatchObject({ email, email_verified: false });
    expect((await login(api.http, minji.email)).status).toBe(401);
    expect((await login(api.http, email.toLowerCase())).status).toBe(200);
    expect(
      (await api.http('POST', '/auth/register', { body: { username: 'heir', email: minji.email, password } })).status,
    ).toBe(201);
  });

  it('that was verified is kept for the sender of mails, is shown to nobody else, and goes with the user', async () => {
    const { code } = await mailOf(api.table, minji.id, 'verify_email');
    await api.http('POST', '/auth/verify-email', { token: minji.token, body: { code } });
    const email = addressOf('new');
    const answers = [
      await put(minji, minji.id, { email }),
      await get(admin, minji.id),
      await login(api.http, email),
      await api.http('GET', '/auth/me', { token: minji.token }),
      await api.http('GET', '/users', { token: admin.token }),
    ];
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toContain(minji.email);
      expect(JSON.stringify(body)).not.toContain('previous');
    }
    const { find } = addressees(api.table);
    const left = { email: minji.email, left_at: expect.stringMatching(/Z$/) };
    expect(await find(minji.id, new Date())).toEqual({
      email,
      email_verified: false,
      is_active: true,
      previous: [left],
    });
    expect((await find(minji.id, new Date(Date.now() + 8 * 86_400_000)))?.previous).toEqual([]);
    await api.http('DELETE', `/users/${minji.id}`, { token: minji.token });
    expect(await find(minji.id, new Date())).toBeUndefined();
    expect(JSON.stringify(await api.table.queryAll({ pk: `USER#${minji.id}` }))).not.toContain(minji.email);
  });

  it('is nobody else’s: a taken one is CONFLICT, in whatever case, and nothing moves', async () => {
    const { status, body } = await put(minji, minji.id, { email: other.email.toUpperCase(), name: 'both' });
    expect([status, body.code, body.error]).toEqual([409, 'CONFLICT', 'this e-mail address is taken']);
    expect((await get(minji, minji.id)).body.data).toMatchObject({ email: minji.email, name: 'minji' });
  });

  it('may change its case', async () => {
    const email = minji.email.toUpperCase();
    expect((await put(minji, minji.id, { email })).body.data.email).toBe(email);
    expect((await login(api.http, minji.email)).body.data.user.email).toBe(email);
  });

  it('that several want at once goes to one', async () => {
    const people = await Promise.all(Array.from({ length: 10 }, () => register(api.http)));
    const email = addressOf('wanted');
    const answers = await Promise.all(people.map((person) => put(person, person.id, { email })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    const winner = people[answers.findIndex(({ status }) => status === 200)];
    expect((await login(api.http, email)).body.data.user.id).toBe(winner?.id);
  });
});

describe('a deleted user', () => {
  const remove = (person: Person, id: string) => api.http('DELETE', `/users/${id}`, { token: person.token });

  it('is gone at the next request: token, sign-in, account; its address is free; its audit rows stay', async () => {
    const { status, body } = await remove(minji, minji.id);
    expect([status, body.message]).toEqual([200, 'user deleted']);
    expect(await statusOf(api.http, minji.token)).toBe(401);
    expect((await login(api.http, minji.email)).status).toBe(401);
    expect((await get(admin, minji.id)).status).toBe(404);
    expect(api.accounts.userIds()).not.toContain(minji.id);
    const heir = await api.http('POST', '/auth/register', { body: { username: 'heir', email: minji.email, password } });
    expect(heir.status).toBe(201);
    expect(heir.body.data.user.id).not.toBe(minji.id);
    const rows = await recentAuditRows(api.table, minji.id);
    expect(rows.map(({ action }) => action)).toEqual(['register', 'delete']);
  });

  it('leaves no item but its audit rows', async () => {
    await remove(admin, minji.id);
    const keys = [
      { pk: `USER#${minji.id}`, sk: 'USER' },
      { pk: `PRINCIPAL#${minji.id}`, sk: 'PRINCIPAL' },
      { pk: 'EMAIL', sk: minji.email },
    ];
    expect(await api.table.getMany(keys)).toEqual([]);
  });

  it('is NOT_FOUND a second time', async () => {
    await remove(admin, minji.id);
    expect((await remove(admin, minji.id)).status).toBe(404);
  });

  it('is so even where Cognito does not follow: its account opens nothing, and the log tells', async () => {
    const away = createIdentityApi(api.table, {
      like: api,
      accounts: { remove: () => Promise.reject(new Error('Cognito is away')) },
    });
    expect((await away.http('DELETE', `/users/${minji.id}`, { token: minji.token })).status).toBe(200);
    expect(away.logged.filter(({ message }) => message?.includes('account'))).toHaveLength(1);
    expect((await login(api.http, minji.email)).status).toBe(401);
  });
});
