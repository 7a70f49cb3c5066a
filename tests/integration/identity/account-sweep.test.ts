import { ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../../contracts/errors.ts';
import { createAccountList } from '../../../functions/identity/store/account-list.ts';
import { createCognitoAccounts } from '../../../functions/identity/store/cognito.ts';
import { createCognitoClient } from '../../../functions/identity/store/cognito-client.ts';
import { createUserStore } from '../../../functions/identity/store/user-store.ts';
import { leastRemovable, sweepAccounts } from '../../../functions/identity/use-cases/sweep-accounts.ts';
import { type Backend, startBackend } from '../../support/in-process-backend.ts';
import { register } from '../../support/people.ts';
import { addressOf, createIdentityApi, type IdentityApi, login, password } from './identity-api.ts';

const hourMs = 3_600_000;

let backend: Backend;
let api: IdentityApi;
let pool: { client: ReturnType<typeof createCognitoClient>; userPoolId: string; clientId: string };
beforeAll(async () => {
  backend = await startBackend();
  const { client, userPoolId, userPoolClientId: clientId } = backend;
  pool = { client: createCognitoClient(client), userPoolId, clientId };
});
afterAll(() => backend?.stop());
beforeEach(async () => {
  // Of the test before: its users are in another table.
  for (const id of await accountIds()) await createCognitoAccounts(pool).remove(id);
  const { table } = await backend.makeTable();
  api = createIdentityApi(table, { accounts: createCognitoAccounts(pool), verifyToken: backend.verifyToken });
});

async function accountIds(): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of createAccountList(pool).list()) ids.push(...page.map(({ userId }) => userId));
  return ids.toSorted();
}

/** As the function does it, at a time from now. */
const sweep = (
  ahead = 0,
  { remove = createCognitoAccounts(pool).remove, most }: { remove?: (id: string) => Promise<void>; most?: number } = {},
) =>
  sweepAccounts({
    accounts: { ...createAccountList(pool), remove },
    users: createUserStore(api.table),
    now: () => new Date(Date.now() + ahead),
  })(most);

/** A registration whose transaction gets no answer: SERVICE_UNAVAILABLE, and its account stays. */
async function failRegistration(): Promise<string> {
  const before = await accountIds();
  const broken = createIdentityApi(
    { ...api.table, transact: () => Promise.reject(unavailable(1)) },
    { accounts: createCognitoAccounts(pool), verifyToken: backend.verifyToken },
  );
  const { status } = await broken.http('POST', '/auth/register', {
    body: { username: 'unlucky', email: addressOf(), password },
  });
  expect(status).toBe(503);
  const added = (await accountIds()).filter((id) => !before.includes(id));
  expect(added).toHaveLength(1);
  return added[0] as string;
}

describe('an account of which no user came', () => {
  it('is removed once it is an hour old, and those of users are not', async () => {
    const minji = await register(api.http, 'minji');
    const orphan = await failRegistration();
    expect((await sweep(hourMs - 60_000)).removed).toEqual([]);
    expect(await accountIds()).toContain(orphan);
    expect(await sweep(hourMs + 60_000)).toEqual({ accounts: 2, removed: [orphan], missing: [] });
    expect(await accountIds()).toEqual([minji.id]);
    expect((await login(api.http, minji.email)).status).toBe(200);
  });

  it('is removed by the next sweep where one is cut off between listing and removing', async () => {
    const orphan = await failRegistration();
    let cuts = 0;
    const cut = () => {
      cuts += 1;
      return Promise.reject(new Error('cut off'));
    };
    await expect(sweep(2 * hourMs, { remove: cut })).rejects.toThrow('cut off');
    expect([cuts, await accountIds()]).toEqual([1, [orphan]]);
    const both = await Promise.all([sweep(2 * hourMs), sweep(2 * hourMs)]);
    expect(both.flatMap(({ removed }) => removed)).toContain(orphan);
    expect(await accountIds()).toEqual([]);
    expect((await sweep(2 * hourMs)).removed).toEqual([]);
  });

  it('stays without a sweep (control)', async () => {
    const orphan = await failRegistration();
    await register(api.http, 'minji');
    expect(await accountIds()).toContain(orphan);
  });
});

it('a user whose account is gone is told of, once an hour old', async () => {
  const minji = await register(api.http, 'minji');
  await createCognitoAccounts(pool).remove(minji.id);
  expect(await sweep(2 * hourMs)).toEqual({ accounts: 0, removed: [], missing: [minji.id] });
  expect((await sweep()).missing).toEqual([]);
});

it('a table that lost its users costs nobody the account', async () => {
  const accounts = createCognitoAccounts(pool);
  const ids = Array.from({ length: leastRemovable + 1 }, () => crypto.randomUUID());
  for (const id of ids) await accounts.create(id);
  await expect(sweep(2 * hourMs)).rejects.toThrow('101 of 101 have no user');
  expect(await accountIds()).toEqual(ids.toSorted());
  // Over several pages, as Cognito gives them out.
  const { PaginationToken } = await pool.client.send(new ListUsersCommand({ UserPoolId: pool.userPoolId, Limit: 60 }));
  expect(PaginationToken).toBeDefined();
});
