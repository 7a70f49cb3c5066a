import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import { user as userSchema } from '../../../contracts/identity/user.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { recentAuditRows } from '../../support/audit-rows.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { addressOf, createIdentityApi, type IdentityApi, login, password, statusOf } from './identity-api.ts';
import { meetingOf } from './meeting.ts';

let backend: Backend;
let api: IdentityApi;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());
beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
});

const registerAs = (body: Record<string, unknown>) =>
  api.http('POST', '/auth/register', { body: { username: 'minji', password, ...body } });

describe('a registration', () => {
  it('answers 201 with a session of the user that it made', async () => {
    const email = addressOf('Minji');
    const { status, body } = await registerAs({ email });
    expect(status).toBe(201);
    expect(userSchema.parse(body.data.user)).toMatchObject({
      email,
      username: 'minji',
      name: 'minji',
      role: 'admin',
      is_active: true,
      provider: 'LOCAL',
    });
    expect(Object.keys(body.data).toSorted()).toEqual(['expires_at', 'refresh_token', 'token', 'user']);
    const life = Date.parse(body.data.expires_at) - Date.now();
    expect(life).toBeGreaterThan(3_590_000);
    expect(life).toBeLessThanOrEqual(3_600_000);
    expect(await statusOf(api.http, body.data.token)).toBe(200);
    expect((await login(api.http, email)).status).toBe(200);
  });

  it('makes the first user the admin, and the others users', async () => {
    const roles = [];
    for (const name of ['first', 'second', 'third'])
      roles.push((await registerAs({ email: addressOf(name) })).body.data.user.role);
    expect(roles).toEqual(['admin', 'user', 'user']);
  });

  it('with an address that is taken is CONFLICT, in whatever case, and asks Cognito nothing', async () => {
    const email = addressOf('minji');
    await registerAs({ email });
    const accounts = api.accounts.userIds();
    for (const again of [email, email.toUpperCase()]) {
      const { status, body } = await registerAs({ email: again });
      expect([status, body.code, body.error]).toEqual([409, 'CONFLICT', 'this e-mail address is taken']);
    }
    expect(api.accounts.userIds()).toEqual(accounts);
  });

  it('says in Korean what it refuses, where the client reads Korean', async () => {
    const email = addressOf();
    await registerAs({ email });
    const { body } = await api.http('POST', '/auth/register', {
      body: { username: 'minji', email, password },
      headers: { 'accept-language': 'ko-KR,ko;q=0.9' },
    });
    expect(body.error).toBe('이미 사용 중인 이메일입니다');
  });

  it('that does not fit names every place', async () => {
    const { status, body } = await api.http('POST', '/auth/register', {
      body: { email: 'nobody', password: 'short', role: 'admin' },
    });
    expect([status, body.code]).toEqual([400, 'VALIDATION_ERROR']);
    const paths = body.data.issues.map(({ path }: { path: string }) => path);
    expect([...new Set(paths)].toSorted()).toEqual(['body.email', 'body.password', 'body.role', 'body.username']);
  });

  it('leaves one audit row, about whom it made', async () => {
    const { body } = await registerAs({ email: addressOf() });
    const { id } = body.data.user;
    const rows = await recentAuditRows(api.table, id);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      user_id: id,
      resource: 'user',
      action: 'register',
      resource_id: id,
      success: true,
      status: 201,
    });
    expect(JSON.stringify(rows)).not.toContain(password);
  });
});

describe('many registrations of one address at once', () => {
  it('make one user and leave one account', async () => {
    const email = addressOf();
    api = createIdentityApi(api.table, { meet: meetingOf(20) });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => registerAs({ email: at % 2 === 0 ? email : email.toUpperCase() })),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    expect(answers.filter(({ status, body }) => status === 409 && body.code === 'CONFLICT')).toHaveLength(19);
    expect(api.accounts.userIds()).toEqual([made[0]?.body.data.user.id]);
  });
});

describe('with an address set for the admin', () => {
  const adminEmail = addressOf('boss');

  it('nobody becomes the first admin by registering, not even with it', async () => {
    api = createIdentityApi(api.table, { adminEmail });
    expect((await registerAs({ email: addressOf() })).body.data.user.role).toBe('user');
    expect((await registerAs({ email: adminEmail.toUpperCase() })).body.data.user.role).toBe('user');
    expect((await registerAs({ email: addressOf() })).body.data.user.role).toBe('user');
  });
});

describe('a registration that fails half way', () => {
  /** A table whose transactions fail so. */
  const failing = (table: Table, error: Error, commits: boolean): Table => ({
    ...table,
    async transact(writes, token) {
      if (commits) await table.transact(writes, token);
      throw error;
    },
  });

  it('at the table takes the account back', async () => {
    api = createIdentityApi(failing(api.table, new Error('the table is not there'), false));
    expect((await registerAs({ email: addressOf() })).status).toBe(500);
    expect(api.accounts.userIds()).toEqual([]);
  });

  it('and may yet have been done keeps the account: the user can sign in', async () => {
    const email = addressOf();
    const { table } = api;
    api = createIdentityApi(failing(table, unavailable(2), true));
    expect((await registerAs({ email })).status).toBe(503);
    expect(api.accounts.userIds()).toHaveLength(1);
    const recovered = createIdentityApi(table, { like: api });
    const { status, body } = await login(recovered.http, email);
    expect(status).toBe(200);
    expect(await statusOf(recovered.http, body.data.token)).toBe(200);
  });

  it('leaves no audit row, for there is nobody whom it could be about', async () => {
    const put: string[] = [];
    const { table } = api;
    const noting: Table = {
      ...table,
      write: (write, returning) => {
        if ('put' in write) put.push(write.put.pk);
        return table.write(write, returning);
      },
    };
    api = createIdentityApi(failing(noting, new Error('the table is not there'), false));
    expect((await registerAs({ email: addressOf() })).status).toBe(500);
    api = createIdentityApi(noting, { accounts: { signIn: () => Promise.reject(unavailable(5)) } });
    expect((await registerAs({ email: addressOf() })).status).toBe(503);
    expect(put).toEqual([]);
  });

  it('at Cognito, when the account has been made, takes it back', async () => {
    for (const accounts of [
      { create: (...given: Parameters<typeof api.accounts.create>) => api.accounts.create(...given).then(busy) },
      { signIn: busy },
    ]) {
      const { http } = createIdentityApi(api.table, { like: api, accounts });
      const { status } = await http('POST', '/auth/register', {
        body: { username: 'minji', email: addressOf(), password },
      });
      expect(status).toBe(503);
      expect(api.accounts.userIds()).toEqual([]);
    }
  });
  const busy = () => Promise.reject(unavailable(5));

  it('at Cognito leaves nothing', async () => {
    const email = addressOf();
    api.accounts.mood = 'throttled';
    const refused = await registerAs({ email });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    api.accounts.mood = undefined;
    expect((await registerAs({ email })).status).toBe(201);
  });
});
