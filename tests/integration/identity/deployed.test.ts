import { describe, expect, inject, it } from 'vitest';
import { createHttp } from '../../support/http-client.ts';
import { register } from '../../support/people.ts';
import { addressOf, login, password, refresh, statusOf } from './identity-api.ts';

const stack = inject('stack');
const http = createHttp(stack.base_url);

// The rules are tested beside this, in-process; here it is that the deployed function has what it needs to keep them.
describe('the deployed function', () => {
  it('registers, signs in, refreshes and signs out', async () => {
    const minji = await register(http, 'minji');
    const { body } = await login(http, minji.email.toUpperCase());
    expect(body.data.user).toMatchObject({ id: minji.id, role: 'user' });
    const next = await refresh(http, body.data.refresh_token);
    expect(next.status).toBe(200);
    expect(await statusOf(http, next.body.data.token)).toBe(200);
    expect((await http('POST', '/auth/logout', { token: next.body.data.token })).status).toBe(200);
    expect(await statusOf(http, next.body.data.token)).toBe(401);
    expect((await refresh(http, next.body.data.refresh_token)).status).toBe(401);
    expect((await http('POST', '/auth/logout', { token: minji.token, body: { everywhere: true } })).status).toBe(200);
    expect(await statusOf(http, minji.token)).toBe(401);
  });

  it('gives tokens that Cognito itself takes for nothing', async () => {
    const minji = await register(http, 'minji');
    const { body } = await login(http, minji.email);
    const next = await refresh(http, body.data.refresh_token);
    for (const token of [minji.token, body.data.token, next.body.data.token]) {
      const claims = JSON.parse(Buffer.from(String(token.split('.')[1]), 'base64url').toString('utf8'));
      expect(claims).toMatchObject({ token_use: 'access', username: minji.id });
      expect(claims.scope ?? '').toBe('');
    }
  });

  it('takes the OAuth2 password form', async () => {
    const minji = await register(http, 'minji');
    const { status, body } = await http('POST', '/auth/login', {
      body: new URLSearchParams({ grant_type: 'password', username: minji.email, password }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect([status, body.token_type]).toEqual([200, 'bearer']);
    expect(await statusOf(http, body.access_token)).toBe(200);
  });

  it('reads, changes and deletes users', async () => {
    const minji = await register(http, 'minji');
    const email = addressOf('moved');
    const path = `/users/${minji.id}`;
    expect((await http('PUT', path, { token: minji.token, body: { email, name: '김 민지' } })).status).toBe(200);
    expect((await http('PUT', path, { token: stack.admin.token, body: { role: 'viewer' } })).status).toBe(200);
    const read = await http('GET', path, { token: minji.token });
    expect([read.headers.get('etag'), read.body.data.role, read.body.data.name]).toEqual(['"3"', 'viewer', '김 민지']);
    expect((await http('DELETE', path, { token: minji.token })).status).toBe(200);
    expect((await login(http, email)).status).toBe(401);
    expect((await http('GET', path, { token: stack.admin.token })).status).toBe(404);
  });

  it('made who came first the admin', async () => {
    const { body } = await http('GET', '/auth/me', { token: stack.admin.token });
    expect(body.data).toMatchObject({ role: 'admin', email: stack.admin.email });
  });
});
