import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import type { Accounts } from '../../../functions/identity/ports.ts';
import type { Table } from '../../../functions/platform/table/types.ts';
import { type HttpAnswer, spentOf } from '../../support/http-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register, signIn } from '../../support/people.ts';
import { addressOf, createIdentityApi, type IdentityApi, login, statusOf } from './identity-api.ts';
import { mailOf, wishOf } from './mailbox.ts';
import { withoutConditions } from './unguarded-table.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());

const fresh = 'other horse 2';
let api: IdentityApi;
let admin: Person;
let minji: Person;
beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
  admin = await register(api.http, 'admin');
  minji = await register(api.http, 'minji');
});

const forgot = (email = minji.email) => api.http('POST', '/auth/password/forgot', { body: { email } });
interface Reset {
  email?: string;
  code?: string;
  password?: string;
  from?: string;
  http?: IdentityApi['http'];
}
const reset = ({ email = minji.email, code = '', password = fresh, from, http = api.http }: Reset) =>
  http('POST', '/auth/password/reset', {
    body: { email, code, new_password: password },
    headers: from === undefined ? {} : { 'x-viewer-address': from },
  });
const forgotten = async () => {
  await forgot();
  return (await mailOf(api.table, minji.id, 'reset_password')).code;
};
const change = (person = minji, password = fresh, { http } = api) =>
  http('PUT', '/auth/password', {
    token: person.token,
    body: { current_password: person.password, new_password: password },
  });
const canSignIn = async (password: string) => (await login(api.http, minji.email, password)).status === 200;
const seen = ({ status, body, headers }: HttpAnswer) => ({
  status,
  code: body.code,
  error: body.error,
  message: body.message,
  data: body.data,
  headers: [...headers.keys()].filter((name) => name !== 'x-meter'),
});
/** Everything fails like this one call, once it is reached. */
const failingAt = (accounts: Partial<Accounts>) => createIdentityApi(api.table, { like: api, accounts }).http;

describe('a forgotten password', () => {
  it('is set anew by the code that was mailed, which ends every session and proves the address', async () => {
    const other = await signIn(api.http, minji);
    expect(seen(await reset({ code: await forgotten() }))).toMatchObject({ status: 200, message: 'password changed' });
    for (const { token } of [minji, other]) expect(await statusOf(api.http, token)).toBe(401);
    expect(await canSignIn(minji.password)).toBe(false);
    const session = await login(api.http, minji.email, fresh);
    expect(session.body.data.user.email_verified).toBe(true);
    expect(await statusOf(api.http, session.body.data.token)).toBe(200);
    for (const refreshToken of [minji.refreshToken, other.refreshToken]) {
      const { status } = await api.http('POST', '/auth/refresh', { body: { refresh_token: refreshToken } });
      expect(status).toBe(401);
    }
  });

  it('is asked for at a known address and an unknown one with the same answer and as many trips', async () => {
    const [known, unknown] = [await forgot(), await forgot(addressOf('nobody'))];
    expect(seen(unknown)).toEqual(seen(known));
    expect(spentOf(unknown).trips).toBe(spentOf(known).trips);
    expect(known.body.message).toBe('if an account has this address, a code is on its way to it');
  });

  it('is reset with one answer and as many trips where the code is wrong and where the address is unknown', async () => {
    await forgotten();
    const wrong = { code: '0000-0000-0000' };
    const [known, unknown] = [await reset(wrong), await reset({ ...wrong, email: addressOf('nobody') })];
    expect(seen(unknown)).toEqual(seen(known));
    expect(spentOf(unknown)).toMatchObject({ trips: spentOf(known).trips, wcu: spentOf(known).wcu });
    expect(seen(known)).toMatchObject({
      status: 400,
      code: 'VALIDATION_ERROR',
      error: 'the code is wrong or has ended',
    });
  });

  it('is mailed three times an hour, and the fourth asks in vain without saying so', async () => {
    const answers = [await forgot(), await forgot(), await forgot()].map(seen);
    const third = await wishOf(api.table, minji.id, 'reset_password');
    expect(seen(await forgot())).toEqual(answers[0]);
    expect(await wishOf(api.table, minji.id, 'reset_password')).toEqual(third);
    expect(third?.asked).toBe(3);
  });

  it('of a disabled account is mailed to nobody', async () => {
    await api.http('PUT', `/users/${minji.id}`, { token: admin.token, body: { is_active: false } });
    expect((await forgot()).status).toBe(200);
    expect(await wishOf(api.table, minji.id, 'reset_password')).toBeUndefined();
  });

  it('leaves nothing of an unknown address in the table', async () => {
    const transacted: number[] = [];
    const table: Table = {
      ...api.table,
      async transact(writes, token) {
        await api.table.transact(writes, token);
        transacted.push(writes.length);
      },
    };
    const { http } = createIdentityApi(table, { like: api });
    await http('POST', '/auth/password/forgot', { body: { email: addressOf('nobody') } });
    expect(transacted).toEqual([]);
    await http('POST', '/auth/password/forgot', { body: { email: minji.email } });
    expect(transacted).toEqual([3]);
  });
});

