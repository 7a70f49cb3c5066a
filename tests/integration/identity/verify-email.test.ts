import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { addressOf, createIdentityApi, type IdentityApi } from './identity-api.ts';
import { mailOf, wishOf } from './mailbox.ts';
import { withoutConditions } from './unguarded-table.ts';

let backend: Backend;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend?.stop());

let api: IdentityApi;
let admin: Person;
let minji: Person;
beforeEach(async () => {
  api = createIdentityApi((await backend.makeTable()).table);
  admin = await register(api.http, 'admin');
  minji = await register(api.http, 'minji');
});

const verify = (code: string, person = minji, { http } = api) =>
  http('POST', '/auth/verify-email', { token: person.token, body: { code } });
const resend = () => api.http('POST', '/auth/verify-email/resend', { token: minji.token });
const changeAddress = (email: string) => api.http('PUT', `/users/${minji.id}`, { token: minji.token, body: { email } });
const codeFor = async (userId = minji.id) => (await mailOf(api.table, userId, 'verify_email')).code;
const me = async (person = minji) => (await api.http('GET', '/auth/me', { token: person.token })).body.data;

describe('an address', () => {
  it('is verified by its code, and stays so, whatever is shown later', async () => {
    expect((await me()).email_verified).toBe(false);
    const { status, body } = await verify(await codeFor());
    expect([status, body.data.email_verified]).toEqual([200, true]);
    expect((await me()).email_verified).toBe(true);
    expect((await verify('0000-0000-0000')).status).toBe(200);
    expect(await wishOf(api.table, minji.id, 'verify_email')).toBeUndefined();
    const { body: got } = await resend();
    expect([got.code, got.error]).toEqual(['CONFLICT', 'this e-mail address is verified already']);
  });

  it('is not verified by what no code is, the code of another, or one that has ended', async () => {
    const other = await codeFor(admin.id);
    for (const code of ['0000-0000-0000', 'nonsense', other]) {
      const { status, body } = await verify(code);
      expect([status, body.code, body.error]).toEqual([400, 'VALIDATION_ERROR', 'the code is wrong or has ended']);
    }
    const late = await mailOf(api.table, minji.id, 'verify_email', new Date(Date.now() - 24 * 3_600_000));
    expect((await verify(late.code)).status).toBe(400);
    expect((await me()).email_verified).toBe(false);
  });

  it('is verified by the last of its codes alone', async () => {
    const first = await codeFor();
    expect((await resend()).status).toBe(200);
    expect((await verify(first)).status).toBe(400);
    expect((await verify(await codeFor())).status).toBe(200);
  });

  it('that is changed is unverified again, and mailed a code of its own', async () => {
    await verify(await codeFor());
    const email = addressOf('moved');
    expect((await changeAddress(email)).body.data.email_verified).toBe(false);
    expect((await mailOf(api.table, minji.id, 'verify_email')).email).toBe(email);
    expect((await verify(await codeFor())).body.data).toMatchObject({ email, email_verified: true });
  });

  it('is not verified by a code of the address before it, even one whose mail is still on its way', async () => {
    const before = await wishOf(api.table, minji.id, 'verify_email');
    const early = await codeFor();
    await changeAddress(addressOf('moved'));
    expect((await wishOf(api.table, minji.id, 'verify_email'))?.nonce).not.toBe(before?.nonce);
    expect((await verify(early)).status).toBe(400);
    // The item of the earlier wish, put back as a slow writer would: its hash is of the earlier address.
    const late = await mailOf(api.table, minji.id, 'verify_email');
    await changeAddress(addressOf('moved-on'));
    const now = await wishOf(api.table, minji.id, 'verify_email');
    expect(now).not.toHaveProperty('hash');
    expect((await verify(late.code)).status).toBe(400);
    expect((await me()).email_verified).toBe(false);
  });

  it('is mailed five codes an hour, whether they are sent again or follow a change of it', async () => {
    for (const _ of [2, 3]) expect((await resend()).status).toBe(200);
    for (const nth of [4, 5]) expect((await changeAddress(addressOf(`nth-${nth}`))).status).toBe(200);
    const { email } = await me();
    for (const { status, body, headers } of [await resend(), await changeAddress(addressOf('sixth'))]) {
      expect([status, body.code]).toEqual([429, 'RATE_LIMITED']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    expect((await me()).email).toBe(email);
  });

  it('is free, or taken, as who asks before registering is told', async () => {
    const check = (email: string) => api.http('GET', `/auth/check-email?email=${encodeURIComponent(email)}`);
    expect((await check(minji.email.toUpperCase())).body.data).toEqual({ available: false });
    expect((await check(addressOf('free'))).body.data).toEqual({ available: true });
    expect((await check('nonsense')).status).toBe(400);
  });
});

describe('wrong codes', () => {
  const race = async (table: IdentityApi['table']) => {
    const code = await codeFor();
    const { http } = createIdentityApi(table, { like: api });
    await Promise.all(Array.from({ length: 50 }, () => verify('0000-0000-0000', minji, { ...api, http })));
    return { tries: (await wishOf(api.table, minji.id, 'verify_email'))?.tries, code, http };
  };

  it('are counted exactly of 50 at once, and after 25 the right one is none', async () => {
    const { tries, code } = await race(api.table);
    expect(tries).toBe(25);
    expect((await verify(code)).status).toBe(400);
    await resend();
    expect((await verify(await codeFor())).status).toBe(200);
  });

  it('are not without the condition, and the right one is taken after 50 (control)', async () => {
    const unguarded = withoutConditions(api.table, ({ sk }) => sk.startsWith('CODE#'));
    const { tries, code, http } = await race(unguarded);
    expect(tries).toBeGreaterThan(25);
    expect(unguarded.lifted).toBe(tries);
    expect((await verify(code, minji, { ...api, http })).status).toBe(200);
  });
});

it('one code verifies once, of twenty at once, and all twenty hear that the address is verified', async () => {
  const code = await codeFor();
  const answers = await Promise.all(Array.from({ length: 20 }, () => verify(code)));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  const user = await api.table.get({ pk: `USER#${minji.id}`, sk: 'USER' });
  expect(user?.['version']).toBe(2);
});

describe('where the stage names the first admin', () => {
  const adminEmail = addressOf('boss');
  const roles = async (people: Person[]) => Promise.all(people.map(async (person) => (await me(person)).role));

  beforeEach(async () => {
    api = createIdentityApi((await backend.makeTable()).table, { adminEmail });
  });

  it('who registers with that address is a user until it is verified, and then the admin from the next request on', async () => {
    const boss = await register(api.http, 'boss', adminEmail);
    expect(await roles([boss])).toEqual(['user']);
    expect((await verify(await codeFor(boss.id), boss)).body.data.role).toBe('admin');
    expect(await roles([boss])).toEqual(['admin']);
    expect((await api.http('GET', `/users/${boss.id}`, { token: boss.token })).status).toBe(200);
    const admins = await api.table.get({ pk: 'SYSTEM', sk: 'ADMINS' });
    expect(admins?.['ids']).toEqual(new Set([boss.id]));
  });

  it('nobody else becomes admin by verifying an address', async () => {
    const other = await register(api.http, 'other');
    expect((await verify(await codeFor(other.id), other)).body.data).toMatchObject({
      role: 'user',
      email_verified: true,
    });
  });

  it('there is one, though the address is verified by one user after another', async () => {
    const boss = await register(api.http, 'boss', adminEmail);
    await verify(await codeFor(boss.id), boss);
    const second = await register(api.http, 'second');
    const admins = await api.table.get({ pk: 'SYSTEM', sk: 'ADMINS' });
    expect(
      (await api.http('PUT', `/users/${boss.id}`, { token: boss.token, body: { email: addressOf() } })).status,
    ).toBe(200);
    minji = second;
    expect((await changeAddress(adminEmail)).status).toBe(200);
    expect((await verify(await codeFor(second.id), second)).body.data).toMatchObject({
      role: 'user',
      email_verified: true,
    });
    expect(await api.table.get({ pk: 'SYSTEM', sk: 'ADMINS' })).toEqual(admins);
  });

  it('becomes it by a reset of the password, too, which proves the address as well', async () => {
    const boss = await register(api.http, 'boss', adminEmail);
    await api.http('POST', '/auth/password/forgot', { body: { email: adminEmail } });
    const { code } = await mailOf(api.table, boss.id, 'reset_password');
    const body = { email: adminEmail, code, new_password: 'other horse 2' };
    expect((await api.http('POST', '/auth/password/reset', { body })).status).toBe(200);
    const { body: session } = await api.http('POST', '/auth/login', {
      body: { email: adminEmail, password: 'other horse 2' },
    });
    expect(session.data.user).toMatchObject({ role: 'admin', email_verified: true });
    const principal = await api.table.get({ pk: `PRINCIPAL#${boss.id}`, sk: 'PRINCIPAL' });
    expect(principal?.['role']).toBe('admin');
  });
});

it('twenty resends at once mail no more than the hour allows', async () => {
  const before = await wishOf(api.table, minji.id, 'verify_email');
  const answers = await Promise.all(Array.from({ length: 20 }, resend));
  const after = await wishOf(api.table, minji.id, 'verify_email');
  expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
  expect((after?.asked ?? 0) - (before?.asked ?? 0)).toBeGreaterThan(0);
  expect(after?.asked).toBeLessThanOrEqual(5);
});
