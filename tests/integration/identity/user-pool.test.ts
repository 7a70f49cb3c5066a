import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  GetTokensFromRefreshTokenCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCognitoAccounts } from '../../../functions/identity/store/cognito.ts';
import { createCognitoClient } from '../../../functions/identity/store/cognito-client.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { type Person, register } from '../../support/people.ts';
import { createIdentityApi, type IdentityApi, login, password, refresh, statusOf } from './identity-api.ts';

let backend: Backend;
let cognito: CognitoIdentityProviderClient;
let api: IdentityApi;
let minji: Person;
beforeAll(async () => {
  backend = await startBackend();
  cognito = new CognitoIdentityProviderClient(backend.client);
});
afterAll(() => backend?.stop());
beforeEach(async () => {
  const { client, userPoolId, userPoolClientId: clientId, verifyToken } = backend;
  const accounts = createCognitoAccounts({ client: createCognitoClient(client), userPoolId, clientId });
  api = createIdentityApi((await backend.makeTable()).table, { accounts, verifyToken });
  await register(api.http, 'admin');
  minji = await register(api.http, 'minji');
});

const find = (Username: string) => cognito.send(new AdminGetUserCommand({ UserPoolId: backend.userPoolId, Username }));
const cognitoPart = (refreshToken: string) => refreshToken.split('.').slice(3).join('.');
const refreshAtCognito = (RefreshToken: string) =>
  cognito.send(new GetTokensFromRefreshTokenCommand({ RefreshToken, ClientId: backend.userPoolClientId }));

describe('with a user pool', () => {
  it('a user is an account under our id, confirmed, of which Cognito knows nothing else', async () => {
    const { Username, UserStatus, UserAttributes } = await find(minji.id);
    expect([Username, UserStatus]).toEqual([minji.id, 'CONFIRMED']);
    expect(UserAttributes?.map(({ Name }) => Name)).toEqual(['sub']);
  });

  it('a session begins, goes on by refreshes, and ends', async () => {
    const { body } = await login(api.http, minji.email);
    expect(await statusOf(api.http, body.data.token)).toBe(200);
    const next = await refresh(api.http, body.data.refresh_token);
    expect(next.status).toBe(200);
    expect(await statusOf(api.http, next.body.data.token)).toBe(200);
    const again = await refresh(api.http, body.data.refresh_token);
    expect(again.body.data.refresh_token).toBe(next.body.data.refresh_token);
    expect((await refresh(api.http, next.body.data.refresh_token)).status).toBe(200);

    await refreshAtCognito(cognitoPart(body.data.refresh_token));
    const ended = { token: next.body.data.token, body: { refresh_token: next.body.data.refresh_token } };
    expect((await api.http('POST', '/auth/logout', ended)).status).toBe(200);
    expect(await statusOf(api.http, next.body.data.token)).toBe(401);
    await expect(refreshAtCognito(cognitoPart(body.data.refresh_token))).rejects.toMatchObject({
      name: 'NotAuthorizedException',
    });
    expect(await statusOf(api.http, minji.token)).toBe(200);
  });

  it('a wrong password and an unknown address are refused in one sentence', async () => {
    const answers = [
      await login(api.http, minji.email, 'wrong horse 1'),
      await login(api.http, 'nobody@example.com', password),
    ];
    expect(answers.map(({ status, body }) => [status, body.error])).toEqual(
      Array(2).fill([401, 'wrong e-mail address or password']),
    );
  });

  it('a refused registration leaves no account behind', async () => {
    const count = async () =>
      (await cognito.send(new ListUsersCommand({ UserPoolId: backend.userPoolId }))).Users?.length;
    const before = await count();
    const email = `many-${crypto.randomUUID()}@example.com`;
    const body = { username: 'many', email, password };
    const answers = await Promise.all(Array.from({ length: 8 }, () => api.http('POST', '/auth/register', { body })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await count()).toBe((before ?? 0) + 1);
  });

  it('a deleted user has no account any more', async () => {
    expect((await api.http('DELETE', `/users/${minji.id}`, { token: minji.token })).status).toBe(200);
    await expect(find(minji.id)).rejects.toMatchObject({ name: 'UserNotFoundException' });
  });
});