describe('a code for a password', () => {
  it('is good once', async () => {
    const code = await forgotten();
    expect((await reset({ code })).status).toBe(200);
    expect((await reset({ code, password: 'third horse 3' })).status).toBe(400);
    expect(await canSignIn(fresh)).toBe(true);
  });

  it('is good for half an hour, for its own user, and not for an address that the user has left', async () => {
    const code = await forgotten();
    expect((await reset({ code, email: admin.email })).status).toBe(400);
    const left = minji.email;
    await api.http('PUT', `/users/${minji.id}`, { token: minji.token, body: { email: addressOf('moved') } });
    expect((await reset({ code, email: left })).status).toBe(400);
    expect((await reset({ code, email: (await me()).email })).status).toBe(400);
    minji = { ...minji, email: (await me()).email };
    const late = await mailOf(api.table, minji.id, 'reset_password', new Date(Date.now() - 29 * 60_000));
    api.advance(61_000);
    expect((await reset({ code: late.code })).status).toBe(400);
  });
  const me = async () => (await api.http('GET', '/auth/me', { token: minji.token })).body.data;

  it('of an address to be verified sets no password', async () => {
    const { code } = await mailOf(api.table, minji.id, 'verify_email');
    expect((await reset({ code })).status).toBe(400);
  });

  it('is not taken for a password that Cognito does not take, and stays good', async () => {
    const code = await forgotten();
    const refuse = failingAt({ setPassword: () => api.accounts.setPassword(minji.id, ' ') });
    const { status, body } = await reset({ code, http: refuse });
    expect([status, body.data.issues[0].path]).toEqual([400, 'body.new_password']);
    expect((await reset({ code })).status).toBe(200);
  });

  it('forgives the wrong passwords before it', async () => {
    for (let nth = 0; nth < 10; nth += 1) await login(api.http, minji.email, 'wrong horse 1');
    expect((await login(api.http, minji.email)).status).toBe(429);
    expect((await reset({ code: await forgotten() })).status).toBe(200);
    expect(await canSignIn(fresh)).toBe(true);
  });

  it('may be missed ten times from one address in a quarter of an hour, and not once more', async () => {
    const code = await forgotten();
    for (let nth = 0; nth < 10; nth += 1) expect((await reset({ code: '0000-0000-0000' })).status).toBe(400);
    const { status, body } = await reset({ code });
    expect([status, body.code, body.error]).toEqual([429, 'RATE_LIMITED', 'too many wrong codes, try again later']);
    expect((await reset({ code, from: '203.0.113.9' })).status).toBe(200);
  });
});

