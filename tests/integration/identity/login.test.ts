import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import { recentAuditRows } from '../../support/audit-rows.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { addressOf, createIdentityApi, type IdentityApi, login, password, statusOf } from './identity-api.ts';
import { withoutConditions } from './unguarded-table.ts';

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
  api.accounts.judged = 0;
});

const sendForm = (fields: Record<string, string>) =>
  api.http('POST', '/auth/login', {
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  });

describe('a sign-in', () => {
  it('answers a session of its own, by the address in whatever case', async () => {
    const answers = [await login(api.http, minji.email), await login(api.http, minji.email.toUpperCase())];
    for (const { status, body } of answers) {
      expect(status).toBe(200);
      expect(body.data.user).toMatchObject({ id: minji.id, email: minji.email });
      expect(Object.keys(body)).not.toContain('access_token');
      expect(await statusOf(api.http, body.data.token)).toBe(200);
    }
    expect(answers[0]?.body.data.refresh_token).not.toBe(answers[1]?.body.data.refresh_token);
  });

  it('takes the OAuth2 password form, ignores its other fields, and answers in its names as well', async () => {
    const { status, body } = await sendForm({
      grant_type: 'password',
      username: minji.email,
      password,
      scope: '',
      client_id: 'swagger',
      client_secret: '',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, token_type: 'bearer', access_token: body.data.token });
    expect(body.expires_in).toBeGreaterThan(3_590);
    expect(body.expires_in).toBeLessThanOrEqual(3_600);
    expect(await statusOf(api.http, body.access_token)).toBe(200);
  });

  it('takes no field in JSON that is not its own', async () => {
    const bodies = [
      { email: minji.email, password, grant_type: 'password' },
      { username: minji.email, password },
      { email: minji.email },
      { email: minji.email, password: 1 },
      {},
    ];
    for (const body of bodies) {
      const answer = await api.http('POST', '/auth/login', { body });
      expect([answer.status, answer.body.code], JSON.stringify(body)).toEqual([400, 'VALIDATION_ERROR']);
    }
    expect(api.accounts.judged).toBe(0);
  });

  it('names the field in JSON that is not its own, though it has all of its own', async () => {
    const { body } = await api.http('POST', '/auth/login', {
      body: { email: minji.email, username: minji.email, password },
    });
    expect(body.data.issues).toEqual([{ path: 'body.username', message: 'is not known here' }]);
  });

  it('with a wrong pair is UNAUTHORIZED in one sentence and at one cost for both causes', async () => {
    const [wrong, unknown] = [
      await login(api.http, minji.email, 'wrong horse 1'),
      await login(api.http, addressOf(), 'wrong horse 1'),
    ];
    expect([wrong.status, wrong.body.code]).toEqual([401, 'UNAUTHORIZED']);
    const plain = ({ body }: typeof wrong) => ({ ...body, request_id: '', timestamp: '' });
    expect(plain(unknown)).toEqual(plain(wrong));
    expect(unknown.headers.get('x-meter')).toBe(wrong.headers.get('x-meter'));
    expect(api.accounts.judged).toBe(2);
  });

  it('of a disabled user is UNAUTHORIZED, and says so to who knows the password alone', async () => {
    await api.http('PUT', `/users/${minji.id}`, { token: admin.token, body: { is_active: false } });
    const [right, wrong] = [await login(api.http, minji.email), await login(api.http, minji.email, 'wrong horse 1')];
    expect([right.status, right.body.code, right.body.error]).toEqual([
      401,
      'UNAUTHORIZED',
      'this account is disabled',
    ]);
    expect([wrong.status, wrong.body.error]).toEqual([401, 'wrong e-mail address or password']);
  });

  it('that fails leaves no audit row, one that succeeds leaves one', async () => {
    const rows = () => recentAuditRows(api.table, minji.id);
    const before = (await rows()).length;
    await login(api.http, minji.email, 'wrong horse 1');
    expect(await rows()).toHaveLength(before);
    await login(api.http, minji.email);
    expect((await rows()).at(-1)).toMatchObject({
      resource: 'session',
      action: 'login',
      success: true,
      user_id: minji.id,
    });
  });
});

