import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import { userChanged } from '../../../functions/identity/index.ts';
import type { Accounts } from '../../../functions/identity/ports.ts';
import type { Change } from '../../../functions/platform/outbox/effect.ts';
import type { Table, Write } from '../../../functions/platform/table/types.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register, signIn } from '../../support/people.ts';
import { createIdentityApi, type IdentityApi, login, refresh, statusOf } from './identity-api.ts';
import { tickAfter } from './tick.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());

const fresh = 'other horse 2';
let api: IdentityApi;
let minji: Person;
let other: Person;
beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
  minji = await register(api.http, 'minji');
  other = await signIn(api.http, minji);
});

const principalKey = () => ({ pk: `PRINCIPAL#${minji.id}`, sk: 'PRINCIPAL' });
/** Those that are left, as they lie in the table, of the hours about now. */
const timers = async () => {
  const now = api.dependencies.now().getTime();
  const hours = [-1, 0, 1].map((hour) => new Date(now + hour * 3_600_000).toISOString().slice(0, 13));
  return (await Promise.all(hours.map((hour) => api.table.queryAll({ pk: `TIMER#${hour}` })))).flat();
};
const canSignIn = async (password: string) => (await login(api.http, minji.email, password)).status === 200;
/** The transaction that tells of the new password goes as it is given. */
const change = async (settle: (writes: readonly Write[]) => Promise<void>, accounts: Partial<Accounts> = {}) => {
  const table: Table = {
    ...api.table,
    transact: (writes, token) =>
      writes.some((write) => 'put' in write && write.put.sk === 'USER')
        ? settle(writes)
        : api.table.transact(writes, token),
  };
  const { http } = createIdentityApi(table, { like: api, accounts });
  const body = { current_password: minji.password, new_password: fresh };
  return http('PUT', '/auth/password', { token: minji.token, body });
};

describe('a change of a password whose transaction gets no answer', () => {
  it('and was done is done: the new password stays, and the other sessions have ended', async () => {
    const { status, body } = await change(async (writes) => {
      await api.table.transact(writes);
      throw unavailable(2);
    });
    expect([status, body.message]).toEqual([200, 'password changed']);
    expect([await canSignIn(fresh), await canSignIn(minji.password)]).toEqual([true, false]);
    expect([await statusOf(api.http, minji.token), await statusOf(api.http, other.token)]).toEqual([200, 401]);
  });

  it('and was not done is not, not even when it comes late', async () => {
    let late: readonly Write[] = [];
    const { status } = await change(async (writes) => {
      late = writes;
      throw unavailable(2);
    });
    expect(status).toBe(503);
    await expect(api.table.transact(late)).rejects.toThrow();
    expect([await canSignIn(fresh), await canSignIn(minji.password)]).toEqual([false, true]);
    for (const { token } of [minji, other]) expect(await statusOf(api.http, token)).toBe(200);
    expect(await api.table.get(principalKey())).not.toHaveProperty('lease');
  });

  it('while another has taken the lease over leaves the password as it is: it is the other one’s to set', async () => {
    const lease = '2999-01-01T00:00:00.000Z#another';
    const { status } = await change(async () => {
      const taking = { text: 'SET #lease = :lease', values: { lease } };
      await api.table.write({ update: principalKey(), change: taking });
      throw unavailable(2);
    });
    expect(status).toBe(503);
    expect(await canSignIn(fresh)).toBe(true);
    expect(await api.table.get(principalKey())).toMatchObject({ lease });
  });
});

describe('a change of a password that is cut off between Cognito and the table', () => {
  /** As far as the table was to be told. */
  const cutOff = () =>
    new Promise<void>((resolve) => {
      void change(() => {
        resolve();
        return new Promise(() => undefined);
      });
    });
  const user = async () => (await api.table.get({ pk: `USER#${minji.id}`, sk: 'USER' })) ?? {};

  it('ends the sessions at the next tick, not API keys, and its user is told', async () => {
    const made = await api.http('POST', '/auth/api-keys', { token: minji.token, body: { name: 'deployments' } });
    await cutOff();
    const before = await user();
    await tickAfter(api, 31_000);
    expect((await refresh(api.http, other.refreshToken)).status).toBe(401);
    expect([await statusOf(api.http, other.token), await canSignIn(fresh)]).toEqual([401, true]);
    const headers = { 'x-api-key': made.body.data.key };
    expect((await api.http('GET', '/auth/me', { headers })).status).toBe(200);
    expect(userChanged({ event: 'MODIFY', before, after: await user() } as Change)).toEqual([
      { notify: { type: 'notification_due', kind: 'password_changed', user_ids: [minji.id], params: {} } },
    ]);
    expect(await timers()).toEqual([]);
  });

  it('and whose lease another has by then waits for that one', async () => {
    await cutOff();
    api.advance(31_000);
    const until = new Date(api.dependencies.now().getTime() + 30_000).toISOString();
    const taking = { text: 'SET #lease = :lease', values: { lease: `${until}#another` } };
    await api.table.write({ update: principalKey(), change: taking });
    await tickAfter(api, 0);
    expect(await statusOf(api.http, other.token)).toBe(200);
    await tickAfter(api, 61_000);
    expect(await statusOf(api.http, other.token)).toBe(401);
  });

  it('leaves nothing to do where the user has gone', async () => {
    await cutOff();
    await api.http('DELETE', `/users/${minji.id}`, { token: minji.token });
    await tickAfter(api, 31_000);
    expect(await timers()).toEqual([]);
  });
});

describe('a tick after a change of a password', () => {
  it('that was done ends no session, nor one that has begun since', async () => {
    expect((await change((writes) => api.table.transact(writes))).status).toBe(200);
    const since = await signIn(api.http, { ...minji, password: fresh });
    await tickAfter(api, 31_000);
    for (const { token } of [minji, since]) expect(await statusOf(api.http, token)).toBe(200);
    expect(await timers()).toEqual([]);
  });

  it('that was set back finds nothing', async () => {
    expect((await change(() => Promise.reject(unavailable(2)))).status).toBe(503);
    expect(await timers()).toEqual([]);
  });

  it('that had not begun, as its lease got no answer, finds nothing', async () => {
    const table: Table = {
      ...api.table,
      async transact(writes, token) {
        await api.table.transact(writes, token);
        if (writes.some((write) => 'put' in write && String(write.put.pk).startsWith('TIMER#'))) throw unavailable(2);
      },
    };
    const { http } = createIdentityApi(table, { like: api });
    const body = { current_password: minji.password, new_password: fresh };
    expect((await http('PUT', '/auth/password', { token: minji.token, body })).status).toBe(503);
    expect(await timers()).toEqual([]);
    await tickAfter(api, 31_000);
    expect([await statusOf(api.http, other.token), await canSignIn(minji.password)]).toEqual([200, true]);
  });

  it('that could not be set back ends the sessions', async () => {
    const setPassword: Accounts['setPassword'] = async (id, password) => {
      if (password === minji.password) throw unavailable(5);
      await api.accounts.setPassword(id, password);
    };
    expect((await change(() => Promise.reject(unavailable(2)), { setPassword })).status).toBe(503);
    await tickAfter(api, 31_000);
    expect(await statusOf(api.http, other.token)).toBe(401);
  });
});