describe('wrong codes for a password', () => {
  const race = async (table: Table) => {
    const code = await forgotten();
    const { http } = createIdentityApi(table, { like: api });
    const tries = Array.from({ length: 50 }, (_, nth) =>
      reset({ code: '0000-0000-0000', from: `203.0.113.${nth}`, http }),
    );
    const answers = await Promise.all(tries);
    // Of so many at once on one item, some may find the table busy: they have learnt nothing.
    expect(answers.filter(({ status }) => status !== 400 && status !== 503)).toEqual([]);
    const after = await reset({ code, from: '198.51.100.99', http });
    return { tries: (await wishOf(api.table, minji.id, 'reset_password'))?.tries, after: after.status };
  };

  it('are counted exactly of 50 at once from 50 addresses, and after 25 the right one is none', async () => {
    expect(await race(api.table)).toEqual({ tries: 25, after: 400 });
    expect(await canSignIn(minji.password)).toBe(true);
  });

  it('are not without the condition, and the right one is taken after 50 (control)', async () => {
    const unguarded = withoutConditions(api.table, ({ sk }) => sk.startsWith('CODE#'));
    const { tries, after } = await race(unguarded);
    expect([tries, after]).toEqual([undefined, 200]);
    expect(unguarded.lifted).toBeGreaterThan(25);
  });
});

it('of twenty resets with one code at once, one sets its password', async () => {
  const code = await forgotten();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, nth) =>
      reset({ code, password: `horse number ${nth}`, from: `203.0.113.${nth}` }).then(({ status }) => ({
        nth,
        status,
      })),
    ),
  );
  const done = answers.filter(({ status }) => status === 200);
  expect(done).toHaveLength(1);
  expect(answers.filter(({ status }) => status === 409 || status === 400)).toHaveLength(19);
  expect(await canSignIn(`horse number ${done[0]?.nth}`)).toBe(true);
});

describe('a password', () => {
  it('is changed by who knows it, which ends the other sessions at the next request', async () => {
    const other = await signIn(api.http, minji);
    expect((await change()).status).toBe(200);
    expect(await statusOf(api.http, minji.token)).toBe(200);
    expect(await statusOf(api.http, other.token)).toBe(401);
    expect(await canSignIn(minji.password)).toBe(false);
    expect(await canSignIn(fresh)).toBe(true);
    expect((await change({ ...minji, password: fresh }, 'third horse 3')).status).toBe(200);
  });

  it('is not changed by a wrong one, which counts as a failed login, and does not end the session', async () => {
    for (let nth = 0; nth < 10; nth += 1) {
      const { status, body } = await change({ ...minji, password: 'wrong horse 1' });
      expect([status, body.code, body.error]).toEqual([400, 'VALIDATION_ERROR', 'the current password is wrong']);
    }
    for (const { status, body } of [await change(), await login(api.http, minji.email)]) {
      expect([status, body.code]).toEqual([429, 'RATE_LIMITED']);
    }
    expect(await statusOf(api.http, minji.token)).toBe(200);
  });

  it('that is right forgives the wrong ones before it', async () => {
    for (let nth = 0; nth < 9; nth += 1) await change({ ...minji, password: 'wrong horse 1' });
    expect((await change()).status).toBe(200);
    expect((await login(api.http, minji.email, 'wrong horse 1')).status).toBe(401);
    expect(await canSignIn(fresh)).toBe(true);
  });

  it('is set by one of twenty changes at once, and it is that one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, nth) =>
        change(minji, `horse number ${nth}`).then(({ status }) => ({ nth, status })),
      ),
    );
    const done = answers.filter(({ status }) => status === 200);
    expect(done).toHaveLength(1);
    expect(await canSignIn(`horse number ${done[0]?.nth}`)).toBe(true);
  });
});

