import { compareAccounts, type ListedAccount } from '../domain/sweep.ts';
import type { AccountList, AccountRecords, UserStore } from '../ports.ts';

/** What a sweep found and did. */
interface Swept {
  accounts: number;
  /** Accounts that no user came of, which are gone now. */
  removed: string[];
  /** Users who can't sign in until they reset their password. */
  missing: string[];
}

interface Sweep {
  accounts: AccountList & Pick<AccountRecords, 'remove'>;
  users: Pick<UserStore, 'list' | 'findMany'>;
  now: () => Date;
}

/** A day's failed registrations: these many at least, or one account of a hundred. More are rather a table that is not whole. */
export const leastRemovable = 100;
const mostRemovedOf = (accounts: number) => Math.max(leastRemovable, Math.floor(accounts / 100));

/** Users that are read a trip. */
const mostRead = 1_000;

/**
 * Removes accounts that no user came of: their registration ended between Cognito and the table. Each is looked for once more, strongly consistent,
 * before it goes; a sweep that is cut off or runs twice leaves nothing that the next one does not find. Throws, and removes none, where there are more
 * than `most`, a hundred or the hundredth part unless given: they can't be brought back, and a table that is empty or being restored looks the same.
 */
export const sweepAccounts =
  ({ accounts, users, now }: Sweep) =>
  async (most?: number): Promise<Swept> => {
    const began = now();
    const listed: ListedAccount[] = [];
    for await (const page of accounts.list()) listed.push(...page);
    const known: { id: string; created_at: string }[] = [];
    for await (const { entries } of users.list({ field: 'email', direction: 'asc' }, undefined, mostRead)) {
      known.push(...entries.map(({ user: { id, created_at } }) => ({ id, created_at })));
    }

    const found = compareAccounts({ accounts: listed, users: known, now: began });
    const present = async (ids: readonly string[]) => new Set((await users.findMany(ids)).map(({ id }) => id));
    const stillMissing = await present(found.missing);
    const missing = found.missing.filter((id) => stillMissing.has(id));
    if (found.orphans.length > (most ?? mostRemovedOf(listed.length))) {
      throw new Error(`cannot sweep accounts: ${found.orphans.length} of ${listed.length} have no user`);
    }
    const haveUser = await present(found.orphans);
    const removed = found.orphans.filter((id) => !haveUser.has(id));
    for (const id of removed) await accounts.remove(id);
    return { accounts: listed.length, removed, missing };
  };
