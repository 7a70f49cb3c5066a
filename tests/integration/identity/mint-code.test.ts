import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CodePurpose } from '../../../contracts/internal-events.ts';
import { isCode } from '../../../functions/identity/domain/code.ts';
import { mintCode } from '../../../functions/identity/index.ts';
import { createCodeStore } from '../../../functions/identity/store/code-store.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { createIdentityApi, type IdentityApi } from './identity-api.ts';

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

const now = () => new Date();
const codeOf = async (purpose: CodePurpose = 'verify_email') => {
  const {
    codes: [code],
  } = await createCodeStore(api.table).load(minji.id, [purpose]);
  if (code === undefined) throw new Error('no code was asked for');
  return code;
};
const mint = async (given: { nonce?: string; now?: Date } = {}) =>
  mintCode(api.table, {
    user_id: minji.id,
    purpose: 'verify_email',
    nonce: given.nonce ?? (await codeOf()).nonce,
    now: given.now ?? now(),
  });

describe('the code of one who has registered', () => {
  it('is made for its mail, with all that the mail says', async () => {
    expect(await mint()).toEqual({
      code: expect.stringMatching(/^\w{4}-\w{4}-\w{4}$/),
      email: minji.email,
      name: 'minji',
      language: 'en',
      expiresAt: expect.stringMatching(/Z$/),
    });
  });

  it('is kept as a hash alone', async () => {
    const { code = '' } = (await mint()) ?? {};
    const kept = JSON.stringify(await codeOf(), (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    expect(kept).not.toContain(code);
    expect(kept).not.toContain(code.replaceAll('-', ''));
    expect(kept).not.toContain(minji.email);
    expect(isCode(await codeOf(), code, minji.email, now())).toBe(true);
  });

  it('is another each time that its mail is sent: the last one counts, and tries stay', async () => {
    const first = await mint();
    const second = await mint();
    const code = await codeOf();
    expect(isCode(code, second?.code ?? '', minji.email, now())).toBe(true);
    expect(isCode(code, first?.code ?? '', minji.email, now())).toBe(false);
  });

  it('is in the language that was spoken when it was asked for', async () => {
    const person = await api.http('POST', '/auth/register', {
      body: { name: '민지', email: 'korean@example.com', password: 'correct horse 1' },
      headers: { 'accept-language': 'ko' },
    });
    minji = { ...minji, id: person.body.data.user.id };
    expect(await mint()).toMatchObject({ language: 'ko', name: '민지' });
  });
});

describe('no code is made', () => {
  it('for another wish than the last', async () => {
    expect(await mint({ nonce: 'another' })).toBeUndefined();
    expect(await codeOf()).not.toHaveProperty('hash');
  });

  it('for a wish that waited longer than its code would live', async () => {
    expect(await mint({ now: new Date(Date.now() + 25 * 3_600_000) })).toBeUndefined();
  });

  it('for a disabled user, or one who is gone', async () => {
    const { nonce } = await codeOf();
    await api.http('PUT', `/users/${minji.id}`, { token: admin.token, body: { is_active: false } });
    expect(await mint()).toBeUndefined();
    await api.http('DELETE', `/users/${minji.id}`, { token: admin.token });
    expect(await mint({ nonce })).toBeUndefined();
  });

  it('where the wish is superseded between reading and writing', async () => {
    const before = await codeOf();
    const { nonce } = before;
    const table: typeof api.table = {
      ...api.table,
      async write(...given) {
        const { ask } = createCodeStore(api.table);
        await api.table.transact([ask({ ...before, nonce: 'later' }, before)]);
        return api.table.write(...given);
      },
    };
    expect(await mintCode(table, { user_id: minji.id, purpose: 'verify_email', nonce, now: now() })).toBeUndefined();
    expect(await codeOf()).toMatchObject({ nonce: 'later' });
    expect(await codeOf()).not.toHaveProperty('hash');
  });
});