describe('wrong passwords', () => {
  const from = (address: string) => ({ 'x-viewer-address': address });
  const fail = (email: string, address = '203.0.113.1') => login(api.http, email, 'wrong horse 1', from(address));
  const statuses = async (count: number, attempt: () => Promise<{ status: number }>) => {
    const seen: number[] = [];
    for (let at = 0; at < count; at += 1) seen.push((await attempt()).status);
    return seen;
  };

  it('of an account from one address are ten, then RATE_LIMITED before Cognito is asked', async () => {
    expect(await statuses(10, () => fail(minji.email))).toEqual(Array(10).fill(401));
    const refused = await fail(minji.email.toUpperCase());
    expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED']);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(890);
    expect(wait).toBeLessThanOrEqual(900);
    expect((await login(api.http, minji.email, password, from('203.0.113.1'))).status).toBe(429);
    expect(api.accounts.judged).toBe(10);
  });

  it('of which many come at once are ten all the same', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => fail(minji.email)));
    const tally = Object.groupBy(answers, ({ status }) => String(status));
    expect([tally[401]?.length, tally[429]?.length, Object.keys(tally)]).toEqual([10, 40, ['401', '429']]);
    expect(api.accounts.judged).toBe(10);
  });

  it('of an unknown account are counted the same', async () => {
    const stranger = addressOf();
    expect(await statuses(11, () => fail(stranger))).toEqual([...Array(10).fill(401), 429]);
  });

  it('from one address stop neither that account elsewhere nor another account there', async () => {
    await statuses(11, () => fail(minji.email));
    expect((await login(api.http, minji.email, password, from('203.0.113.2'))).status).toBe(200);
    expect((await login(api.http, admin.email, password, from('203.0.113.1'))).status).toBe(200);
  });

  it('count for 15 minutes, each from when it was', async () => {
    await statuses(5, () => fail(minji.email));
    api.advance(10 * 60_000);
    await statuses(5, () => fail(minji.email));
    expect((await fail(minji.email)).status).toBe(429);
    api.advance(5 * 60_000);
    expect(await statuses(6, () => fail(minji.email))).toEqual([...Array(5).fill(401), 429]);
  });

  it('are forgotten when the right one comes', async () => {
    await statuses(9, () => fail(minji.email));
    expect((await login(api.http, minji.email, password, from('203.0.113.1'))).status).toBe(200);
    expect(await statuses(11, () => fail(minji.email))).toEqual([...Array(10).fill(401), 429]);
  });

  it('of any accounts from one address are a hundred, and signing in to an own account buys no more', async () => {
    const own = () => login(api.http, admin.email, password, from('203.0.113.1'));
    const seen: number[] = [];
    for (let at = 0; at < 99; at += 1) {
      seen.push((await fail(addressOf())).status);
      if (at % 20 === 0) await Promise.all([own(), own(), own()]);
    }
    expect(seen).toEqual(Array(99).fill(401));
    const answers = await Promise.all(Array.from({ length: 20 }, () => fail(addressOf())));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(1);
    expect((await own()).status).toBe(429);
    expect((await login(api.http, admin.email, password, from('203.0.113.2'))).status).toBe(200);
    api.advance(16 * 60_000);
    expect((await own()).status).toBe(200);
  });

  it('are not what right ones are: these may come as often as they like', async () => {
    expect(await statuses(25, () => login(api.http, minji.email, password, from('203.0.113.1')))).toEqual(
      Array(25).fill(200),
    );
  });
});

describe('when Cognito', () => {
  it('locks an account, the answer is RATE_LIMITED, and it counts as no failure', async () => {
    api.accounts.mood = 'locked';
    for (let at = 0; at < 12; at += 1) {
      const { status, body, headers } = await login(api.http, minji.email);
      expect([status, body.code, headers.get('retry-after')]).toEqual([429, 'RATE_LIMITED', '30']);
    }
    api.accounts.mood = undefined;
    expect((await login(api.http, minji.email)).status).toBe(200);
  });

  it('is over its quota, the answer is SERVICE_UNAVAILABLE, and it counts as no failure', async () => {
    api.accounts.mood = 'throttled';
    for (let at = 0; at < 12; at += 1) {
      const { status, body, headers } = await login(api.http, minji.email);
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'SERVICE_UNAVAILABLE', '5']);
    }
    api.accounts.mood = undefined;
    expect((await login(api.http, minji.email)).status).toBe(200);
  });
});

describe('when the table', () => {
  const down = () => Promise.reject(unavailable(2));
  it.each([
    ['does not find the user', { get: down }],
    ['does not enter the session', { transact: down }],
  ])('%s, the answer is SERVICE_UNAVAILABLE, and it counts as no failure', async (_, broken) => {
    const { http } = createIdentityApi({ ...api.table, ...broken }, { like: api });
    for (let at = 0; at < 12; at += 1) expect((await login(http, minji.email)).status).toBe(503);
    expect((await login(api.http, minji.email, 'wrong horse 1')).status).toBe(401);
    expect((await login(api.http, minji.email)).status).toBe(200);
  });
});

it('without its condition the limit of wrong passwords lets all through (control)', async () => {
  const unguarded = withoutConditions(api.table, ({ pk }) => pk.startsWith('LOGIN#'));
  const { http, accounts } = createIdentityApi(unguarded);
  await Promise.all(Array.from({ length: 50 }, () => login(http, minji.email, 'wrong horse 1')));
  expect(accounts.judged).toBe(50);
  expect(unguarded.lifted).toBe(50);
});
