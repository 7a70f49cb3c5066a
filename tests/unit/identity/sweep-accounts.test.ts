import { describe, expect, it } from 'vitest';
import type { ListedAccount } from '../../../functions/identity/domain/sweep.ts';
import { newUser, type User } from '../../../functions/identity/domain/user.ts';
import { leastRemovable, sweepAccounts } from '../../../functions/identity/use-cases/sweep-accounts.ts';

const now = new Date('2026-03-01T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

/** A pool of two accounts a page, and a table of one user a piece. */
function scene(accounts: ListedAccount[], users: User[]) {
  const pool = new Map(accounts.map((account) => [account.userId, account]));
  const table = new Map(users.map((user) => [user.id, user]));
  const refusing = new Set<string>();
  const sweep = sweepAccounts({
    now: () => now,
    accounts: {
      async *list() {
        const all = [...pool.values()];
        for (let at = 0; at < all.length; at += 2) yield all.slice(at, at + 2);
      },
      async remove(userId) {
        if (refusing.delete(userId)) throw new Error('Cognito does not answer');
        pool.delete(userId);
      },
    },
    users: {
      async *list() {
        for (const user of [...table.values()])
          yield { entries: [{ position: user.email, user }], reached: user.email };
      },
      findMany: async (ids) => ids.flatMap((id) => table.get(id) ?? []),
    },
  });
  return { sweep, pool, table, refusing };
}

const account = (userId: string, minutes = 120): ListedAccount => ({ userId, madeAt: minutesAgo(minutes) });
const user = (id: string, minutes = 120): User =>
  newUser({ id, email: `${id}@example.com`, name: id, username: undefined, role: 'user', now: minutesAgo(minutes) });

describe('a sweep of accounts', () => {
  it('removes those that no user came of, and leaves those of users', async () => {
    const { sweep, pool } = scene(
      [account('a'), account('orphan'), account('b'), account('c')],
      ['a', 'b', 'c'].map((id) => user(id)),
    );
    expect(await sweep()).toEqual({ accounts: 4, removed: ['orphan'], missing: [] });
    expect([...pool.keys()]).toEqual(['a', 'b', 'c']);
  });

  it('leaves one whose registration may be under way: made within the hour', async () => {
    const { sweep, pool } = scene([account('young', 60), account('old', 61)], []);
    expect((await sweep()).removed).toEqual(['old']);
    expect([...pool.keys()]).toEqual(['young']);
  });

  it('leaves one whose user the list did not show yet', async () => {
    const { sweep, pool, table } = scene([account('a')], []);
    const { values } = table;
    table.values = () => new Map<string, User>().values();
    table.set('a', user('a'));
    expect((await sweep()).removed).toEqual([]);
    table.values = values;
    expect([...pool.keys()]).toEqual(['a']);
  });

  it('tells of users who have no account, but not of one who has just registered', async () => {
    const { sweep } = scene([account('a')], [user('a'), user('lost'), user('new', 5)]);
    expect(await sweep()).toEqual({ accounts: 1, removed: [], missing: ['lost'] });
  });

  it('does the rest the next time where one removal failed', async () => {
    const { sweep, pool, refusing } = scene(
      ['a', 'b', 'c'].map((id) => account(id)),
      [],
    );
    refusing.add('b');
    await expect(sweep()).rejects.toThrow('Cognito does not answer');
    expect(refusing.size).toBe(0);
    await sweep();
    expect(pool.size).toBe(0);
  });

  it('removes none where there are more than its limit, until a person raises that', async () => {
    const ids = Array.from({ length: leastRemovable + 1 }, (_, at) => `orphan-${at}`);
    const { sweep, pool } = scene(
      ids.map((id) => account(id)),
      [],
    );
    await expect(sweep()).rejects.toThrow('cannot sweep accounts: 101 of 101 have no user');
    expect(pool.size).toBe(101);
    expect((await sweep(101)).removed).toHaveLength(101);
  });

  it('removes one account of a hundred where these are more than that, and none past it', async () => {
    const made = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}-${at}`);
    const users = made('user', 10_999).map((id) => user(id));
    const sceneOf = (orphans: number) =>
      scene(
        [...users.map(({ id }) => id), ...made('orphan', orphans)].map((id) => account(id)),
        users,
      );
    expect((await sceneOf(111).sweep()).removed).toHaveLength(111);
    await expect(sceneOf(113).sweep()).rejects.toThrow('cannot sweep accounts: 113 of 11112 have no user');
  });
});
