import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import { codeLifetimeMs } from '../../../functions/identity/domain/code.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { spentOf } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { steadyAhead } from '../../support/steady-hour.ts';
import { addressOf, createIdentityApi, type IdentityApi, login, password } from './identity-api.ts';
import { mailOf } from './mailbox.ts';

let backend: Backend;
let api: IdentityApi;
let admin: Person;

beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());
beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
  api.advance(steadyAhead());
  admin = await register(api.http, 'admin');
});

const create = (body: object, headers = {}, by = admin, { http } = api) =>
  http('POST', '/users', { token: by.token, body, headers });
const list = async (query = '', by = admin) => (await api.http('GET', `/users?${query}`, { token: by.token })).body;
const codeOf = (id: string, purpose: string) => api.table.get({ pk: `USER#${id}`, sk: `CODE#${purpose}` });

describe('a user that an admin creates', () => {
  it('is invited by mail where it has no password, and can not sign in before', async () => {
    const email = addressOf();
    const { status, body, headers } = await create({ email });
    expect([status, headers.get('etag')]).toEqual([201, '"1"']);
    const name = email.split('@')[0]?.slice(0, 50);
    expect(body.data).toMatchObject({
      email,
      name,
      username: name,
      role: 'user',
      is_active: true,
      email_verified: false,
    });
    expect(await codeOf(body.data.id, 'invite')).toMatchObject({ user_id: body.data.id, tries: 0 });
    expect((await login(api.http, email)).status).toBe(401);
    expect(api.accounts.userIds()).toContain(body.data.id);
  });

  it('chooses a password by the code of its invitation, which proves the address, and signs in', async () => {
    const email = addressOf();
    const { data } = (await create({ email, role: 'viewer' })).body;
    const { code, email: mailedTo } = await mailOf(api.table, data.id, 'invite');
    expect(mailedTo).toBe(email);
    const choose = (typed: string, by = email) =>
      api.http('POST', '/auth/password/reset', { body: { email: by, code: typed, new_password: password } });
    for (const answer of [await choose('0000-0000-0000'), await choose(code, admin.email)])
      expect(answer.body.code).toBe('VALIDATION_ERROR');
    expect((await login(api.http, email)).status).toBe(401);

    expect((await choose(code)).status).toBe(200);
    const session = (await login(api.http, email)).body.data;
    expect(session.user).toMatchObject({ id: data.id, email, email_verified: true, role: 'viewer' });
    expect((await api.http('GET', '/auth/me', { token: session.token })).body.data).toMatchObject({
      id: data.id,
      email_verified: true,
    });
    // Once: the code is spent, and no other for this purpose is left.
    expect((await choose(code)).body.code).toBe('VALIDATION_ERROR');
    expect(await codeOf(data.id, 'invite')).toBeUndefined();
  });

  it('is invited anew where its address is changed before it came: the code of the first is none any more', async () => {
    const [wrong, right] = [addressOf('wrong'), addressOf('right')];
    const { data } = (await create({ email: wrong }, { 'accept-language': 'ko' })).body;
    const first = await mailOf(api.table, data.id, 'invite');
    const moved = await api.http('PUT', `/users/${data.id}`, { token: admin.token, body: { email: right } });
    expect(moved.status).toBe(200);
    const second = await mailOf(api.table, data.id, 'invite');
    expect(second).toMatchObject({ email: right, language: 'ko' });
    expect(await codeOf(data.id, 'verify_email')).toBeUndefined();
    const choose = (code: string) =>
      api.http('POST', '/auth/password/reset', { body: { email: right, code, new_password: password } });
    expect((await choose(first.code)).status).toBe(400);
    expect((await choose(second.code)).status).toBe(200);
    expect((await login(api.http, right)).body.data.user).toMatchObject({ id: data.id, email_verified: true });
    // It has a session to verify the next one in.
    await api.http('PUT', `/users/${data.id}`, { token: admin.token, body: { email: addressOf('next') } });
    expect(await codeOf(data.id, 'invite')).toBeUndefined();
    expect(await codeOf(data.id, 'verify_email')).toBeDefined();
  });

  it('of an invitation that has ended asks for a code by its address, and signs in', async () => {
    const email = addressOf();
    const { data } = (await create({ email })).body;
    const { code } = await mailOf(api.table, data.id, 'invite');
    api.advance(codeLifetimeMs.invite + 1_000);
    const choose = (typed: string) =>
      api.http('POST', '/auth/password/reset', { body: { email, code: typed, new_password: password } });
    expect((await choose(code)).body.code).toBe('VALIDATION_ERROR');
    await api.http('POST', '/auth/password/forgot', { body: { email } });
    const now = new Date(Date.now() + codeLifetimeMs.invite + 1_000);
    expect((await choose((await mailOf(api.table, data.id, 'reset_password', now)).code)).status).toBe(200);
    expect((await login(api.http, email)).status).toBe(200);
  });

  it('signs in at once with the password that it was given', async () => {
    const email = addressOf();
    const { data } = (await create({ email, username: 'Kim Minji', role: 'viewer', password })).body;
    expect(data).toMatchObject({ username: 'Kim Minji', name: 'Kim Minji', role: 'viewer' });
    const session = (await login(api.http, email)).body.data;
    expect(session.user.id).toBe(data.id);
    expect((await api.http('GET', '/users', { token: session.token })).body.code).toBe('FORBIDDEN');
    expect(await codeOf(data.id, 'invite')).toBeUndefined();
  });

  it('may be an admin, and the last one is still never lost', async () => {
    const { data } = (await create({ email: addressOf(), role: 'admin', password })).body;
    expect((await api.http('DELETE', `/users/${admin.id}`, { token: admin.token })).status).toBe(200);
    const heir = (await login(api.http, data.email)).body.data.token;
    expect((await api.http('DELETE', `/users/${data.id}`, { token: heir })).body.code).toBe('CONFLICT');
  });

  it('is one, of many with one idempotency key, and so is its account', async () => {
    const [body, headers] = [{ email: addressOf() }, { 'idempotency-key': randomUUID() }];
    const answers = await Promise.all(Array.from({ length: 10 }, () => create(body, headers)));
    const again = await create(body, headers);
    // Who comes while it is in flight may come again.
    const done = [...answers, again].filter(({ status }) => status !== 409);
    expect(done.length).toBeGreaterThan(1);
    expect(new Set(done.map((answer) => `${answer.status} ${answer.body.data.id}`)).size).toBe(1);
    expect(api.accounts.userIds().toSorted()).toEqual([admin.id, again.body.data.id].toSorted());
  });

  it('of a key that is in flight is not made by another call, which may come again', async () => {
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let accountsMade = 0;
    const slow = createIdentityApi(api.table, {
      like: api,
      accounts: {
        create: async (...given) => {
          accountsMade += 1;
          begun.resolve();
          await goOn.promise;
          return api.accounts.create(...given);
        },
      },
    });
    const body = { email: addressOf() };
    const headers = { 'idempotency-key': randomUUID() };
    const first = create(body, headers, admin, slow);
    await begun.promise;
    const second = await create(body, headers, admin, slow);
    const foreign = await create({ email: addressOf() }, headers, admin, slow);
    goOn.resolve();
    expect([second.status, second.body.error]).toEqual([409, 'a request with this idempotency key is at work already']);
    expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(second.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect([foreign.status, foreign.body.error]).toEqual([409, 'this idempotency key was used with another request']);
    const made = await first;
    const again = await create(body, headers, admin, slow);
    expect([made.status, again.status, again.body.data]).toEqual([201, 201, made.body.data]);
    expect(accountsMade).toBe(1);
  });

  it('of a key whose first call was refused, or was cut off a minute ago, is made by the next', async () => {
    const body = { email: addressOf() };
    const headers = { 'idempotency-key': randomUUID() };
    const away = createIdentityApi(api.table, {
      like: api,
      accounts: { create: () => Promise.reject(unavailable(5)) },
    });
    expect((await create(body, headers, admin, away)).status).toBe(503);
    // It can't even take back that it began.
    const table: Table = {
      ...api.table,
      write: (write, returning) =>
        'delete' in write ? Promise.reject(new Error('cut off')) : api.table.write(write, returning),
    };
    const dying = createIdentityApi(table, {
      like: api,
      accounts: { create: () => Promise.reject(new Error('cut off')) },
    });
    expect((await create(body, headers, admin, dying)).status).toBe(500);
    expect((await create(body, headers)).status).toBe(409);
    api.advance(61_000);
    expect((await create(body, headers)).status).toBe(201);
  });

  it('is refused under a taken address, and leaves no account', async () => {
    const before = api.accounts.userIds();
    for (const email of [admin.email, admin.email.toUpperCase()]) {
      const { status, body } = await create({ email });
      expect([status, body.code]).toEqual([409, 'CONFLICT']);
    }
    const email = addressOf();
    const answers = await Promise.all(Array.from({ length: 5 }, () => create({ email })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
    expect(api.accounts.userIds()).toHaveLength(before.length + 1);
  });

  it('leaves no account where Cognito takes no more, though it may have been made', async () => {
    const before = api.accounts.userIds();
    const busy = createIdentityApi(api.table, {
      like: api,
      accounts: {
        async create(...given) {
          await api.accounts.create(...given);
          throw unavailable(5);
        },
      },
    });
    expect((await create({ email: addressOf() }, {}, admin, busy)).status).toBe(503);
    expect(api.accounts.userIds()).toEqual(before);
  });

  it('is made by nobody else', async () => {
    const user = await register(api.http, 'user');
    expect((await create({ email: addressOf() }, {}, user)).body.code).toBe('FORBIDDEN');
  });
});

describe('the list of users', () => {
  const names = ['berta', 'Anton', 'cäsar', 'dora'];
  beforeEach(async () => {
    for (const [at, name] of names.entries())
      await create({ email: `${9 - at}-${name.replace('ä', 'a')}@example.com`, username: name });
  });
  const usernames = ({ data }: { data: { users: { username: string }[] } }) =>
    data.users.map(({ username }) => username);

  it.each([
    ['created_at:asc', ['admin', ...names]],
    ['created_at:desc', [...names.toReversed(), 'admin']],
    ['username:asc', ['admin', 'Anton', 'berta', 'cäsar', 'dora']],
    ['email:desc', ['admin', ...names]],
  ])('sorted by %s is in that order, page by page too', async (sort, wanted) => {
    const whole = await list(`sort=${sort}`);
    expect(usernames(whole)).toEqual(wanted);
    expect(whole.data.pagination).toMatchObject({ total: 5, has_next: false, has_prev: false, next_cursor: null });
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await list(`sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`);
      found.push(...usernames(page));
      expect(page.data.pagination.total).toBe(5);
      cursor = page.data.pagination.next_cursor;
    }
    expect(found).toEqual(wanted);
    expect(usernames(await list(`sort=${sort}&limit=2&offset=3`))).toEqual(wanted.slice(3));
  });

  it('goes on behind a name with any space that a name may hold', async () => {
    const spaced = ['　', '\u00a0', '\u2028', '\u2029', ' '].map((space) => `김${space}민지`);
    for (const username of spaced) await create({ email: addressOf(), username });
    for (const order of ['asc', 'desc']) {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = await list(`sort=username:${order}&limit=1${cursor && `&cursor=${cursor}`}`);
        expect(page.code, found.at(-1)).toBeUndefined();
        found.push(...usernames(page));
        cursor = page.data.pagination.next_cursor;
      }
      expect(found.toSorted()).toEqual(['admin', ...names, ...spaced].toSorted());
    }
  });

  it('is filtered by role, state and the beginning of a name or address', async () => {
    const [dora] = (await list('q=DORA')).data.users;
    await api.http('PUT', `/users/${dora.id}`, { token: admin.token, body: { is_active: false } });
    expect(usernames(await list('is_active=false'))).toEqual(['dora']);
    expect(usernames(await list('role=admin&role=viewer'))).toEqual(['admin']);
    expect(usernames(await list('q=9-be&sort=email:asc'))).toEqual(['berta']);
    expect(usernames(await list('q=nobody'))).toEqual([]);
    expect(Object.keys(dora).toSorted()).not.toContain('gsi1pk');
  });

  it('follows a change of name and address', async () => {
    const [berta] = (await list('q=berta')).data.users;
    await api.http('PUT', `/users/${berta.id}`, {
      token: admin.token,
      body: { username: 'zoe', email: `0-${randomUUID()}@example.com` },
    });
    expect(usernames(await list('sort=username:desc')).at(0)).toBe('zoe');
    expect(usernames(await list('sort=email:asc')).at(0)).toBe('zoe');
    expect((await list()).data.pagination.total).toBe(5);
  });

  it('refuses a cursor of another list', async () => {
    const { next_cursor } = (await list('limit=1')).data.pagination;
    for (const query of [`cursor=${next_cursor}&sort=email:asc`, `cursor=${next_cursor}&offset=1`, 'cursor=none'])
      expect((await list(query)).code, query).toBe('VALIDATION_ERROR');
  });

  it('costs by cursor what it holds', async () => {
    const { next_cursor } = (await list('limit=2&sort=created_at:asc')).data.pagination;
    const page = await api.http('GET', `/users?limit=2&sort=created_at:asc&cursor=${next_cursor}`, {
      token: admin.token,
    });
    expect(spentOf(page)).toMatchObject({ trips: 3, wcu: 2, rcu: 0.5 });
  });
});
