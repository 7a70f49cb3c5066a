import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import type { Table, Write } from '../../../functions/platform/table/types.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register, signIn } from '../../support/people.ts';
import { createIdentityApi, type IdentityApi, login, statusOf } from './identity-api.ts';

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
const canSignIn = async (password: string) => (await login(api.http, minji.email, password)).status === 200;
/** The transaction that tells of the new password goes as it is given. */
const change = async (settle: (writes: readonly Write[]) => Promise<void>) => {
  const table: Table = {
    ...api.table,
    transact: (writes, token) =>
      writes.some((write) => 'put' in write && write.put.sk === 'USER')
        ? settle(writes)
        : api.table.transact(writes, token),
  };
  const { http } = createIdentityApi(table, { like: api });
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
