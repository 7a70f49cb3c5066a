import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Table } from '../../../functions/platform/table/types.ts';
import type { HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { createIdentityApi, type IdentityApi, login, refresh, statusOf } from './identity-api.ts';
import { meetingOf } from './meeting.ts';
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
});

const logout = (token: string, body?: unknown) =>
  api.http('POST', '/auth/logout', { token, ...(body !== undefined && { body }) });
const change = (id: string, body: Record<string, unknown>) =>
  api.http('PUT', `/users/${id}`, { token: admin.token, body });
const sessionsOf = async (id: string) => {
  const principal = await api.table.get({ pk: `PRINCIPAL#${id}`, sk: 'PRINCIPAL' });
  return Object.keys(principal?.['ss'] as object);
};

describe('a logout', () => {
  it('ends the session that it is called from, at the next request, and no other', async () => {
    const other = await login(api.http, minji.email);
    const { status, body } = await logout(minji.token);
    expect([status, body.message]).toEqual([200, 'signed out']);
    expect(await statusOf(api.http, minji.token)).toBe(401);
    expect((await refresh(api.http, minji.refreshToken)).status).toBe(401);
    expect(await statusOf(api.http, other.body.data.token)).toBe(200);
    expect((await refresh(api.http, other.body.data.refresh_token)).status).toBe(200);
  });

  it('also ends the tokens that were made from it by refreshes', async () => {
    const next = await refresh(api.http, minji.refreshToken);
    await logout(minji.token);
    expect(await statusOf(api.http, next.body.data.token)).toBe(401);
    expect((await refresh(api.http, next.body.data.refresh_token)).status).toBe(401);
  });

  it('everywhere ends all, and one that begins afterwards is good at once', async () => {
    const others = [await login(api.http, minji.email), await login(api.http, minji.email)];
    expect((await logout(minji.token, { everywhere: true })).status).toBe(200);
    for (const token of [minji.token, ...others.map(({ body }) => body.data.token)])
      expect(await statusOf(api.http, token)).toBe(401);
    for (const { body } of others) expect((await refresh(api.http, body.data.refresh_token)).status).toBe(401);
    expect(api.accounts.revoked).toEqual([minji.id]);
    const fresh = await login(api.http, minji.email);
    expect(await statusOf(api.http, fresh.body.data.token)).toBe(200);
    expect((await refresh(api.http, fresh.body.data.refresh_token)).status).toBe(200);
    expect(await statusOf(api.http, admin.token)).toBe(200);
  });

  it('everywhere leaves a session that begins as soon as the table knows of it', async () => {
    const begun: HttpAnswer[] = [];
    const table: Table = {
      ...api.table,
      async transact(...given) {
        await api.table.transact(...given);
        begun.push(await login(api.http, minji.email));
      },
    };
    const { http } = createIdentityApi(table, { like: api });
    const answer = await http('POST', '/auth/logout', { token: minji.token, body: { everywhere: true } });
    expect(answer.status).toBe(200);
    expect(await statusOf(api.http, begun[0]?.body.data.token)).toBe(200);
    expect((await refresh(api.http, begun[0]?.body.data.refresh_token)).status).toBe(200);
  });

  it('with its refresh token revokes that at Cognito, but never one of another session', async () => {
    const other = await login(api.http, minji.email);
    await logout(minji.token, { refresh_token: other.body.data.refresh_token });
    expect(api.accounts.revoked).toEqual([]);
    await logout(other.body.data.token, { refresh_token: other.body.data.refresh_token });
    expect(api.accounts.revoked).toEqual([other.body.data.refresh_token.split('.').slice(3).join('.')]);
  });

  it('is done even where Cognito does not follow, and the log tells', async () => {
    const broken = createIdentityApi(api.table, {
      like: api,
      accounts: { revokeAll: () => Promise.reject(new Error('Cognito is away')) },
    });
    expect((await broken.http('POST', '/auth/logout', { token: minji.token, body: { everywhere: true } })).status).toBe(
      200,
    );
    expect(await statusOf(api.http, minji.token)).toBe(401);
    expect(broken.logged.filter(({ message }) => message?.includes('revoke'))).toHaveLength(1);
  });

  it('takes no token that is signed out, and nothing unknown', async () => {
    expect((await logout(minji.token, { all: true })).status).toBe(400);
    await logout(minji.token);
    expect((await logout(minji.token)).status).toBe(401);
  });

  it('of a viewer is its own to do', async () => {
    await change(minji.id, { role: 'viewer' });
    expect((await logout(minji.token)).status).toBe(200);
  });
});

