import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HttpAnswer, spentOf } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { steadyAhead } from '../../support/steady-hour.ts';
import { addressOf, createIdentityApi, type IdentityApi, login, password, refresh } from './identity-api.ts';
import { mailOf } from './mailbox.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());

interface Scene {
  api: IdentityApi;
  admin: Person;
  minji: Person;
}

/** An admin and a user; the address that they call from has its window of the hour. */
async function setScene(): Promise<Scene> {
  const api = createIdentityApi((await backend.makeTable()).table);
  // Not across the end of an hour, whose first calls open a window.
  api.advance(steadyAhead());
  return { api, admin: await register(api.http, 'admin'), minji: await register(api.http, 'minji') };
}

const put =
  (by: 'admin' | 'minji', body: () => Record<string, unknown>) =>
  ({ api, minji, ...scene }: Scene) =>
    api.http('PUT', `/users/${minji.id}`, { token: { ...scene, minji }[by].token, body: body() });

const forgot = (api: IdentityApi, email: string) => api.http('POST', '/auth/password/forgot', { body: { email } });
const reset = (api: IdentityApi, email: string, code: string) =>
  api.http('POST', '/auth/password/reset', { body: { email, code, new_password: 'other horse 2' } });

/** Trips, WCU, RCU: each includes the counting of the call (1 trip, 1 WCU) and, where there is one, its audit row. */
const operations: [string, (scene: Scene) => Promise<HttpAnswer>, string][] = [
  [
    'register',
    ({ api }) => api.http('POST', '/auth/register', { body: { username: 'other', email: addressOf(), password } }),
    '201: 3 trips, 13 WCU, 2 RCU',
  ],
  [
    'register with a taken address',
    ({ api, minji }) =>
      api.http('POST', '/auth/register', { body: { username: 'other', email: minji.email, password } }),
    '409: 2 trips, 1 WCU, 2 RCU',
  ],
  ['login', ({ api, minji }) => login(api.http, minji.email), '200: 4 trips, 8 WCU, 1 RCU'],
  [
    'login with a wrong password',
    ({ api, minji }) => login(api.http, minji.email, 'wrong horse 1'),
    '401: 3 trips, 2 WCU, 1 RCU',
  ],
  [
    'login to an unknown account',
    ({ api }) => login(api.http, addressOf(), 'wrong horse 1'),
    '401: 3 trips, 2 WCU, 1 RCU',
  ],
  ['refresh', ({ api, minji }) => refresh(api.http, minji.refreshToken), '200: 3 trips, 5 WCU, 2 RCU'],
  [
    'refresh again',
    async ({ api, minji }) => {
      await refresh(api.http, minji.refreshToken);
      return refresh(api.http, minji.refreshToken);
    },
    '200: 3 trips, 3 WCU, 2 RCU',
  ],
  ['refresh with nonsense', ({ api }) => refresh(api.http, 'rt_nonsense'), '401: 1 trips, 1 WCU, 0 RCU'],
  [
    'logout',
    ({ api, minji }) => api.http('POST', '/auth/logout', { token: minji.token }),
    '200: 2 trips, 5 WCU, 0 RCU',
  ],
  [
    'logout everywhere',
    ({ api, minji }) => api.http('POST', '/auth/logout', { token: minji.token, body: { everywhere: true } }),
    '200: 2 trips, 5 WCU, 0 RCU',
  ],
  ['me', ({ api, minji }) => api.http('GET', '/auth/me', { token: minji.token }), '200: 3 trips, 2 WCU, 1 RCU'],
  [
    'get user',
    ({ api, admin, minji }) => api.http('GET', `/users/${minji.id}`, { token: admin.token }),
    '200: 3 trips, 2 WCU, 1 RCU',
  ],
  [
    'check e-mail',
    ({ api, minji }) => api.http('GET', `/auth/check-email?email=${minji.email}`),
    '200: 2 trips, 1 WCU, 1 RCU',
  ],
  [
    'verify e-mail',
    async ({ api, minji }) =>
      api.http('POST', '/auth/verify-email', {
        token: minji.token,
        body: { code: (await mailOf(api.table, minji.id, 'verify_email')).code },
      }),
    '200: 3 trips, 11 WCU, 2 RCU',
  ],
  [
    'verify e-mail with a wrong code',
    ({ api, minji }) =>
      api.http('POST', '/auth/verify-email', { token: minji.token, body: { code: '0000-0000-0000' } }),
    '400: 4 trips, 3 WCU, 2 RCU',
  ],
  [
    'resend code',
    ({ api, minji }) => api.http('POST', '/auth/verify-email/resend', { token: minji.token }),
    '200: 3 trips, 5 WCU, 2 RCU',
  ],
  ['forgot password', ({ api, minji }) => forgot(api, minji.email), '200: 4 trips, 7 WCU, 3 RCU'],
  ['forgot password of nobody', ({ api }) => forgot(api, addressOf()), '200: 4 trips, 5 WCU, 3 RCU'],
  [
    'reset password',
    async ({ api, minji }) => {
      await forgot(api, minji.email);
      return reset(api, minji.email, (await mailOf(api.table, minji.id, 'reset_password')).code);
    },
    '200: 6 trips, 24 WCU, 4 RCU',
  ],
  [
    'reset password with a wrong code',
    async ({ api, minji }) => {
      await forgot(api, minji.email);
      return reset(api, minji.email, '0000-0000-0000');
    },
    '400: 5 trips, 3 WCU, 4 RCU',
  ],
  ['reset password of nobody', ({ api }) => reset(api, addressOf(), '0000-0000-0000'), '400: 5 trips, 3 WCU, 4 RCU'],
  [
    'change password',
    ({ api, minji }) =>
      api.http('PUT', '/auth/password', {
        token: minji.token,
        body: { current_password: password, new_password: 'other horse 2' },
      }),
    '200: 6 trips, 18 WCU, 3 RCU',
  ],
  ['update user', put('minji', () => ({ name: 'new name' })), '200: 3 trips, 9 WCU, 1 RCU'],
  ['move address', put('minji', () => ({ email: addressOf('new') })), '200: 4 trips, 14 WCU, 4 RCU'],
  ['promote user', put('admin', () => ({ role: 'admin' })), '200: 3 trips, 13 WCU, 1 RCU'],
  ['demote to viewer', put('admin', () => ({ role: 'viewer' })), '200: 3 trips, 11 WCU, 1 RCU'],
  ['disable user', put('admin', () => ({ is_active: false })), '200: 3 trips, 11 WCU, 1 RCU'],
  [
    'delete user',
    ({ api, minji }) => api.http('DELETE', `/users/${minji.id}`, { token: minji.token }),
    '200: 4 trips, 13 WCU, 3 RCU',
  ],
];

it.each(operations)('%s costs what is written', async (_, run, budget) => {
  const answer = await run(await setScene());
  const { trips, wcu, rcu } = spentOf(answer);
  expect(`${answer.status}: ${trips} trips, ${wcu} WCU, ${rcu} RCU`).toBe(budget);
});

it('the items of a user with the longest fields and ten sessions stay within what is written of them', async () => {
  const { api, minji } = await setScene();
  const bytesOf = (item: object | undefined) => Buffer.byteLength(JSON.stringify(item));
  for (let at = 0; at < 9; at += 1) {
    const { body } = await login(api.http, minji.email);
    await refresh(api.http, body.data.refresh_token);
  }
  await api.http('PUT', `/users/${minji.id}`, {
    token: minji.token,
    body: { name: '김'.repeat(50), profile_image: `https://example.com/${'a'.repeat(200)}` },
  });
  expect(bytesOf(await api.table.get({ pk: `USER#${minji.id}`, sk: 'USER' }))).toBeLessThan(1_024);
  // Still one unit a call, with all ten sessions.
  expect(spentOf(await api.http('GET', '/auth/me', { token: minji.token })).wcu).toBe(2);
});