describe('a sign-in that is under way while the password is replaced', () => {
  const meeting = async (replace: () => Promise<HttpAnswer>) => {
    const { http } = createIdentityApi(api.table, {
      like: api,
      accounts: {
        async signIn(...given) {
          const judged = await api.accounts.signIn(...given);
          expect((await replace()).status).toBe(200);
          return judged;
        },
      },
    });
    return login(http, minji.email, minji.password);
  };

  it('with the old password is refused, though Cognito took it', async () => {
    const code = await forgotten();
    const { status, body } = await meeting(() => reset({ code }));
    expect([status, body.code]).toEqual([401, 'UNAUTHORIZED']);
    const principal = await api.table.get({ pk: `PRINCIPAL#${minji.id}`, sk: 'PRINCIPAL' });
    expect(principal?.['ss']).toEqual({});
  });

  it('is not, without the condition: a session of the old password outlives the reset (control)', async () => {
    const code = await forgotten();
    const unguarded = withoutConditions(api.table, ({ sk }) => sk === 'PRINCIPAL');
    const whole = api;
    api = { ...api, table: unguarded };
    expect((await meeting(() => reset({ code, http: whole.http }))).status).toBe(200);
    api = whole;
    expect(unguarded.lifted).toBeGreaterThan(0);
  });
});

describe('a replacement that fails half way', () => {
  const down = () => Promise.reject(unavailable(5));
  const failingTable = (from: number): Table => {
    let nth = 0;
    return {
      ...api.table,
      async transact(writes, token) {
        nth += 1;
        if (nth >= from) throw unavailable(2);
        return api.table.transact(writes, token);
      },
    };
  };
  const isUntouched = async () => {
    expect(await statusOf(api.http, minji.token)).toBe(200);
    expect(await canSignIn(minji.password)).toBe(true);
  };

  it('of a reset, before or at Cognito, changes nothing, and the code stays good', async () => {
    const code = await forgotten();
    const broken = [createIdentityApi(failingTable(1), { like: api }).http, failingAt({ setPassword: down })];
    for (const http of broken) {
      expect((await reset({ code, http })).status).toBe(503);
      await isUntouched();
    }
    expect((await reset({ code })).status).toBe(200);
  });

  it('of a reset, after Cognito, is completed by sending it again', async () => {
    const code = await forgotten();
    const broken = createIdentityApi(failingTable(2), { like: api }).http;
    expect((await reset({ code, http: broken })).status).toBe(503);
    expect((await reset({ code })).status).toBe(200);
    expect(await statusOf(api.http, minji.token)).toBe(401);
    expect(await canSignIn(fresh)).toBe(true);
  });

  it('of a change, wherever, leaves the password and the sessions as they were', async () => {
    const broken = [
      failingAt({ signIn: down }),
      createIdentityApi(failingTable(1), { like: api }).http,
      failingAt({
        setPassword: (id, password) => (password === fresh ? down() : api.accounts.setPassword(id, password)),
      }),
      createIdentityApi(failingTable(2), { like: api }).http,
    ];
    for (const http of broken) {
      expect((await change(minji, fresh, { ...api, http })).status).toBe(503);
      await isUntouched();
    }
    expect((await change()).status).toBe(200);
  });

  it('of a lease that nobody gave back ends after half a minute', async () => {
    const code = await forgotten();
    const at = new Date(Date.now() + 30_000).toISOString();
    await api.table.write({
      update: { pk: `PRINCIPAL#${minji.id}`, sk: 'PRINCIPAL' },
      change: { text: 'SET #lease = :lease', values: { lease: `${at}#somebody` } },
    });
    for (const { status, body, headers } of [await reset({ code }), await change()]) {
      expect([status, body.code, body.error]).toEqual([
        409,
        'CONFLICT',
        'this password is being changed by another request',
      ]);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    api.advance(31_000);
    expect((await reset({ code })).status).toBe(200);
  });

  it('where Cognito does not follow with its own sessions is done all the same', async () => {
    const code = await forgotten();
    expect((await reset({ code, http: failingAt({ revokeAll: down }) })).status).toBe(200);
    const again = { ...minji, ...(await signIn(api.http, { ...minji, password: fresh })) };
    expect(
      (await change({ ...again, password: fresh }, 'third horse 3', { ...api, http: failingAt({ revoke: down }) }))
        .status,
    ).toBe(200);
  });
});