describe('what an admin changes', () => {
  it('in a role holds at the next request, in both directions', async () => {
    expect((await api.http('GET', `/users/${admin.id}`, { token: minji.token })).status).toBe(404);
    await change(minji.id, { role: 'admin' });
    expect((await api.http('GET', `/users/${admin.id}`, { token: minji.token })).status).toBe(200);
    expect((await api.http('GET', '/auth/me', { token: minji.token })).body.data).toMatchObject({
      role: 'admin',
      permissions: expect.arrayContaining(['audit:read']),
    });
    await change(minji.id, { role: 'user' });
    expect((await api.http('GET', `/users/${admin.id}`, { token: minji.token })).status).toBe(404);
    expect((await api.http('GET', '/auth/me', { token: minji.token })).body.data).toMatchObject({
      role: 'user',
      permissions: [],
    });
  });

  it('by disabling holds at the next request, and sessions of before stay ended', async () => {
    await change(minji.id, { is_active: false });
    expect(await statusOf(api.http, minji.token)).toBe(401);
    expect((await refresh(api.http, minji.refreshToken)).status).toBe(401);
    expect((await login(api.http, minji.email)).status).toBe(401);
    await change(minji.id, { is_active: true });
    expect(await statusOf(api.http, minji.token)).toBe(401);
    expect((await refresh(api.http, minji.refreshToken)).status).toBe(401);
    const fresh = await login(api.http, minji.email);
    expect(await statusOf(api.http, fresh.body.data.token)).toBe(200);
  });
});

describe('the sessions of a user', () => {
  it('are ten, and the oldest goes for an eleventh', async () => {
    const tokens = [minji.token];
    for (let at = 0; at < 10; at += 1) {
      api.advance(60_000);
      for (const token of tokens) expect(await statusOf(api.http, token)).toBe(200);
      tokens.push((await login(api.http, minji.email)).body.data.token);
    }
    const [oldest, ...others] = tokens;
    expect(await statusOf(api.http, String(oldest))).toBe(401);
    for (const token of others) expect(await statusOf(api.http, token)).toBe(200);
    expect(await sessionsOf(minji.id)).toHaveLength(10);
  });

  it('that are over go first', async () => {
    for (let at = 0; at < 8; at += 1) await login(api.http, minji.email);
    api.advance(29 * 86_400_000);
    const living = await login(api.http, minji.email);
    api.advance(2 * 86_400_000);
    await login(api.http, minji.email);
    expect(await statusOf(api.http, living.body.data.token)).toBe(200);
    expect(await sessionsOf(minji.id)).toHaveLength(2);
  });

  /** The same users and accounts; all sign-ins have their tokens before the first one enters its session. */
  function signInAtOnce(table: Table) {
    const { http } = createIdentityApi(table, { like: api, meet: meetingOf(20) });
    const from = (at: number) => ({ 'x-viewer-address': `203.0.113.${at}` });
    return Promise.all(Array.from({ length: 20 }, (_, at) => login(http, minji.email, undefined, from(at))));
  }

  it('are never more than ten, however many begin at once', async () => {
    const answers = await signInAtOnce(api.table);
    expect(answers.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(10);
    expect(await sessionsOf(minji.id)).toHaveLength(10);
  });

  it('without the condition are as many as begin (control)', async () => {
    const unguarded = withoutConditions(api.table, ({ sk }) => sk === 'PRINCIPAL');
    await signInAtOnce(unguarded);
    expect(unguarded.lifted).toBe(20);
    expect(await sessionsOf(minji.id)).toHaveLength(21);
  });
});
