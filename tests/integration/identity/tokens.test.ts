import { FetchError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTokenVerifier } from '../../../functions/platform/auth/verify-token.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { forgeTokens } from '../../unit/identity/forged-tokens.ts';
import { createIdentityApi, type IdentityApi, login, refresh } from './identity-api.ts';

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

const me = (headers: Record<string, string>) => api.http('GET', '/auth/me', { headers });
const withToken = (token: string) => me({ authorization: `Bearer ${token}` });
const sessionOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).origin_jti;

describe('a token that is bad', () => {
  it('is UNAUTHORIZED in one sentence, whatever is wrong with it, and the good one it was made from is not', async () => {
    const { good = '', ...bad } = forgeTokens(api.issuer, minji.id, sessionOf(minji.token));
    expect((await withToken(good)).status).toBe(200);
    expect(Object.keys(bad).length).toBeGreaterThanOrEqual(40);
    for (const [what, token] of Object.entries(bad)) {
      const { status, body } = await withToken(token);
      expect([status, body.code, body.error], what).toEqual([
        401,
        'UNAUTHORIZED',
        'a valid token or API key is required',
      ]);
      expect(body.data, what).toEqual({});
    }
    expect((await withToken(good)).status).toBe(200);
  });

  it('is none in another header or under another scheme', async () => {
    const refused = [
      {},
      { authorization: '' },
      { authorization: 'Bearer' },
      { authorization: 'Bearer ' },
      { authorization: minji.token },
      { authorization: `Basic ${minji.token}` },
      { authorization: `Bearer ${minji.token} ${minji.token}` },
      { authorization: `Bearer ${minji.token}, Bearer ${minji.token}` },
      { 'x-api-key': minji.token },
      { cookie: `token=${minji.token}` },
      { authorization: `Bearer ${minji.refreshToken}` },
    ];
    for (const headers of refused)
      expect((await me(headers as Record<string, string>)).status, JSON.stringify(headers)).toBe(401);
    expect((await me({ authorization: `bearer ${minji.token}` })).status).toBe(200);
  });

  it('of one user with the session of another is neither', async () => {
    const { issuer } = api;
    const mixed = [
      issuer.claimsOf(minji.id, sessionOf(admin.token)),
      issuer.claimsOf(admin.id, sessionOf(minji.token)),
      issuer.claimsOf(minji.id, sessionOf(minji.token), { uid: admin.id }),
    ];
    for (const claims of mixed) expect((await withToken(issuer.sign(claims))).status).toBe(401);
  });
});

describe('the limit of the anonymous', () => {
  const tight = () => createIdentityApi(api.table, { like: api, limits: { anonymous: 2 } });
  const claims = (changes = {}) => api.issuer.claimsOf(minji.id, sessionOf(minji.token), changes);
  const statuses = async (headers: Record<string, string>) => {
    const { http } = tight();
    const seen: number[] = [];
    for (let nth = 0; nth < 4; nth += 1) seen.push((await http('GET', '/auth/me', { headers })).status);
    return seen;
  };
  const expired = { exp: Math.floor(Date.now() / 1_000) - 60 };

  it('is not used up by tokens that have expired, of which an office full of clients shows many', async () => {
    expect(await statuses({ authorization: `Bearer ${api.issuer.sign(claims(expired))}` })).toEqual(Array(4).fill(401));
  });

  it('holds for those that only say so: another key signed them, or none', async () => {
    const forged = api.issuer.sign(claims(expired), {}, 'foreign');
    expect(await statuses({ authorization: `Bearer ${forged}` })).toEqual([401, 401, 429, 429]);
  });

  it('holds for requests that show a token and a key', async () => {
    const headers = { authorization: `Bearer ${minji.token}`, 'x-api-key': 'sk_any' };
    expect(await statuses(headers)).toEqual([400, 400, 429, 429]);
  });
});

describe('a token that was good', () => {
  const ends: Record<string, () => Promise<unknown>> = {
    'its logout': () => api.http('POST', '/auth/logout', { token: minji.token }),
    'a logout everywhere from another session': async () => {
      const other = await login(api.http, minji.email);
      await api.http('POST', '/auth/logout', { token: other.body.data.token, body: { everywhere: true } });
    },
    'disabling its user': () =>
      api.http('PUT', `/users/${minji.id}`, { token: admin.token, body: { is_active: false } }),
    'deleting its user': () => api.http('DELETE', `/users/${minji.id}`, { token: admin.token }),
    'its refresh token used again': async () => {
      await refresh(api.http, minji.refreshToken);
      api.advance(31_000);
      await refresh(api.http, minji.refreshToken);
    },
    'ten younger sessions': async () => {
      api.advance(60_000);
      for (let at = 0; at < 10; at += 1) await login(api.http, minji.email);
    },
  };

  for (const [what, end] of Object.entries(ends)) {
    it(`is UNAUTHORIZED at the next request after ${what}`, async () => {
      expect((await withToken(minji.token)).status).toBe(200);
      await end();
      const { status, body } = await withToken(minji.token);
      expect([status, body.code]).toEqual([401, 'UNAUTHORIZED']);
    });
  }
});

it('a token that can not be judged, for the keys are not to be had, is SERVICE_UNAVAILABLE', async () => {
  const jwksCache = new SimpleJwksCache({
    fetcher: { fetch: (uri) => Promise.reject(new FetchError(uri, 'no network')) },
  });
  const verify = createTokenVerifier(api.issuer.pool, jwksCache);
  await expect(verify(minji.token)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
});
