import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import type { HttpAnswer } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register, signIn } from '../../support/people.ts';
import { addressOf, createIdentityApi, type IdentityApi, login, refresh, statusOf } from './identity-api.ts';
import { mailOf } from './mailbox.ts';
import { tickAfter } from './tick.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());

const fresh = 'other horse 2';
let api: IdentityApi;
let minji: Person;
beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
  minji = await register(api.http, 'minji');
});

const forgotten = async () => {
  await api.http('POST', '/auth/password/forgot', { body: { email: minji.email } });
  return (await mailOf(api.table, minji.id, 'reset_password')).code;
};
/** In the place of who has registered. */
const invited = async () => {
  const email = addressOf('invited');
  const body = { username: 'invited', email };
  minji = { ...minji, email, id: (await api.http('POST', '/users', { token: minji.token, body })).body.data.id };
  return mailOf(api.table, minji.id, 'invite');
};
const reset = (code: string, { http } = api) =>
  http('POST', '/auth/password/reset', { body: { email: minji.email, code, new_password: fresh } });

it('a session that begins as soon as the table knows of a reset goes on', async () => {
  const code = await forgotten();
  const begun: HttpAnswer[] = [];
  const table: Table = {
    ...api.table,
    async transact(writes, token) {
      await api.table.transact(writes, token);
      if (writes.some((write) => 'put' in write && write.put.sk === 'USER'))
        begun.push(await login(api.http, minji.email, fresh));
    },
  };
  expect((await reset(code, createIdentityApi(table, { like: api }))).status).toBe(200);
  expect(begun.map(({ status }) => status)).toEqual([200]);
  expect((await refresh(api.http, begun[0]?.body.data.refresh_token)).status).toBe(200);
});

it.each(['reset_password', 'invite'] as const)(
  'a reset by a code of %s that was done, though its transaction gets no answer, is answered as done',
  async (purpose) => {
    const { code } = await (purpose === 'invite' ? invited() : forgotten().then((text) => ({ code: text })));
    const table: Table = {
      ...api.table,
      async transact(writes, token) {
        await api.table.transact(writes, token);
        if (writes.some((write) => 'put' in write && write.put.sk === 'USER')) throw unavailable(2);
      },
    };
    const { status, body } = await reset(code, createIdentityApi(table, { like: api }));
    expect([status, body.message]).toEqual([200, 'password changed']);
    expect((await login(api.http, minji.email, fresh)).status).toBe(200);
  },
);

it('a reset whose code was not judged counts as no wrong code', async () => {
  const code = await forgotten();
  const table: Table = { ...api.table, get: () => Promise.reject(unavailable(2)) };
  const { http } = createIdentityApi(table, { like: api });
  for (let nth = 0; nth < 11; nth += 1) expect((await reset(code, { ...api, http })).status).toBe(503);
  expect((await reset(code)).status).toBe(200);
});

describe('API keys at a reset', () => {
  const makeKey = ({ http } = api) =>
    http('POST', '/auth/api-keys', { token: minji.token, body: { name: 'deployments' } });
  const statusOfKey = async (key: string) =>
    (await api.http('GET', '/auth/me', { headers: { 'x-api-key': key } })).status;
  const keysOf = () => api.table.queryAll({ pk: `USER#${minji.id}`, prefix: 'APIKEY#' });

  it('go where the address was never verified: whoever registered it is not who reads its mail', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => makeKey()));
    expect((await reset(await forgotten())).status).toBe(200);
    expect(await statusOfKey(made[0]?.body.data.key)).toBe(401);
    expect(await keysOf()).toEqual([]);
    const owner = await signIn(api.http, { ...minji, password: fresh });
    minji = { ...minji, token: owner.token };
    expect(
      (await Promise.all(Array.from({ length: 21 }, () => makeKey()))).filter(({ status }) => status === 201),
    ).toHaveLength(20);
  });

  it('stay where it was verified', async () => {
    const { code } = await mailOf(api.table, minji.id, 'verify_email');
    await api.http('POST', '/auth/verify-email', { token: minji.token, body: { code } });
    const { key } = (await makeKey()).body.data;
    expect((await reset(await forgotten())).status).toBe(200);
    expect(await statusOfKey(key)).toBe(200);
  });

  it('go, too, where they come and go while it is under way', async () => {
    const code = await forgotten();
    const first = (await makeKey()).body.data;
    const moves = [
      () => makeKey(),
      () => api.http('DELETE', `/auth/api-keys/${first.id}`, { token: minji.token }).then(() => makeKey()),
    ];
    const table: Table = {
      ...api.table,
      async queryAll(...given) {
        const found = await api.table.queryAll(...given);
        await moves.shift()?.();
        return found;
      },
    };
    expect((await reset(code, createIdentityApi(table, { like: api }))).status).toBe(200);
    expect(moves).toEqual([]);
    expect(await keysOf()).toEqual([]);
  });

  it('that are made on and on make it a CONFLICT, after which the code is still good', async () => {
    const code = await forgotten();
    await makeKey();
    const table: Table = {
      ...api.table,
      async queryAll(...given) {
        const found = await api.table.queryAll(...given);
        await makeKey();
        return found;
      },
    };
    const { status, body } = await reset(code, createIdentityApi(table, { like: api }));
    expect([status, body.code]).toEqual([409, 'CONFLICT']);
    expect((await reset(code)).status).toBe(200);
    expect(await keysOf()).toEqual([]);
  });

  it.each([
    ['cut off', () => new Promise<void>(() => undefined)],
    ['answered 503', () => Promise.reject(unavailable(2))],
  ])('and sessions end at the next tick where it was %s between Cognito and the table', async (how, told) => {
    const code = await forgotten();
    const { key } = (await makeKey()).body.data;
    const reached = Promise.withResolvers<void>();
    const table: Table = {
      ...api.table,
      transact: (writes, token) => {
        if (!writes.some((write) => 'put' in write && write.put.sk === 'USER'))
          return api.table.transact(writes, token);
        reached.resolve();
        return told();
      },
    };
    const answered = reset(code, createIdentityApi(table, { like: api }));
    await reached.promise;
    if (how !== 'cut off') expect((await answered).status).toBe(503);
    expect(await statusOf(api.http, minji.token)).toBe(200);
    await tickAfter(api, 31_000);
    expect([await statusOf(api.http, minji.token), await statusOfKey(key)]).toEqual([401, 401]);
    expect((await refresh(api.http, minji.refreshToken)).status).toBe(401);
    expect(await keysOf()).toEqual([]);
    // It says who reads the mail, so it is good until it is shown.
    expect((await reset(code)).status).toBe(200);
  });

  it('are not made by a request that was under way', async () => {
    const code = await forgotten();
    const table: Table = {
      ...api.table,
      async transact(...given) {
        expect((await reset(code)).status).toBe(200);
        return api.table.transact(...given);
      },
    };
    const late = await makeKey(createIdentityApi(table, { like: api }));
    expect([late.status, late.body.code]).toEqual([401, 'UNAUTHORIZED']);
    expect(await keysOf()).toEqual([]);
  });
});
